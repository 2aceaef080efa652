import type { Azure } from '../arm/azure.ts'
import { keyOf } from '../arm/ids.ts'
import type { Resource } from '../arm/kind.ts'
import type { StaticCriterion } from '../providers/insights/alert-criteria.ts'
import { type MetricAlert, metricAlerts, WINDOWS } from '../providers/insights/metric-alerts.ts'
import { regionCode } from '../regions.ts'
import type { Reading } from './criteria.ts'
import { MINUTE_MS } from './minutes.ts'

export type Rule = Resource<MetricAlert>

/** An alert that has fired and not been resolved: one for each rule, resource and time series. */
export type FiredAlert = {
  ruleId: string
  targetId: string
  alertId: string
  firedAt: number
  /** Evaluations in a row in which the condition did not hold. */
  healthy: number
  dimensions: Reading['dimensions'][]
}

export const rulesOf = (azure: Azure): Rule[] => azure.all(metricAlerts.type) as unknown as Rule[]

export const windowMs = ({ windowSize }: MetricAlert) => WINDOWS[windowSize] * MINUTE_MS

/** Dynamic thresholds and web tests are stored and never evaluated: a rule that has one never fires. */
export function staticCriteria({ properties: { criteria } }: Rule): StaticCriterion[] {
  const all = criteria['odata.type'].includes('MultipleMetric')
    ? (criteria as { allOf: unknown[] }).allOf
    : []
  const known = all.filter(
    (one): one is StaticCriterion => (one as StaticCriterion).criterionType === 'StaticThresholdCriterion',
  )
  return known.length === all.length ? known : []
}

/** The scopes themselves; for a rule over several, also what of its type and region lies under them. */
export function targetsOf({ properties }: Rule, azure: Azure): Resource[] {
  const { scopes, targetResourceType, targetResourceRegion } = properties
  const isWanted = ({ type, location = '' }: Resource) =>
    (!targetResourceType || keyOf(type) === keyOf(targetResourceType)) &&
    (!targetResourceRegion || regionCode(location) === regionCode(targetResourceRegion))
  const ofType = targetResourceType ? azure.all(targetResourceType) : []
  const found = scopes.flatMap((scope) => [
    azure.find(scope),
    ...ofType.filter(({ id }) => keyOf(id).startsWith(`${keyOf(scope)}/`)),
  ])
  return [...new Set(found)].filter((resource) => resource !== undefined).filter(isWanted)
}
