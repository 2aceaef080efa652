import type { Azure } from '../arm/azure.ts'
import { badRequest } from '../arm/errors.ts'
import type { Resource } from '../arm/kind.ts'
import { iso } from '../clock.ts'
import type { Aggregation } from '../providers/insights/metric-definitions.ts'
import { parseFilter } from './filter.ts'
import { AGGREGATIONS, aggregationsOf, checkDimensions, metricsFor } from './metrics-asked.ts'
import { aggregated, measure, pointOf, type Series } from './series.ts'
import { grainOf, type Timespan } from './timespan.ts'

/** The parameters that both forms of the query have (azure-facts 9.4, 9.5). */
export type MetricsQuery = {
  namespace: string | undefined
  metricNames: string | undefined
  span: Timespan
  interval: string | undefined
  adjustInterval?: boolean
  aggregation: string | undefined
  filter: string | undefined
  top: string | undefined
  orderBy: string | undefined
  isMetadata?: boolean
  /** false: an unknown dimension gives no series instead of an error. */
  validateDimensions?: boolean
}

export type MetricsResult = {
  interval: string
  namespace: string
  resourceregion: string
  value: object[]
}

const DEFAULT_TOP = 10

export function queryMetrics(resource: Resource, query: MetricsQuery, azure: Azure): MetricsResult {
  const metrics = metricsFor(resource, query)
  const filter = parseFilter(query.filter)
  if (query.validateDimensions !== false) for (const metric of metrics) checkDimensions(metric, filter)
  const grain = grainOf(query.interval, query.span, query.adjustInterval)
  return {
    interval: grain.name,
    namespace: resource.type,
    resourceregion: resource.location ?? 'global',
    value: metrics.map((metric) => {
      const aggregations = aggregationsOf(query.aggregation, metric)
      const measured = measure(
        {
          resourceId: resource.id,
          metric,
          span: query.span,
          first: grain.first,
          grainMs: grain.ms,
          filter,
        },
        azure,
      )
      const { starts, gaps } = measured
      const nothing: Series = { values: {}, points: new Map(), whole: { count: 0, sum: 0 } }
      const series =
        filter.dimensions.length > 0
          ? chosen(measured.series, query, aggregations[0] ?? metric.primary)
          : [measured.series[0] ?? nothing]
      return {
        id: `${resource.id}/providers/Microsoft.Insights/metrics/${metric.name}`,
        type: 'Microsoft.Insights/metrics',
        name: { value: metric.name, localizedValue: metric.name },
        displayDescription: metric.name,
        unit: metric.unit,
        timeseries: series.map(({ values, points }) => ({
          metadatavalues: Object.entries(values).map(([name, value]) => ({
            name: { value: name, localizedValue: name },
            value,
          })),
          data: query.isMetadata
            ? []
            : starts.map((start) => pointOf(start, points.get(start), gaps.has(start), aggregations)),
        })),
        errorCode: 'Success',
      }
    }),
  }
}

/** Ordered as asked, else by what they amount to; the first ten unless `top` says otherwise. */
function chosen(series: Series[], { top, orderBy }: MetricsQuery, primary: Aggregation): Series[] {
  const [by, direction = 'asc'] = (orderBy ?? `${primary} desc`).trim().split(/\s+/)
  const name = by?.toLowerCase() === 'sum' ? 'total' : by?.toLowerCase()
  const aggregation = AGGREGATIONS.find((one) => one.toLowerCase() === name)
  const most = top === undefined ? DEFAULT_TOP : Number(top)
  if (!aggregation || !/^(asc|desc)$/i.test(direction) || !Number.isInteger(most) || most < 1)
    throw badRequest('BadRequest', `Invalid top or orderby: ${top ?? ''} ${orderBy ?? ''}`.trim())
  const sign = direction.toLowerCase() === 'desc' ? -1 : 1
  const amount = ({ whole }: Series) => aggregated(whole, aggregation) ?? 0
  return series
    .toSorted(
      (one, other) =>
        sign * (amount(one) - amount(other)) ||
        JSON.stringify(one.values).localeCompare(JSON.stringify(other.values)),
    )
    .slice(0, most)
}

export const shownSpan = ({ from, until }: Timespan) => `${second(from)}/${second(until)}`
export const second = (at: number) => iso(at).replace(/\.\d+Z$/, 'Z')
