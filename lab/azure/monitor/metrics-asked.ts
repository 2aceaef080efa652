import { badRequest } from '../arm/errors.ts'
import type { Resource } from '../arm/kind.ts'
import {
  type Aggregation,
  type MetricDefinition,
  metricsOf,
} from '../providers/insights/metric-definitions.ts'
import type { Filter } from './filter.ts'
import type { MetricsQuery } from './metrics-query.ts'

const MOST_METRICS = 20
export const AGGREGATIONS: Aggregation[] = ['Average', 'Count', 'Minimum', 'Maximum', 'Total']

/** Those asked for, each of which has to be there and to be measured. */
export function metricsFor(resource: Resource, { namespace, metricNames }: MetricsQuery): MetricDefinition[] {
  const { type } = resource
  const known = namespace && namespace.toLowerCase() !== type.toLowerCase() ? undefined : metricsOf(type)
  if (!known)
    throw badRequest(
      'BadRequest',
      `The metric namespace ${namespace ?? type} is not available for ${resource.id}.`,
    )
  const names = metricNames?.split(',').map((name) => name.trim()) ?? []
  if (names.length > MOST_METRICS)
    throw badRequest(
      'BadRequest',
      `Requested metrics count: ${names.length} bigger than allowed max: ${MOST_METRICS}`,
    )
  const [first] = known
  if (names.length === 0 && first) return [first]
  return names.map((name) => metricNamed(name, known, type))
}

function metricNamed(name: string, known: MetricDefinition[], type: string): MetricDefinition {
  const metric = known.find((one) => one.name.toLowerCase() === name.toLowerCase())
  const [provider, ...types] = type.split('/')
  if (!metric)
    throw badRequest(
      'BadRequest',
      `Failed to find metric configuration for provider: ${provider}, resource Type: ${types.join('/')}, metric: ${name}, Valid metrics: ${known.map((one) => one.name).join(',')}`,
    )
  if (!metric.measure)
    throw badRequest(
      'BadRequest',
      `The metric ${metric.name} exists in Azure and is not measured by the simulated Azure (lab/azure/README.md).`,
    )
  return metric
}

export function checkDimensions(metric: MetricDefinition, { dimensions }: Filter): void {
  const known = metric.dimensions.map((name) => name.toLowerCase())
  const unknown = dimensions.filter((name) => !known.includes(name))
  if (unknown.length > 0)
    throw badRequest(
      'BadRequest',
      `Metric: ${metric.name} does not support requested dimension combination: ${unknown.join(',')}, supported ones are: ${metric.dimensions.join(',')}`,
    )
}

export function aggregationsOf(asked: string | undefined, { primary }: MetricDefinition): Aggregation[] {
  if (!asked) return [primary]
  return asked.split(',').map((name) => {
    const found = AGGREGATIONS.find((one) => one.toLowerCase() === name.trim().toLowerCase())
    if (found) return found
    throw badRequest('BadRequest', `Invalid aggregation type: ${name}. Valid ones: ${AGGREGATIONS.join(',')}`)
  })
}
