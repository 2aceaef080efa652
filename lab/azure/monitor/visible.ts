import type { Azure } from '../arm/azure.ts'
import { keyOf } from '../arm/ids.ts'
import type { MetricDefinition } from '../providers/insights/metric-definitions.ts'
import { type Cell, type MetricMinute, MINUTE_MS, minuteAt, type Spread } from './minutes.ts'

/** Of all points, those that come in two parts: first some of it, the whole minutes later. */
const LATE_SHARE = 0.03
const LEAST_PART = 0.2
const MOST_PART = 0.9

/** When a point can be seen at all, and when it is whole. Drawn by resource, metric and minute. */
function arrivalOf(resourceId: string, metric: string, minute: number, azure: Azure) {
  const purpose = [keyOf(resourceId), metric, minute]
  const end = minute + MINUTE_MS
  const visibleAt = end + azure.delayMs('metricVisible', ...purpose)
  const isLate = azure.draw.fraction('late point', ...purpose) < LATE_SHARE
  return { visibleAt, wholeAt: isLate ? visibleAt + azure.delayMs('metricWhole', ...purpose) : visibleAt }
}

/** What a query sees of one minute now: its cells of that metric, or a gap where a fault makes one. */
export function seen(
  resourceId: string,
  metric: MetricDefinition,
  minute: number,
  azure: Azure,
): { dimensions: Record<string, string>; spread: Spread }[] | 'gap' {
  if (isGap(resourceId, metric.name, minute, azure)) return 'gap'
  const known = minuteAt(resourceId, minute, azure)
  if (!known) return []
  const now = azure.clock.now()
  const { visibleAt, wholeAt } = arrivalOf(resourceId, metric.name, minute, azure)
  if (now < visibleAt) return []
  const part = now < wholeAt ? partOf(known, metric.name, azure) : 1
  return known.cells.flatMap(({ dimensions, measures, format }: Cell) => {
    const spread = measures[metric.measure ?? '']
    if (!spread || (metric.only && format !== metric.only)) return []
    const some = scaled(spread, part)
    return some.count > 0 ? [{ dimensions, spread: some }] : []
  })
}

const partOf = ({ resourceId, minute }: MetricMinute, metric: string, azure: Azure) =>
  azure.draw.between([LEAST_PART, MOST_PART], 'part of a point', keyOf(resourceId), metric, minute)

const scaled = ({ count, sum, ...extremes }: Spread, part: number): Spread =>
  part === 1
    ? { count, sum, ...extremes }
    : { count: Math.floor(count * part), sum: Math.floor(sum * part), ...extremes }

/** A fault with `metricGapShare` whose path matches the resource: that share of its minutes has no point. */
function isGap(resourceId: string, metric: string, minute: number, azure: Azure): boolean {
  for (const { match, do: does } of azure.world.faults.values()) {
    const { metricGapShare } = does
    if (metricGapShare === undefined) continue
    if (match.path && !new RegExp(match.path, 'i').test(resourceId)) continue
    if (azure.draw.fraction('gap', keyOf(resourceId), metric, minute) < metricGapShare) return true
  }
  return false
}
