import { createHash } from 'node:crypto'
import type { BalanceRow, Episode } from './rows.ts'

/** Minutes of close watching. It begins with an alert, or with a busy minute a sweep saw, and ends when all has been quiet for a while. Pure. */

const quietMs = 15 * 60_000
/** Watching what cannot be seen every minute helps nobody; the sweep goes on. */
const blindMs = 60 * 60_000

/** An alert that is older than an episode lasts says nothing of now. */
export const isRecent = (momentMs: number, nowMs: number): boolean => nowMs - momentMs <= quietMs

/** The episode with one more reason to be; a new one where there was none. */
export const prolonged = (
  episode: Episode | undefined,
  cause: { alertMs?: number; busyMs?: number; because: string },
  nowMs: number,
): Episode => ({
  openedMs: episode?.openedMs ?? nowMs,
  because: episode?.because ?? cause.because,
  ...newest('alertMs', episode?.alertMs, cause.alertMs),
  ...newest('busyMs', episode?.busyMs, cause.busyMs),
})

const newest = <Name extends string>(name: Name, ...moments: (number | undefined)[]) => {
  const known = moments.filter((moment) => moment !== undefined)
  return known.length > 0 ? { [name]: Math.max(...known) } : {}
}

/** It has been quiet for so many minutes that could be seen; or nothing could be seen for an hour. */
export function isOver({ openedMs, alertMs, busyMs }: Episode, seenMs: number | undefined, nowMs: number) {
  const lastTroubleMs = Math.max(openedMs, alertMs ?? 0, busyMs ?? 0)
  const watchedUntilMs = seenMs ?? 0
  return (
    watchedUntilMs - lastTroubleMs >= quietMs || nowMs - Math.max(watchedUntilMs, lastTroubleMs) >= blindMs
  )
}

/** The orchestration that watches a pool; Durable takes letters, digits and hyphens. */
export function episodeId({ environment, pool }: Pick<BalanceRow, 'environment' | 'pool'>): string {
  const plain = pool.replaceAll(/[^A-Za-z0-9-]/g, '-').slice(0, 40)
  const hash = createHash('sha256').update(`${environment}/${pool}`).digest('hex').slice(0, 8)
  return `rebalance-${environment}-${plain}-${hash}`
}
