import type { Alert } from '../alerts/read.ts'
import type { BalanceWorld, Episodes, Watched } from './deeds.ts'
import { episodeId, isRecent, prolonged } from './episode.ts'
import { poolOf } from './pool-of.ts'
import { updateBalance } from './update.ts'
import { modeInForce, neverMoved } from './why-not.ts'

type Needs = Pick<BalanceWorld, 'store' | 'surroundings' | 'autoBalance' | 'log'>

/**
 * Opens or prolongs the episode of each pool that alerts of ours tell of, once per pool. May be done again with the same alerts: a batch that is
 * handed over twice finds the row as it is and the orchestration alive.
 */
export async function openEpisodes(
  world: Needs,
  episodes: Episodes,
  alerts: Alert[],
  nowMs: number,
): Promise<void> {
  const newest = new Map<string, Watched & { alertMs: number; backend: string }>()
  for (const { kind, condition, environment, pool, backend = '', firedMs } of alerts) {
    if (kind !== 'throttling' || condition !== 'fired' || !environment || !pool) continue
    if (!isRecent(firedMs, nowMs)) continue
    const key = `${environment}/${pool}`
    if (firedMs > (newest.get(key)?.alertMs ?? 0))
      newest.set(key, { environment, pool, alertMs: firedMs, backend })
  }
  for (const { alertMs, backend, ...watched } of newest.values())
    await openEpisode(world, episodes, watched, { alertMs, because: `an alert: ${backend} turns calls away` })
}

/**
 * Watches a pool every minute from now on. One that nobody describes is not watched (anybody may have put its name into the hub), nor one that is
 * never moved.
 */
export async function openEpisode(
  world: Needs,
  episodes: Episodes,
  watched: Watched,
  cause: { alertMs?: number; busyMs?: number; because: string },
): Promise<void> {
  const found = await poolOf(world, watched)
  if (!found) return
  const { mode } = modeInForce(found.subject, found.document.mode, world.autoBalance)
  if (neverMoved(found.subject, mode, found.isDestroyed)) return
  const { environment, pool } = watched
  let isNew = false
  await updateBalance(world.store, environment, pool, (row) => {
    isNew = !row.episode
    return { ...row, episode: prolonged(row.episode, cause, Date.now()) }
  })
  if (isNew) world.log(`${environment}: ${pool} is watched every minute: ${cause.because}`)
  await revive(episodes, watched)
}

/** Starts the orchestration of an episode, unless it is alive. */
export async function revive(episodes: Episodes, watched: Watched): Promise<void> {
  const id = episodeId(watched)
  if ((await episodes.status(id)) !== 'alive') await episodes.start(id, watched)
}
