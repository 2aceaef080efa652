import { expect, test } from 'vitest'
import { countRound } from '../../src/probing/count.ts'
import { forgetFailures, forgetVerdicts } from '../../src/probing/forget.ts'
import { dayKey, failureKey, hourKey, probeKey } from '../../src/probing/keys.ts'
import { waitingRounds, writeAhead } from '../../src/probing/round.ts'
import type { IncidentRow } from '../../src/probing/rows.ts'
import { type Kept, memoryStore } from '../memory-store.ts'
import { document, probe, verdict } from './fakes.ts'
import { bytesOf, bytesOfMonth, environmentIn, hourMs, playRound, probesOf } from './month.ts'

const startMs = Date.parse('2026-11-01T00:00:00Z')

test('a bad month, in which 30 % of 220 probes fail in every round, takes less than 50 MB', async () => {
  const calm: Kept = {}
  const calmStore = memoryStore(calm)
  const { verdicts = 0 } = await bytesOfMonth(calmStore, calm, 220, (nowMs) =>
    forgetVerdicts(calmStore, nowMs),
  )

  const kept: Kept = {}
  const store = memoryStore(kept)
  const probes = probesOf(220)
  await environmentIn(store)
  // 66 failures a minute reach the bound in the third hour; from then on every hour is alike.
  let most = 0
  let mostRows = 0
  for (let minute = 0; minute < 4.5 * 60; minute++) {
    const nowMs = startMs + minute * 60_000
    await playRound(store, probes, nowMs, (index) => index % 10 < 3)
    if (minute % 60 !== 59) continue
    const { failures = 0, probeStates = 0 } = bytesOf(kept)
    most = Math.max(most, verdicts + failures + probeStates)
    mostRows = Math.max(mostRows, kept.failures?.get('contoso')?.size ?? 0)
    await forgetFailures(store, nowMs)
  }
  console.log(
    `bad month, MB: ${(most / 1e6).toFixed(1)}, of which hours and days ${(verdicts / 1e6).toFixed(1)}`,
  )
  expect(mostRows, 'the bound, and what an hour brings').toBeGreaterThan(10_000)
  expect(most).toBeLessThan(50_000_000)
  const left = Map.groupBy(await store.failures.list('contoso'), ({ probe }) => probe)
  expect(new Set([...left.values()].map(({ length }) => length)), 'each its share').toEqual(new Set([181]))
}, 120_000)

test('a failure is kept in 2.5 KB at most, and of its trace the end', async () => {
  const kept: Kept = {}
  const store = memoryStore(kept)
  await playRound(store, probesOf(5), startMs, () => true)
  expect((bytesOf(kept)['failures'] ?? 0) / 5).toBeLessThan(2_500)
  const [{ verdict: short } = { verdict: verdict('pass') }] = await store.failures.list('contoso')
  expect(short.trace.at(-1)).toContain('line 29')
  expect(short.why).toBe(verdict('fail').why)
})

test('one that fails all the time leaves the others their evidence, and an incident its first failure', async () => {
  const store = memoryStore()
  await environmentIn(store)
  const probes = probesOf(20)
  for (let minute = 0; minute < 1_300; minute++)
    await playRound(store, probes, startMs + minute * 60_000, (index) => index < 9 || minute % 400 === 7)
  const all = await store.failures.list('contoso')
  const first = all.find(({ probe }) => probe === probes[0]?.id)
  const row = { id: 'one', state: 'fired', firstFailure: failureKey(first?.probe ?? '', first?.round ?? '') }
  await store.incidents.put('contoso', 'one', row as IncidentRow)
  await forgetFailures(store, startMs + 1_300 * 60_000)
  const left = await store.failures.list('contoso')
  expect(left.length).toBeLessThanOrEqual(10_000)
  const of = (index: number) => left.filter(({ probe }) => probe === probes[index]?.id)
  expect(of(19)).toHaveLength(4)
  expect(of(8)).toHaveLength(1_000)
  expect(of(0)).toHaveLength(1_001)
  expect(of(0)[0]).toEqual(first)
}, 60_000)

test('hours are kept a week and become days, days 90 days, failures 30 days or a thousand of one probe', async () => {
  const store = memoryStore()
  await environmentIn(store)
  const one = probe('tcp/one')
  const key = probeKey(one.id)
  const at = async (nowMs: number, result: 'pass' | 'fail') => {
    await writeAhead(store, 'contoso', [{ probe: one.id, atMs: nowMs, verdict: verdict(result) }], {
      nowMs,
      random: 'abcd',
    })
    for (const round of await waitingRounds(store, 'contoso'))
      await countRound(store, document, [one], round, nowMs)
  }
  for (let hour = 0; hour < 49; hour++) await at(startMs + hour * hourMs, hour % 10 === 0 ? 'fail' : 'pass')
  const day = 24 * hourMs
  await forgetVerdicts(store, startMs + 8 * day)
  expect((await store.verdicts.get('contoso', dayKey(key, startMs)))?.value).toMatchObject({
    pass: 21,
    fail: 3,
    maxMs: 4,
  })
  expect(await store.verdicts.get('contoso', hourKey(key, startMs))).toBeUndefined()
  expect((await store.verdicts.get('contoso', hourKey(key, startMs + day)))?.value).toMatchObject({
    startMs: startMs + day,
  })
  // Again: it is done already.
  await forgetVerdicts(store, startMs + 8 * day)
  expect((await store.verdicts.get('contoso', dayKey(key, startMs)))?.value).toMatchObject({
    pass: 21,
    fail: 3,
  })

  for (let minute = 0; minute < 1_100; minute++) await at(startMs + 9 * day + minute * 60_000, 'fail')
  await forgetFailures(store, startMs + 10 * day)
  expect(await store.failures.list('contoso')).toHaveLength(1_000)
  await forgetFailures(store, startMs + 40 * day)
  expect(await store.failures.list('contoso')).toEqual([])
  await forgetVerdicts(store, startMs + 101 * day)
  expect([await store.verdicts.list('contoso'), await store.probeStates.list('contoso')]).toEqual([[], []])
})
