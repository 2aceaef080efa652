import { onePartition, type Store } from '../store/store.ts'
import { alertKey, deadLetterKey, timeKey } from './record.ts'

const keptMs = 30 * 24 * 3_600_000

/**
 * Removes what happened more than 30 days ago.
 * @returns how many rows went
 */
export async function forget(store: Pick<Store, 'alerts' | 'deadLetters'>, nowMs: number): Promise<number> {
  const before = timeKey(nowMs - keptMs)
  const alerts = await store.alerts.list(onePartition, { before })
  for (const row of alerts) await store.alerts.remove(onePartition, alertKey(row))
  const letters = await store.deadLetters.list(onePartition, { before })
  for (const row of letters) await store.deadLetters.remove(onePartition, deadLetterKey(row))
  return alerts.length + letters.length
}
