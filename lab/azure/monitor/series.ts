import type { Azure } from '../arm/azure.ts'
import { iso } from '../clock.ts'
import type { Aggregation, MetricDefinition } from '../providers/insights/metric-definitions.ts'
import { type Filter, passes } from './filter.ts'
import { addTo, MINUTE_MS, minuteOf, type Spread } from './minutes.ts'
import type { Timespan } from './timespan.ts'
import { seen } from './visible.ts'

/** One combination of the dimensions that were asked about, in lower case. By the begin of its point: what is seen of it. */
export type Series = { values: Record<string, string>; points: Map<number, Spread>; whole: Spread }

export type Asked = {
  resourceId: string
  metric: MetricDefinition
  span: Timespan
  /** Where the first point begins, and how long one is. */
  first: number
  grainMs: number
  filter: Filter
}

export type Measured = { series: Series[]; starts: number[]; gaps: Set<number> }

/** What is seen now of a metric. A series is there once one of its points is. */
export function measure({ resourceId, metric, span, first, grainMs, filter }: Asked, azure: Azure): Measured {
  const starts: number[] = []
  const gaps = new Set<number>()
  const found = new Map<string, Series>()
  for (let start = first; start < span.until; start += grainMs) {
    starts.push(start)
    let seenMinutes = 0
    for (let minute = start; minute < Math.min(start + grainMs, span.until); minute += MINUTE_MS) {
      const cells = seen(resourceId, metric, minuteOf(minute), azure)
      if (cells === 'gap') continue
      seenMinutes += 1
      for (const { dimensions, spread } of cells) add(found, lowerCased(dimensions), start, spread, filter)
    }
    if (seenMinutes === 0) gaps.add(start)
  }
  return { series: [...found.values()], starts, gaps }
}

function add(
  found: Map<string, Series>,
  dimensions: Record<string, string>,
  start: number,
  spread: Spread,
  filter: Filter,
): void {
  if (!passes(filter, dimensions)) return
  const values = Object.fromEntries(filter.dimensions.map((name) => [name, dimensions[name] ?? '']))
  const key = JSON.stringify(values)
  const known = found.get(key)
  if (!known) {
    found.set(key, { values, points: new Map([[start, spread]]), whole: spread })
    return
  }
  known.points.set(start, addTo(known.points.get(start), spread))
  known.whole = addTo(known.whole, spread)
}

const lowerCased = (dimensions: Record<string, string>) =>
  Object.fromEntries(Object.entries(dimensions).map(([name, value]) => [name.toLowerCase(), value]))

/** Undefined: there is no such number. */
export function aggregated(spread: Spread | undefined, aggregation: Aggregation): number | undefined {
  switch (aggregation) {
    // What is not there yet reads as nothing counted, not as unknown.
    case 'Total':
      return spread?.sum ?? 0
    case 'Count':
      return spread?.count ?? 0
    case 'Average':
      return spread && spread.sum / spread.count
    case 'Minimum':
      return spread?.least
    case 'Maximum':
      return spread?.most
  }
}

/** A point as the API tells it: without a value where there is none. */
export function pointOf(
  start: number,
  spread: Spread | undefined,
  isGap: boolean,
  aggregations: Aggregation[],
): Record<string, string | number> {
  const point: Record<string, string | number> = { timeStamp: iso(start).replace(/\.000Z$/, 'Z') }
  for (const aggregation of isGap ? [] : aggregations) {
    const value = aggregated(spread, aggregation)
    if (value !== undefined) point[aggregation.toLowerCase()] = value
  }
  return point
}
