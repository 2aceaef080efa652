import { expect, test, vi } from 'vitest'
import { type Lab, openAzure } from './open.ts'

/** A wall that stands still until the test moves it. */
function wallClock() {
  let now = Date.parse('2026-06-01T00:00:00Z')
  return {
    read: () => now,
    pass: (ms: number) => {
      now += ms
    },
  }
}

async function withHost(options: { speed?: number | 'max' } = {}) {
  const wall = wallClock()
  const lab = await openAzure({ speed: 'max', ...options, wall: wall.read })
  const now = async () => Date.parse((await lab.lab('GET', 'clock')).now)
  const idle = (until: number | null, host = 'host-1'): Promise<{ offsetMs: number; askAgainMs: number }> =>
    lab.lab('POST', 'clock/idle', { host, until })
  const busy = () => lab.lab('POST', 'clock/idle', { host: 'host-1', busy: true })
  return { ...lab, wall, now, idle, busy }
}

const createTable = (lab: Pick<Lab, 'arm' | 'group'>, name = 'rt-x') =>
  lab.arm('PUT', `${lab.group}/providers/Microsoft.Network/routeTables/${name}`, {
    body: { location: 'eastus' },
  })

test('an idle host is taken to its next due moment and not a millisecond further', async () => {
  const lab = await withHost()
  const until = (await lab.now()) + 60_000
  expect(await lab.idle(until)).toMatchObject({ offsetMs: 60_000 })
  expect(await lab.now()).toBe(until)
  expect(await lab.idle(until)).toMatchObject({ offsetMs: 60_000 })
  expect(await lab.idle(null)).toMatchObject({ offsetMs: 60_000 })
})

test('what falls due here on the way is done at its own time', async () => {
  const lab = await withHost()
  const started = await lab.now()
  const urls = []
  for (const name of ['rt-a', 'rt-b', 'rt-c']) {
    const { headers } = await createTable(lab, name)
    urls.push(new URL(String(headers.get('azure-asyncoperation'))).pathname)
  }
  await lab.idle(started + 3_600_000)
  const ends = await Promise.all(
    urls.map(async (url) => Date.parse((await lab.arm('GET', url)).body.endTime)),
  )
  expect(await lab.now()).toBe(started + 3_600_000)
  expect(new Set(ends).size).toBe(3)
  for (const end of ends) expect(end - started).toBeLessThanOrEqual(8000)
})

test('with nothing due in the host the clock goes to what is due here', async () => {
  const lab = await withHost()
  await createTable(lab)
  const { offsetMs } = await lab.idle(null)
  expect(offsetMs).toBeGreaterThanOrEqual(2000)
  expect(offsetMs).toBeLessThanOrEqual(8000)
})

test('the clock stands while a call is in flight here', async () => {
  const lab = await withHost()
  await lab.fault({ plane: 'arm' }, { delaySeconds: 1 })
  const call = lab.arm('GET', lab.group)
  await vi.waitFor(async () => expect(await lab.lab('GET', 'faults')).toMatchObject([{ seen: 1 }]))
  expect(await lab.idle((await lab.now()) + 60_000)).toMatchObject({ offsetMs: 0 })
  await call
  expect(await lab.idle((await lab.now()) + 60_000)).toMatchObject({ offsetMs: 60_000 })
})

test('speed holds a jump back until enough wall time has passed', async () => {
  const lab = await withHost({ speed: 60 })
  const until = (await lab.now()) + 60_000
  const first = await lab.idle(until)
  expect(first.offsetMs).toBe(0)
  expect(first.askAgainMs).toBeGreaterThan(0)
  lab.wall.pass(900)
  expect((await lab.idle(until)).offsetMs).toBe(0)
  lab.wall.pass(150)
  expect((await lab.idle(until)).offsetMs).toBe(60_000 - 1050)
  expect(await lab.now()).toBe(until)
  const next = until + 60_000
  expect((await lab.idle(next)).offsetMs).toBe(60_000 - 1050)
  expect(await lab.lab('POST', 'clock', { speed: 'max' })).toMatchObject({ speed: 'max' })
  await lab.idle(next)
  expect(await lab.now()).toBe(next)
})

test('an advance lifts the cap, stops at every due moment of the host, and answers when all is done', async () => {
  const lab = await withHost({ speed: 1 })
  const started = await lab.now()
  await lab.busy()
  let answered = false
  const advancing = lab.advance(100).then((clock) => {
    answered = true
    return clock
  })
  await vi.waitFor(async () => {
    await lab.idle(started + 40_000)
    expect(await lab.now()).toBe(started + 40_000)
  })
  await lab.busy()
  expect(answered).toBe(false)
  // Due exactly at the end: the host still has to do it.
  await lab.idle(started + 100_000)
  expect([await lab.now(), answered]).toEqual([started + 100_000, false])
  await lab.busy()
  await lab.idle(started + 500_000)
  expect(Date.parse((await advancing).now)).toBe(started + 100_000)
})

test('a host silent for three seconds is dead: the clock goes at wall speed, and advances alone', async () => {
  const lab = await withHost()
  await lab.busy()
  const started = await lab.now()
  lab.wall.pass(2900)
  expect(await lab.now()).toBe(started + 2900)
  const advancing = lab.advance(60)
  await new Promise((resolve) => setTimeout(resolve, 80))
  expect(await lab.now()).toBe(started + 2900)
  lab.wall.pass(200)
  await advancing
  expect(await lab.now()).toBeGreaterThanOrEqual(started + 2900 + 60_000)
  expect(await lab.now()).toBeLessThanOrEqual(started + 3100 + 60_000)
})

test('a host started again is a new host; the former one moves nothing any more', async () => {
  const lab = await withHost()
  await lab.busy()
  const started = await lab.now()
  await lab.idle(started + 1000, 'host-2')
  expect(await lab.now()).toBe(started + 1000)
  await lab.idle(started + 5000, 'host-1')
  expect(await lab.now()).toBe(started + 1000)
})

test('without any host the clock advances alone, past everything due', async () => {
  const lab = await openAzure({ speed: 1 })
  await createTable(lab)
  const before = Date.parse((await lab.lab('GET', 'clock')).now)
  const { now } = await lab.advance(30)
  expect(Date.parse(now) - before).toBeGreaterThanOrEqual(30_000)
  const { body } = await lab.arm('GET', `${lab.group}/providers/Microsoft.Network/routeTables/rt-x`)
  expect(body.properties.provisioningState).toBe('Succeeded')
})

test('answers carry the virtual date', async () => {
  const lab = await withHost()
  await lab.advance(3600)
  const { headers } = await lab.arm('GET', lab.group)
  expect(headers.get('date')).toBe('Mon, 01 Jun 2026 01:00:00 GMT')
})

test('a question that is none is refused', async () => {
  const lab = await withHost()
  await expect(lab.lab('POST', 'clock/idle', { host: 'h', until: 'soon' })).rejects.toThrow(/400/)
  await expect(lab.lab('POST', 'clock', { advanceSeconds: -1 })).rejects.toThrow(/400/)
  await expect(lab.lab('POST', 'nothing', {})).rejects.toThrow(/404/)
})
