import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { forget } from '../../src/alerts/forget.ts'
import { type Received, record } from '../../src/alerts/record.ts'
import { showAlerts } from '../../src/alerts/show.ts'
import { parse } from '../../src/environment/parse.ts'
import { allEnvironments, onePartition } from '../../src/store/store.ts'
import { memoryStore } from '../memory-store.ts'
import { healthAlert, throttlingAlert } from './common-alert.ts'

const nowMs = Date.parse('2026-11-25T10:20:00Z')
const environment = parse(readFileSync('examples/small.yaml', 'utf8'), 'contoso')
if (!('document' in environment)) throw new Error('the example is no document')
const { document } = environment
const event = (body: unknown, number: number): Received => ({ body, place: `0-${number}`, enqueuedMs: nowMs })
const rowsOf = async ({ alerts, deadLetters }: ReturnType<typeof memoryStore>) => [
  await alerts.list(onePartition),
  await deadLetters.list(onePartition),
]

test('a notice counts once, however often it was sent and handed over', async () => {
  const store = memoryStore()
  const batch = [
    event(throttlingAlert(1), 1),
    event(throttlingAlert(1), 2),
    event('nonsense', 3),
    event(throttlingAlert(1, 'Resolved'), 4),
  ]
  expect(await record(store, batch, nowMs)).toMatchObject({
    fresh: [{ condition: 'fired' }, { condition: 'resolved' }],
    known: 1,
    garbage: [{ reason: 'not JSON' }],
  })
  const rows = await rowsOf(store)
  expect(await record(store, batch, nowMs + 60_000)).toMatchObject({ fresh: [], known: 3 })
  expect(await rowsOf(store)).toEqual(rows)
})

test('a resolved one that does not say when is a notice of its own all the same', async () => {
  const store = memoryStore()
  const resolved = throttlingAlert(1, 'Resolved', { essentials: { resolvedDateTime: undefined } })
  await record(store, [event(throttlingAlert(1), 1), event(resolved, 2)], nowMs)
  expect((await store.alerts.list(onePartition)).map(({ condition }) => condition)).toEqual([
    'fired',
    'resolved',
  ])
})

test('a dead letter that cannot be kept fails the batch, as an alert does', async () => {
  const { alerts, deadLetters } = memoryStore()
  const broken = { ...deadLetters, insert: () => Promise.reject(new Error('503')) }
  await expect(record({ alerts, deadLetters: broken }, [event('nonsense', 1)], nowMs)).rejects.toThrow('503')
})

test('equal garbage twice is two dead letters: they are two events', async () => {
  const store = memoryStore()
  await record(store, [event('nonsense', 1), event('nonsense', 2), event([1, 1], 3)], nowMs)
  expect((await store.deadLetters.list(onePartition)).map(({ place }) => place)).toEqual([
    '0-1-0',
    '0-2-0',
    '0-3-0',
    '0-3-1',
  ])
})

test('whatever breaks off and is handed over again, the rows end as those of one undisturbed run', async () => {
  const body = fc.oneof(
    fc.integer({ min: 1, max: 6 }).map((number) => throttlingAlert(number)),
    fc.integer({ min: 1, max: 6 }).map((number) => throttlingAlert(number, 'Resolved')),
    fc.constant([throttlingAlert(7), 'nonsense', healthAlert(8)]),
    fc.constant('nonsense'),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(body, { minLength: 1, maxLength: 12 }),
      fc.array(fc.nat(15), { maxLength: 4 }),
      async (bodies, breaks) => {
        const events = bodies.map((one, index) => event(one, index + 1))
        const calm = memoryStore()
        await record(calm, events, nowMs)
        const stormy = memoryStore()
        for (const lasting of breaks) {
          let left = lasting
          const breaking = <Value>(table: { insert(p: string, r: string, v: Value): Promise<boolean> }) => ({
            insert: async (partition: string, row: string, value: Value) => {
              if (left-- <= 0) throw new Error('the table is out of reach')
              return table.insert(partition, row, value)
            },
          })
          const { alerts, deadLetters } = stormy
          await record(
            {
              alerts: { ...alerts, ...breaking(alerts) },
              deadLetters: { ...deadLetters, ...breaking(deadLetters) },
            },
            events,
            nowMs,
          ).catch((error: unknown) => expect(String(error)).toContain('out of reach'))
        }
        await record(stormy, events, nowMs)
        expect(await rowsOf(stormy)).toEqual(await rowsOf(calm))
      },
    ),
  )
})

test('the newest come first, of the span and the environment asked for', async () => {
  const store = memoryStore()
  const old = throttlingAlert(1, 'Fired', { fired: '2026-11-20T10:00:00Z' })
  const elsewhere = throttlingAlert(3, 'Fired', {
    context: { properties: { environment: 'other-one', pool: 'p', backend: 'b' } },
  })
  const bodies = [
    old,
    throttlingAlert(2),
    elsewhere,
    throttlingAlert(2, 'Resolved'),
    healthAlert(4),
    'nonsense',
  ]
  await record(store, bodies.map(event), nowMs)
  const day = { sinceMs: nowMs - 86_400_000 }
  const ids = async (query: Parameters<typeof showAlerts>[1]) =>
    (await showAlerts(store, query)).alerts.map(({ id, condition }) => `${id.at(-1)} ${condition}`)
  expect((await ids(day))[0]).toBe('2 resolved')
  expect((await ids(day)).toSorted()).toEqual(['2 fired', '2 resolved', '3 fired', '4 fired'])
  expect(await ids({ ...day, environment: 'contoso' })).toEqual(['2 resolved', '2 fired'])
  expect(await ids({ sinceMs: 0, environment: 'contoso' })).toEqual(['2 resolved', '2 fired', '1 fired'])
  await store.environments.put(allEnvironments, 'contoso', {
    name: 'contoso',
    document,
    documentHash: '',
    operation: '',
    updatedMs: 0,
  })
  expect((await ids({ ...day, environment: 'contoso' })).toSorted(), 'and the health of its group').toEqual([
    '2 fired',
    '2 resolved',
    '4 fired',
  ])
  expect((await showAlerts(store, day)).deadLetters).toEqual([
    { enqueuedAt: '2026-11-25T10:20:00.000Z', reason: 'not JSON', text: 'nonsense' },
  ])
})

test('after thirty days it is forgotten, not before', async () => {
  const store = memoryStore()
  await record(store, [event(throttlingAlert(1), 1), event('nonsense', 2)], nowMs)
  const day = 86_400_000
  expect(await forget(store, nowMs + 29 * day)).toBe(0)
  expect(await forget(store, nowMs + 31 * day)).toBe(2)
  expect(await rowsOf(store)).toEqual([[], []])
})
