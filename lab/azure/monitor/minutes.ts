import type { Azure } from '../arm/azure.ts'
import { keyOf } from '../arm/ids.ts'

/** What was measured how often, its sum, and its extremes where they are known. */
export type Spread = { count: number; sum: number; least?: number; most?: number }

/** What has the same dimensions, counted together: by measure (metric-definitions.ts says which metric shows which). */
export type Cell = { dimensions: Record<string, string>; format?: string; measures: Record<string, Spread> }

/** One resource, one minute. `minute` is its begin. */
export type MetricMinute = { resourceId: string; minute: number; cells: Cell[] }

export const MINUTE_MS = 60_000
export const minuteOf = (at: number) => Math.floor(at / MINUTE_MS) * MINUTE_MS
const KEPT_MS = 7 * 24 * 60 * MINUTE_MS

const keyIn = (resourceId: string, minute: number) => `${minute} ${keyOf(resourceId)}`

export const minuteAt = (resourceId: string, minute: number, azure: Azure): MetricMinute | undefined =>
  azure.world.metrics.get(keyIn(resourceId, minute))

/** Adds to what is known: a call that ends late may belong to a minute that was kept before. */
export function keepMinute({ resourceId, minute, cells }: MetricMinute, azure: Azure): void {
  const known = minuteAt(resourceId, minute, azure)?.cells ?? []
  azure.world.metrics.put(keyIn(resourceId, minute), { resourceId, minute, cells: [...known, ...cells] })
}

/** Rows stand in the order of their minutes, but for late ones: nobody minds if one lives a little longer. */
export function forgetMinutes(azure: Azure): void {
  const { metrics } = azure.world
  for (const [key, { minute }] of metrics.entries()) {
    if (minute >= azure.clock.now() - KEPT_MS) return
    metrics.delete(key)
  }
}

/** When something was last counted at all; undefined: never. */
export function newestMinute(azure: Azure): number | undefined {
  let newest: number | undefined
  for (const { minute } of azure.world.metrics.values()) newest = Math.max(newest ?? minute, minute)
  return newest
}

export const addTo = (one: Spread | undefined, other: Spread): Spread => {
  if (!one) return other
  const least = extreme(Math.min, one.least, other.least)
  const most = extreme(Math.max, one.most, other.most)
  return {
    count: one.count + other.count,
    sum: one.sum + other.sum,
    ...(least === undefined ? {} : { least }),
    ...(most === undefined ? {} : { most }),
  }
}

/** Unknown in one of them: unknown. */
const extreme = (choose: (...values: number[]) => number, one?: number, other?: number) =>
  one === undefined || other === undefined ? undefined : choose(one, other)
