import type { Azure } from '../arm/azure.ts'
import type { Resource } from '../arm/kind.ts'
import type { StaticCriterion } from '../providers/insights/alert-criteria.ts'
import { metricsOf } from '../providers/insights/metric-definitions.ts'
import { aggregated, measure } from './series.ts'
import type { Timespan } from './timespan.ts'

/** One time series of a criterion, and the number that its window comes to. */
export type Reading = { dimensions: { name: string; value: string }[]; value: number; isMet: boolean }

/**
 * What is seen now of a criterion's window (azure-facts 10.2). Every dimension that it names splits: each combination of values is a time
 * series of its own. A series of which nothing is seen is not there.
 */
export function readings(
  resource: Resource,
  criterion: StaticCriterion,
  span: Timespan,
  azure: Azure,
): Reading[] {
  const metric = metricsOf(criterion.metricNamespace ?? resource.type)?.find(
    ({ name }) => name.toLowerCase() === criterion.metricName.toLowerCase(),
  )
  if (!metric?.measure) return []
  const wanted = criterion.dimensions ?? []
  const names = wanted.map(({ name }) => name.toLowerCase())
  const { series } = measure(
    {
      resourceId: resource.id,
      metric,
      span,
      first: span.from,
      grainMs: span.until - span.from,
      filter: { groups: [], dimensions: names },
    },
    azure,
  )
  return series
    .filter(({ values }) =>
      wanted.every(({ name, operator, values: listed }) => {
        const isListed = includes(listed, values[name.toLowerCase()] ?? '')
        return operator === 'Include' ? isListed : !isListed
      }),
    )
    .flatMap(({ values, whole }) => {
      const value = aggregated(whole, criterion.timeAggregation)
      if (value === undefined) return []
      const dimensions = wanted.map(({ name }) => ({ name, value: values[name.toLowerCase()] ?? '' }))
      return [{ dimensions, value, isMet: COMPARE[criterion.operator](value, criterion.threshold) }]
    })
}

const includes = (listed: string[], value: string) =>
  listed.some((one) => one === '*' || one.toLowerCase() === value.toLowerCase())

const COMPARE: Record<StaticCriterion['operator'], (value: number, threshold: number) => boolean> = {
  Equals: (value, threshold) => value === threshold,
  GreaterThan: (value, threshold) => value > threshold,
  GreaterThanOrEqual: (value, threshold) => value >= threshold,
  LessThan: (value, threshold) => value < threshold,
  LessThanOrEqual: (value, threshold) => value <= threshold,
}
