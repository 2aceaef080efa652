import { expect, test } from 'vitest'
import { countRound, statesOf } from '../../src/probing/count.ts'
import { hourKey, probeKey } from '../../src/probing/keys.ts'
import { waitingRounds, writeAhead } from '../../src/probing/round.ts'
import type { Taken } from '../../src/probing/rows.ts'
import type { Store } from '../../src/store/store.ts'
import { type Kept, memoryStore } from '../memory-store.ts'
import { document, probe, verdict } from './fakes.ts'

const startMs = Date.parse('2026-11-25T10:58:00Z')
const dns = probe('dns', { layer: 'dns' })
const tcp = probe('tcp', { needs: ['dns'] })
const all = [dns, tcp, ...Array.from({ length: 240 }, (_, index) => probe(`name${index}`))]

const taken = (probe: string, atMs: number, result: 'pass' | 'fail' | 'inconclusive'): Taken => ({
  probe,
  atMs,
  verdict: verdict(result),
})

async function countAll(store: Store, nowMs: number) {
  for (const round of await waitingRounds(store, 'contoso'))
    await countRound(store, document, all, round, nowMs)
}

/** Five minutes over the change of an hour; in the middle the first two probes fail. */
async function fiveMinutes(
  store: Store,
  after: (nowMs: number) => Promise<void> = (nowMs) => countAll(store, nowMs),
) {
  for (let minute = 0; minute < 5; minute++) {
    const nowMs = startMs + minute * 60_000
    const result = minute === 2 || minute === 3 ? 'fail' : 'pass'
    const round = all.map(({ id }, index) => taken(id, nowMs, index < 2 ? result : 'pass'))
    await writeAhead(store, 'contoso', round, { nowMs, random: 'abcd' })
    await after(nowMs)
  }
}

/** What is in the tables, without the versions of rows. */
const contents = (kept: Kept) =>
  Object.fromEntries(
    Object.entries(kept).map(([name, partitions]) => [
      name,
      [...(partitions ?? [])].flatMap(([partition, rows]) =>
        [...rows].map(([row, { json }]) => `${partition} ${row} ${json}`).toSorted(),
      ),
    ]),
  )

/** A store whose process is killed at its n-th write: that one, and nothing after it, comes to pass. */
function killedAt(kept: Kept, write: number): Store {
  const store = memoryStore(kept)
  let left = write
  return Object.fromEntries(
    Object.entries(store).map(([name, table]) => [
      name,
      new Proxy(table, {
        get: (target, verb: string) => {
          const work = Reflect.get(target, verb) as (...given: unknown[]) => Promise<unknown>
          if (!['put', 'putAll', 'insert', 'replace', 'replaceAll', 'remove'].includes(verb)) return work
          return async (...given: unknown[]) => {
            if (left-- <= 0) throw new Error('killed')
            return work(...given)
          }
        },
      }),
    ]),
  ) as unknown as Store
}

test('a round is counted exactly, and nothing of it is left waiting', async () => {
  const store = memoryStore()
  await fiveMinutes(store)
  const states = await statesOf(store, 'contoso')
  expect(states.size).toBe(242)
  expect(states.get('dns')).toMatchObject({
    hour: { pass: 1, fail: 2 },
    days: [[20_782, 3, 2]],
    lastPassMs: startMs + 240_000,
  })
  expect(
    states
      .get('dns')
      ?.recent.map(([, mark]) => mark)
      .join(''),
  ).toBe('ppffp')
  expect(
    states
      .get('tcp')
      ?.recent.map(([, mark]) => mark)
      .join(''),
    'its parent fails',
  ).toBe('ppmmp')
  expect((await store.verdicts.get('contoso', hourKey(probeKey('dns'), startMs)))?.value).toEqual({
    startMs: Date.parse('2026-11-25T10:00:00Z'),
    pass: 2,
    fail: 0,
    inconclusive: 0,
    medianMs: 4,
    maxMs: 4,
  })
  expect(
    (await store.failures.list('contoso')).map(({ probe, behind }) => [probe, behind]).toSorted(),
  ).toEqual([
    ['dns', undefined],
    ['dns', undefined],
    ['tcp', 'dns'],
  ])
  expect(await store.rounds.list('contoso')).toEqual([])
})

