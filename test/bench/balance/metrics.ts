import type { Sample } from './controller.ts'
import { chanceOf } from './random.ts'

/** What Azure Monitor would show: complete minutes, late, and sometimes with holes. */
export interface Metrics {
  readonly minutes: number
  readonly members: number
  /** By minute and member. */
  readonly total: Float64Array
  readonly ok: Float64Array
  readonly throttled: Float64Array
  readonly errors: Float64Array
  readonly tokens: Float64Array
}

/** missing: a fifth of the minutes never comes. partial: in three of ten, half of the members have no row. blackout: nothing for 90 minutes. */
export type Defect = 'missing' | 'partial' | 'blackout'

export const SETTLED_SECONDS = 240
export const EPOCH_MS = Date.UTC(2026, 0, 5)
const BLACKOUT_MINUTES = 90

export function newMetrics(minutes: number, members: number): Metrics {
  const column = () => new Float64Array(minutes * members)
  return {
    minutes,
    members,
    total: column(),
    ok: column(),
    throttled: column(),
    errors: column(),
    tokens: column(),
  }
}

/** The last complete minute that began so many seconds ago: counted from the beginning, as the product counts. */
export const newestMinute = (now: number, settledSeconds: number): number =>
  Math.floor((now - Math.max(60, settledSeconds)) / 60)

/** A member nobody called in a minute has no row. */
export function rowsOf(metrics: Metrics, minute: number, names: string[], lacks: Lacks): Sample[] {
  const start = new Date(EPOCH_MS + minute * 60_000).toISOString()
  return names.flatMap((backend, member): Sample[] => {
    const row = minute * metrics.members + member
    const total = metrics.total[row] ?? 0
    if (total === 0 || lacks(minute, member)) return []
    return [
      {
        backend,
        minute: start,
        total,
        ok: metrics.ok[row] ?? 0,
        throttled: metrics.throttled[row] ?? 0,
        errors: metrics.errors[row] ?? 0,
        tokens: metrics.tokens[row] ?? 0,
      },
    ]
  })
}

/** Is there no value of that member for that minute, ever? */
export type Lacks = (minute: number, member: number) => boolean

export function lacking(defect: Defect | undefined, seed: string, minutes: number): Lacks {
  if (!defect) return () => false
  if (defect === 'missing') return (minute) => chanceOf(seed, defect, minute)() < 0.2
  if (defect === 'partial')
    return (minute, member) =>
      chanceOf(seed, defect, minute)() < 0.3 && chanceOf(seed, defect, minute, member)() < 0.5
  const begins = 15 + Math.floor(chanceOf(seed, defect)() * Math.max(1, minutes - BLACKOUT_MINUTES - 30))
  return (minute) => minute >= begins && minute < begins + BLACKOUT_MINUTES
}
