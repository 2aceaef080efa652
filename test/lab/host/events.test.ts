import { beforeEach, expect, test, vi } from 'vitest'
import { generousClock } from './generous-clock.ts'
import { openHost } from './open-host.ts'

interface Seen {
  name: string
  value: unknown
  metadata: Record<string, unknown>
  retry: number
}

beforeEach(() => {
  vi.stubEnv('ALERTS_HUB', 'alerts')
  return () => vi.unstubAllEnvs()
})

async function openEvents() {
  const keeper = generousClock()
  const host = await openHost('events', { keeper })
  return {
    ...host,
    publish: (hub: string, events: unknown) =>
      host.get(`/_lab/eventhubs/${hub}`, { method: 'POST', body: JSON.stringify(events) }),
    /** Once everything due has been done. */
    async seen(name: string): Promise<Seen[]> {
      await keeper.advance(120_000)
      return (await host.json<Seen[]>('/seen')).filter((one) => one.name === name)
    },
  }
}

test('every function on the hub gets the events, in order: batches for many, one by one for one', async () => {
  const { publish, seen } = await openEvents()
  expect((await publish('Alerts', [{ n: 1 }, 'two', { n: 3 }, { n: 4 }])).status).toBe(202)
  expect((await seen('alerts')).map(({ value }) => value)).toEqual([[{ n: 1 }, 'two', { n: 3 }], [{ n: 4 }]])
  expect((await seen('each')).map(({ value }) => value)).toEqual([{ n: 1 }, 'two', { n: 3 }, { n: 4 }])
  expect(await seen('other')).toEqual([])
})

test('metadata tells where the events stand', async () => {
  const { publish, seen } = await openEvents()
  await publish('alerts', ['a', 'b'])
  const [batch] = await seen('alerts')
  expect(batch?.metadata).toMatchObject({
    partitionContext: { eventHubName: 'alerts', consumerGroup: '$Default', partitionId: '0' },
    sequenceNumberArray: [1, 2],
    offsetArray: [64, 128],
    propertiesArray: [{}, {}],
  })
  const [first, second] = await seen('each')
  expect([first?.metadata['sequenceNumber'], second?.metadata['sequenceNumber']]).toEqual([1, 2])
})

test('a batch that fails is tried again as its retry says, and then passed by', async () => {
  const { publish, seen } = await openEvents()
  const wallStart = performance.now()
  await publish('alerts', ['poison'])
  await publish('alerts', ['good'])
  const batches = (await seen('alerts')).map(({ value, retry }) => [value, retry])
  expect(batches).toEqual([
    [['poison'], 0],
    [['poison'], 1],
    [['poison'], 2],
    [['good'], 0],
  ])
  expect((await seen('each')).map(({ value }) => value)).toEqual(['poison', 'good'])
  expect(performance.now() - wallStart).toBeLessThan(5_000)
})

test('a hub nobody listens to is 404, what is no array is 400', async () => {
  const { publish } = await openEvents()
  expect((await publish('nothing', [])).status).toBe(404)
  expect((await publish('alerts', { n: 1 })).status).toBe(400)
})

test('firing by hand takes one message or several', async () => {
  const { fire, seen } = await openEvents()
  expect((await fire('alerts', '{"by":"hand"}')).status).toBe(202)
  expect((await fire('alerts', ['a', { b: 1 }])).status).toBe(202)
  expect((await seen('alerts')).map(({ value }) => value)).toEqual([[{ by: 'hand' }], ['a', { b: 1 }]])
})
