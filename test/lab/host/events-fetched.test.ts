import { beforeEach, expect, test, vi } from 'vitest'
import { eventSourceAt } from '../../../lab/host/events/source.ts'
import { type GenerousClock, generousClock } from './generous-clock.ts'
import { openHost, temporaryDirectory } from './open-host.ts'

interface Seen {
  name: string
  value: unknown
  metadata: Record<string, unknown>
  retry: number
}

const address = 'evhns-x/alerts'

beforeEach(() => {
  vi.stubEnv('ALERTS_HUB', 'alerts')
  vi.stubEnv('Hub__fullyQualifiedNamespace', 'evhns-x.servicebus.windows.net')
  return () => vi.unstubAllEnvs()
})

/** A hub somewhere else, and a clock that tells of its newest event, as lab/README.md has it. */
function openHub(seed = 1) {
  const events: string[] = []
  const reads: number[] = []
  const trouble = { reads: 0 }
  const clock = generousClock()
  const keeper: GenerousClock = {
    ...clock,
    async tell(statement) {
      const known = statement.events?.[address]
      if (known === undefined || known === events.length) return clock.tell(statement)
      const { offsetMs } = await clock.tell({ host: statement.host, busy: true })
      return { offsetMs, askAgainMs: 5, events: { [address]: events.length } }
    },
  }
  const source = {
    batchSize: eventSourceAt('https://localhost', seed).batchSize,
    async read(hub: string, after: number) {
      if (trouble.reads-- > 0) throw new Error('nobody there')
      reads.push(after)
      if (hub !== address) throw new Error(`asked for ${hub}`)
      return events.slice(after, after + 4).map((body, index) => ({
        body,
        sequenceNumber: after + index + 1,
        enqueuedMs: 1_000 * (after + index),
      }))
    },
  }
  return { events, reads, trouble, keeper, source }
}

async function openListener(hub: ReturnType<typeof openHub>, stateDir = temporaryDirectory()) {
  const { keeper, source } = hub
  const host = await openHost('events', { keeper, events: source, stateDir })
  const seen = async (name = 'alerts') => {
    await keeper.advance(120_000)
    return (await host.json<Seen[]>('/seen')).filter((one) => one.name === name)
  }
  return { ...host, seen }
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `${index}!`)

test('events of the hub come in order and whole, cut into batches by the seed', async () => {
  const cuts = async (seed: number) => {
    const hub = openHub(seed)
    hub.events.push(...numbered(60))
    const { seen, stop } = await openListener(hub)
    const batches = (await seen()).map(({ value }) => value as string[])
    await stop()
    expect(batches.flat()).toEqual(hub.events)
    return batches.map(({ length }) => length)
  }
  const [one, again, other] = [await cuts(1), await cuts(1), await cuts(2)]
  expect(one).toEqual(again)
  expect(one).not.toEqual(other)
  expect(new Set(one)).toEqual(new Set([1, 2, 3]))
})

test('what comes later is heard of from the clock, and metadata tells where it stands in its hub', async () => {
  const hub = openHub()
  hub.events.push('a', 'b')
  const { seen } = await openListener(hub)
  expect((await seen()).flatMap(({ value }) => value)).toEqual(['a', 'b'])
  hub.events.push('c')
  const all = await seen()
  expect(all.at(-1)).toMatchObject({
    value: ['c'],
    metadata: { sequenceNumberArray: [3], enqueuedTimeUtcArray: ['1970-01-01T00:00:02.000Z'] },
  })
  expect((await seen('each')).map(({ value }) => value)).toEqual(['a', 'b', 'c'])
  expect(
    hub.reads.filter((after) => after === 2),
    'each function on its own',
  ).toHaveLength(2)
})

test('a host started again goes on where it was, and hears of what came meanwhile', async () => {
  const hub = openHub()
  const stateDir = temporaryDirectory()
  hub.events.push('a', 'poison', 'b')
  const first = await openListener(hub, stateDir)
  expect((await first.seen()).flatMap(({ value }) => value)).toContain('poison')
  await first.stop()
  hub.events.push('c')
  const second = await openListener(hub, stateDir)
  expect(
    (await second.seen()).flatMap(({ value }) => value),
    'the failed one is passed by',
  ).toEqual(['c'])
})

test('a batch that waits for its retry when the host ends is handed over again', async () => {
  const hub = openHub()
  const stateDir = temporaryDirectory()
  hub.events.push('poison')
  const first = await openListener(hub, stateDir)
  await vi.waitFor(async () =>
    expect(await first.json('/seen')).toContainEqual(expect.objectContaining({ name: 'alerts', retry: 0 })),
  )
  await first.stop()
  const second = await openListener(hub, stateDir)
  expect((await second.seen()).map(({ value, retry }) => [value, retry])).toEqual([
    [['poison'], 0],
    [['poison'], 1],
    [['poison'], 2],
  ])
  expect(await second.seen('each'), 'it had no retry to wait for').toEqual([])
})

test('a hub out of reach is asked again, and nothing is lost', async () => {
  const hub = openHub()
  hub.trouble.reads = 3
  hub.events.push('a', 'b')
  const { seen } = await openListener(hub)
  expect((await seen()).flatMap(({ value }) => value)).toEqual(['a', 'b'])
})

test('a hub that has gone back to an earlier world is read from its beginning', async () => {
  const hub = openHub()
  hub.events.push('a', 'b', 'c')
  const { seen } = await openListener(hub)
  await seen()
  hub.events.length = 1
  hub.events.push('z')
  expect((await seen()).flatMap(({ value }) => value)).toEqual(['a', 'b', 'c', 'a', 'z'])
})

test('events by hand come between and move no checkpoint', async () => {
  const hub = openHub()
  const stateDir = temporaryDirectory()
  hub.events.push('a')
  const first = await openListener(hub, stateDir)
  await first.seen()
  await first.get('/_lab/eventhubs/alerts', { method: 'POST', body: JSON.stringify(['by hand', 'too']) })
  expect((await first.seen()).flatMap(({ value }) => value)).toEqual(['a', 'by hand', 'too'])
  await first.stop()
  hub.events.push('b')
  const second = await openListener(hub, stateDir)
  expect((await second.seen()).flatMap(({ value }) => value)).toEqual(['b'])
})

test('a connection without a namespace gets no events, and the log says which setting is missing', async () => {
  vi.stubEnv('Hub__fullyQualifiedNamespace', undefined)
  const hub = openHub()
  hub.events.push('a')
  const log = vi.fn()
  const { json } = await openHost('events', { keeper: hub.keeper, events: hub.source, log })
  await hub.keeper.advance(1_000)
  expect(await json('/seen')).toEqual([])
  expect(log.mock.calls.map(([, text]) => text)).toContainEqual(
    expect.stringContaining('Hub__fullyQualifiedNamespace'),
  )
})