test('killed at any write and begun again, the rows end as those of an undisturbed run', async () => {
  const calm: Kept = {}
  await fiveMinutes(memoryStore(calm))
  let kills = 0
  for (let write = 0; ; write++) {
    const kept: Kept = {}
    let killed = false
    await fiveMinutes(memoryStore(kept), async (nowMs) => {
      // Of each minute, the first try dies.
      await countAll(killedAt(kept, write), nowMs).catch((error: Error) => {
        expect(error.message).toBe('killed')
        killed = true
        kills++
      })
      await countAll(memoryStore(kept), nowMs)
    })
    expect(contents(kept), `killed at write ${write}`).toEqual(contents(calm))
    if (!killed) break
  }
  expect(kills).toBeGreaterThan(15)
})

test('a tick that died leaves its rounds to the next, whatever was counted of them', async () => {
  const calm: Kept = {}
  await fiveMinutes(memoryStore(calm))
  const kept: Kept = {}
  await fiveMinutes(memoryStore(kept), async (nowMs) => {
    if (nowMs < startMs + 240_000) await countAll(killedAt(kept, 1), nowMs).catch(() => undefined)
    else await countAll(memoryStore(kept), nowMs)
  })
  const marks = async (of: Kept) =>
    [...(await statesOf(memoryStore(of), 'contoso'))]
      .map(([id, { hour, days, recent }]) => [id, hour, days, recent.length])
      .toSorted()
  expect(await marks(kept)).toEqual(await marks(calm))
})

test('a round larger than a row is written in parts, and no part is larger than a row holds', async () => {
  const kept: Kept = {}
  const store = memoryStore(kept)
  const long = { ...verdict('fail'), trace: Array.from({ length: 200 }, () => 'x'.repeat(2_000)) }
  await writeAhead(
    store,
    'contoso',
    all.slice(0, 20).map(({ id }) => ({ probe: id, atMs: startMs, verdict: long })),
    { nowMs: startMs, random: 'abcd' },
  )
  const lengths = [...(kept.rounds?.get('contoso')?.values() ?? [])].map(({ json }) => json.length)
  expect(lengths.length).toBeGreaterThan(5)
  expect(Math.max(...lengths)).toBeLessThan(32_768)
  const [round] = await waitingRounds(store, 'contoso')
  expect(round?.taken).toHaveLength(20)
  await countAll(store, startMs)
  expect(await store.rounds.list('contoso')).toEqual([])
  expect((await store.failures.list('contoso')).length, 'evidence is bounded, and kept').toBe(20)
})

test('an inconclusive round leaves a probe standing where it stood', async () => {
  const store = memoryStore()
  for (const [minute, result] of (['pass', 'inconclusive', 'fail', 'inconclusive'] as const).entries()) {
    const nowMs = startMs + minute * 1_000
    await writeAhead(store, 'contoso', [taken('dns', nowMs, result)], { nowMs, random: 'abcd' })
    await countAll(store, nowMs)
  }
  const state = (await statesOf(store, 'contoso')).get('dns')
  expect(state).toMatchObject({ hour: { pass: 1, fail: 1, inconclusive: 2 }, lastPassMs: startMs })
  expect(state?.recent.map(([, mark]) => mark).join('')).toBe('pifi')
})

test('a tick that lost its lease without knowing overwrites nothing that was counted since', async () => {
  const calm: Kept = {}
  await fiveMinutes(memoryStore(calm))
  const kept: Kept = {}
  await fiveMinutes(memoryStore(kept), async (nowMs) => {
    const stale = memoryStore(kept)
    const [round] = await waitingRounds(stale, 'contoso')
    if (!round) throw new Error('there is nothing to count')
    const { listStored } = stale.probeStates
    // It has read how the probes stand, and then nothing of it moves until somebody else has counted.
    stale.probeStates.listStored = async (...given) => {
      const read = await listStored.call(stale.probeStates, ...given)
      await countAll(memoryStore(kept), nowMs)
      return read
    }
    expect(await countRound(stale, document, all, round, nowMs)).toBeUndefined()
  })
  expect(contents(kept)).toEqual(contents(calm))
})
