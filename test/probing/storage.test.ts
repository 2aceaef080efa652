import { expect, test } from 'vitest'
import { countRound, statesOf } from '../../src/probing/count.ts'
import { forgetVerdicts } from '../../src/probing/forget.ts'
import { dayKey, hourKey, probeKey } from '../../src/probing/keys.ts'
import { waitingRounds, writeAhead } from '../../src/probing/round.ts'
import { allEnvironments } from '../../src/store/store.ts'
import { type Kept, memoryStore } from '../memory-store.ts'
import { document, probe, verdict } from './fakes.ts'

const startMs = Date.parse('2026-11-01T00:00:00Z')
const hourMs = 3_600_000

/** What Azure charges for: four bytes, keys and names in UTF-16, and per property eight bytes and its value. */
function bytesOf(kept: Kept): number {
  let bytes = 0
  for (const partitions of Object.values(kept))
    for (const [partition, rows] of partitions)
      for (const [row, { json }] of rows)
        bytes += 4 + 2 * (partition.length + row.length) + (8 + 2 * 'json'.length + 4 + 2 * json.length)
  return bytes
}

async function environmentIn(store: ReturnType<typeof memoryStore>) {
  const row = { name: 'contoso', document, documentHash: '', operation: '', updatedMs: 0 }
  await store.environments.put(allEnvironments, 'contoso', row)
}

/** Everything is by probe: twenty-five times 10 are 250. */
const played = 10
const scale = 25

/**
 * Hours and days are one row however many rounds they hold, so a month is played with two rounds an hour; states are as large as they get. Every
 * probe fails fourteen times, 3,500 failures in all: what a mostly healthy month keeps. A failure is about 1.6 KB, so each further 1,000 add 1.6 MB.
 */
test('a month of 250 probes takes less than 50 MB', async () => {
  const kept: Kept = {}
  const store = memoryStore(kept)
  await environmentIn(store)
  const probes = Array.from({ length: played }, (_, index) =>
    probe(`tcp/contoso-eus-${index}.services.ai.azure.com:443`),
  )
  const trace = Array.from(
    { length: 6 },
    (_, line) => `line ${line}: 192.168.2.5 answered 200, TLSv1.3, x-ms-region East US`,
  )
  const seen = { pass: { ...verdict('pass'), trace }, fail: { ...verdict('fail'), trace } }
  const states = await statesOf(store, 'contoso')
  const perHour = 2
  let most = 0
  for (let hour = 0; hour < 30 * 24; hour++) {
    for (let round = 0; round < perHour; round++) {
      const nowMs = startMs + hour * hourMs + round * 60_000
      const fails = (index: number) => (hour * perHour + round + index) % 100 === 0
      await writeAhead(
        store,
        'contoso',
        probes.map(({ id }, index) => ({
          probe: id,
          atMs: nowMs,
          verdict: seen[fails(index) ? 'fail' : 'pass'],
        })),
        { nowMs, random: 'abcd' },
      )
      for (const one of await waitingRounds(store, 'contoso'))
        await countRound(store, document, probes, states, one, nowMs)
    }
    if (hour % 24 === 3) {
      most = Math.max(most, scale * bytesOf(kept))
      await forgetVerdicts(store, startMs + hour * hourMs)
    }
  }
  most = Math.max(most, scale * bytesOf(kept))
  const rows = (name: keyof Kept) => scale * (kept[name]?.get('contoso')?.size ?? 0)
  const figures = {
    megabytes: Math.round(most / 100_000) / 10,
    hoursAndDays: rows('verdicts'),
    failures: rows('failures'),
    states: rows('probeStates'),
  }
  console.log(`a month of ${scale * played} probes: ${JSON.stringify(figures)}`)
  expect(rows('failures')).toBeGreaterThan(3_000)
  expect(rows('verdicts'), 'eight days by the hour, the rest by the day').toBeLessThan(
    scale * played * (8 * 24 + 31),
  )
  expect(most).toBeLessThan(50_000_000)
}, 120_000)

test('hours are kept a week and become days, days 90 days, failures 30 days or a thousand', async () => {
  const store = memoryStore()
  await environmentIn(store)
  const one = probe('tcp/one')
  const key = probeKey(one.id)
  const states = await statesOf(store, 'contoso')
  const at = async (nowMs: number, result: 'pass' | 'fail') => {
    await writeAhead(store, 'contoso', [{ probe: one.id, atMs: nowMs, verdict: verdict(result) }], {
      nowMs,
      random: 'abcd',
    })
    for (const round of await waitingRounds(store, 'contoso'))
      await countRound(store, document, [one], states, round, nowMs)
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
  await forgetVerdicts(store, startMs + 10 * day)
  expect(await store.failures.list('contoso')).toHaveLength(1_000)
  await forgetVerdicts(store, startMs + 40 * day)
  expect(await store.failures.list('contoso')).toEqual([])
  await forgetVerdicts(store, startMs + 101 * day)
  expect([await store.verdicts.list('contoso'), await store.probeStates.list('contoso')]).toEqual([[], []])
})
