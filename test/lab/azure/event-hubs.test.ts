import { expect, test, vi } from 'vitest'
import { openAzure } from './open.ts'

const hub = 'evhns-ops/alerts'

test('a hub keeps what is put into it, in order, with numbers from 1 on', async () => {
  const { lab } = await openAzure()
  expect(await lab('GET', 'eventhubs/alerts')).toEqual([])
  await lab('POST', `eventhubs/${hub}`, [{ n: 1 }, 'two'])
  await lab('POST', 'eventhubs/Alerts', ['three'])
  const events = await lab('GET', 'eventhubs/alerts?since=0')
  expect(events).toMatchObject([
    { hub: 'alerts', number: 1, body: '{"n":1}' },
    { number: 2, body: 'two' },
    { number: 3, body: 'three' },
  ])
  expect(await lab('GET', `eventhubs/${hub}?since=1&most=1`)).toEqual([events[1]])
  expect(await lab('GET', 'eventhubs/gateway-log')).toEqual([])
  await expect(lab('POST', 'eventhubs/nowhere', ['x'])).rejects.toThrow(/404.*nowhere/)
  await expect(lab('POST', 'eventhubs/alerts', { n: 1 })).rejects.toThrow(/400/)
})

test('the clock tells a listening host of news, and stands until they are fetched', async () => {
  const { lab } = await openAzure()
  const now = async () => Date.parse((await lab('GET', 'clock')).now)
  const until = (await now()) + 3_600_000
  const idle = (fetched: number) =>
    lab('POST', 'clock/idle', { host: 'host-1', until, events: { [hub]: fetched } })
  await lab('POST', `eventhubs/${hub}`, ['a', 'b'])
  expect(await idle(0)).toMatchObject({ events: { [hub]: 2 } })
  expect(await idle(1)).toMatchObject({ events: { [hub]: 2 } })
  expect(await now()).toBeLessThan(until - 3_000_000)
  const busy = { host: 'host-1', busy: true, events: { [hub]: 0 } }
  expect(await lab('POST', 'clock/idle', busy)).toMatchObject({ events: { [hub]: 2 } })
  expect(await idle(2)).toMatchObject({ events: { [hub]: 2 } })
  expect(await now()).toBeGreaterThanOrEqual(until)
})

test('an advance is over only when what came by its end was fetched', async () => {
  const { lab, advance } = await openAzure()
  const idle = (fetched: number) =>
    lab('POST', 'clock/idle', { host: 'host-1', until: null, events: { [hub]: fetched } })
  await idle(0)
  await lab('POST', `eventhubs/${hub}`, ['a'])
  let isOver = false
  const advancing = advance(60).then(() => {
    isOver = true
  })
  // The question of a host that listens and has not fetched moves nothing, however often it is asked.
  for (let times = 0; times < 5; times++) await idle(0)
  expect(isOver).toBe(false)
  await vi.waitFor(async () => {
    await idle(1)
    expect(isOver).toBe(true)
  })
  await advancing
})
