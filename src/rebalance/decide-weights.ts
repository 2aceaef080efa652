import { copyOut } from './decision.ts'
import type { BalanceWorld, Turn, Watched } from './deeds.ts'
import { poolOf } from './pool-of.ts'
import { openReads, type Reads } from './reads.ts'
import { newBalance } from './rows.ts'
import { think } from './think.ts'

/**
 * The first half of a turn: looks at a pool, asks the law, and commits to what comes of it before anything is written. What a turn before it left
 * open is closed first, by reading the pool. Of two turns at once the one that replaces the pool's row counts, and the other ends without effect.
 * @param reads shared with other turns of the same round
 */
export async function decideWeights(world: BalanceWorld, watched: Watched, reads?: Reads): Promise<Turn> {
  const { store } = world
  const { environment, pool } = watched
  const nowMs = Date.now()
  const stored = await store.balance.get(environment, pool)
  const found = await poolOf(world, watched)
  if (!found) return { busy: false, over: true }
  const before = stored?.value ?? newBalance(environment, pool)
  // The process may have died between the commit and the copy.
  if (before.latest && before.latest.state !== 'held') await copyOut(store, before.latest)

  const thought = await think(world, found, before, reads ?? openReads(world, [found.subject], nowMs), nowMs)
  if (!thought) return { busy: false, over: false }
  const { row, ...turn } = thought
  const isOurs = stored
    ? await store.balance.replace(environment, pool, row, stored.etag)
    : await store.balance.insert(environment, pool, row)
  if (!isOurs || !row.latest) return { busy: false, over: false }
  await copyOut(store, row.latest)
  if (row.latest.state !== 'held') world.log(`${environment}: ${pool} ${row.latest.state}: ${row.latest.why}`)
  return row.latest.state === 'decided' ? { ...turn, write: row.latest.id } : turn
}
