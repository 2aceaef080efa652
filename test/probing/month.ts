import { countRound } from '../../src/probing/count.ts'
import { waitingRounds, writeAhead } from '../../src/probing/round.ts'
import { allEnvironments, type Store } from '../../src/store/store.ts'
import type { Kept } from '../memory-store.ts'
import { document, probe, verdict } from './fakes.ts'

/** Rounds without asking, for what they leave in the tables. */

export const probesOf = (count: number) =>
  Array.from({ length: count }, (_, index) => probe(`tcp/contoso-eus-${index}.services.ai.azure.com:443`))

/** As much as an answer is let say. */
const trace = Array.from(
  { length: 30 },
  (_, line) => `line ${line}: 192.168.2.5 answered 403, TLSv1.3, x-ms-region East US, ${'x'.repeat(60)}`,
)
const seen = { pass: verdict('pass'), fail: { ...verdict('fail'), trace } }

export async function environmentIn(store: Pick<Store, 'environments'>): Promise<void> {
  const row = { name: document.name, document, documentHash: '', operation: '', updatedMs: 0 }
  await store.environments.put(allEnvironments, document.name, row)
}

/** One round, written ahead and counted; its probes fail as it is said. */
export async function playRound(
  store: Store,
  probes: ReturnType<typeof probesOf>,
  nowMs: number,
  fails: (index: number) => boolean,
): Promise<void> {
  const taken = probes.map(({ id }, index) => ({
    probe: id,
    atMs: nowMs,
    verdict: seen[fails(index) ? 'fail' : 'pass'],
  }))
  await writeAhead(store, document.name, taken, { nowMs, random: 'abcd' })
  for (const one of await waitingRounds(store, document.name))
    await countRound(store, document, probes, one, nowMs)
}

/** What Azure charges for: four bytes, keys and names in UTF-16, and per property eight bytes and its value. */
export function bytesOf(kept: Kept): Record<string, number> {
  const ofTable = (table: Kept[keyof Kept]) =>
    [...(table ?? [])].reduce((sum, [partition, rows]) => {
      for (const [row, { json }] of rows)
        sum += 4 + 2 * (partition.length + row.length) + (8 + 2 * 'json'.length + 4 + 2 * json.length)
      return sum
    }, 0)
  return Object.fromEntries(Object.entries(kept).map(([name, table]) => [name, ofTable(table)]))
}

export const hourMs = 3_600_000

/**
 * A month of probes that all stand alike, by table, at its largest. Hours are one row however many rounds they hold, so an hour is played with two
 * rounds, and with a tenth of the probes; states are as large as they get.
 */
export async function bytesOfMonth(
  store: Store,
  kept: Kept,
  probes: number,
  forget: (nowMs: number) => Promise<unknown>,
): Promise<Record<string, number>> {
  const startMs = Date.parse('2026-11-01T00:00:00Z')
  const played = probesOf(Math.ceil(probes / 10))
  await environmentIn(store)
  for (let hour = 0; hour < 30 * 24; hour++) {
    const nowMs = startMs + hour * hourMs
    for (const round of [0, 1]) await playRound(store, played, nowMs + round * 60_000, () => false)
    if (hour % 24 === 3) await forget(nowMs)
  }
  return Object.fromEntries(
    Object.entries(bytesOf(kept)).map(([name, bytes]) => [
      name,
      Math.round((bytes * probes) / played.length),
    ]),
  )
}
