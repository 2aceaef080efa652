import { allEnvironments, type Store } from '../store/store.ts'
import { decisionKey, decisionsOf, timeKey } from './rows.ts'

const keptMs = 30 * 24 * 3_600_000

/**
 * Removes decisions that were taken more than 30 days ago. A hold that goes on is kept, for its row is the latest.
 * @returns how many rows went
 */
export async function forgetDecisions(
  { environments, balance, decisions }: Pick<Store, 'environments' | 'balance' | 'decisions'>,
  nowMs: number,
): Promise<number> {
  let gone = 0
  for (const { name } of await environments.list(allEnvironments))
    for (const { pool, latest } of await balance.list(name)) {
      const partition = decisionsOf(name, pool)
      for (const row of await decisions.list(partition, { before: timeKey(nowMs - keptMs) })) {
        if (row.id === latest?.id) continue
        await decisions.remove(partition, decisionKey(row))
        gone++
      }
    }
  return gone
}
