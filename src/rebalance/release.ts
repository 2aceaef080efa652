import type { BalanceWorld, Watched } from './deeds.ts'
import { poolOf } from './pool-of.ts'
import type { Hold } from './rows.ts'
import { updateBalance } from './update.ts'

export type Released = { is: 'unknown' } | { is: 'not held' } | { is: 'released'; hold: Hold }

/** Ends a hold: the weights that are there are the base from which the next turn goes on. */
export async function release(
  world: Pick<BalanceWorld, 'store' | 'surroundings' | 'log'>,
  watched: Watched,
  by: string,
): Promise<Released> {
  if (!(await poolOf(world, watched))) return { is: 'unknown' }
  const { environment, pool } = watched
  let ended: Hold | undefined
  await updateBalance(world.store, environment, pool, (row) => {
    ended = row.hold
    if (!row.hold) return row
    const { hold, ...rest } = row
    return hold.reason === 'edited' ? { ...rest, ours: hold.found } : rest
  })
  if (!ended) return { is: 'not held' }
  world.log(`${environment}: ${pool} is released by ${by}`)
  return { is: 'released', hold: ended }
}
