import { allEnvironments } from '../store/store.ts'
import { decideWeights } from './decide-weights.ts'
import type { BalanceWorld, Episodes } from './deeds.ts'
import { openEpisode, revive } from './open-episode.ts'
import { type Found, poolsOf } from './pool-of.ts'
import { openReads } from './reads.ts'
import { setWeights } from './set-weights.ts'
import { modeInForce, neverMoved } from './why-not.ts'

/**
 * One turn for every pool that is not being watched every minute, in plain code; accounts that pools share are measured once. A pool with a busy
 * minute is watched from then on, and an episode whose orchestration has gone gets another.
 */
export async function sweepPools(world: BalanceWorld, episodes: Episodes): Promise<void> {
  const swept: Found[] = []
  for (const { name } of await world.store.environments.list(allEnvironments))
    for (const found of await poolsOf(world, name)) {
      const watched = { environment: name, pool: found.subject.pool }
      const row = await world.store.balance.get(name, found.subject.pool)
      if (row?.value.episode) await revive(episodes, watched)
      else swept.push(found)
    }
  const measured = swept.filter(
    ({ document, subject, isDestroyed }) =>
      !neverMoved(subject, modeInForce(subject, document.mode, world.autoBalance).mode, isDestroyed),
  )
  const reads = openReads(
    world,
    measured.map(({ subject }) => subject),
    Date.now(),
  )
  for (const { subject } of swept) {
    const watched = { environment: subject.environment, pool: subject.pool }
    const turn = await decideWeights(world, watched, reads)
    if (turn.write !== undefined) await setWeights(world, { ...watched, decision: turn.write })
    if (turn.busy)
      await openEpisode(world, episodes, watched, {
        busyMs: Date.now(),
        because: 'a sweep saw a minute with more 429s than a stray one',
      })
  }
}
