import type { Azure } from '../arm/azure.ts'
import { keyOf, nameOf } from '../arm/ids.ts'
import { iso } from '../clock.ts'
import { type FiredAlert, type Rule, staticCriteria } from './rules.ts'
import type { Timespan } from './timespan.ts'

/** An alert as it is told: fired with the values of its criteria, or resolved. */
export type Incident = { rule: Rule; alert: FiredAlert; span: Timespan } & (
  | { values: number[] }
  | { resolvedAt: number }
)

type Properties = Record<string, string>

/** The common alert schema of a platform metric, azure-facts 10.4. */
export function metricPayload(incident: Incident, properties: Properties, azure: Azure): object {
  const { rule, alert, span } = incident
  const { severity, description, windowSize, criteria } = rule.properties
  const isResolved = 'resolvedAt' in incident
  return {
    schemaId: 'azureMonitorCommonAlertSchema',
    data: {
      essentials: {
        alertId: alertIdOf(alert.alertId, azure),
        alertRule: nameOf(rule.id),
        severity: `Sev${severity}`,
        signalType: 'Metric',
        monitorCondition: isResolved ? 'Resolved' : 'Fired',
        monitoringService: 'Platform',
        alertTargetIDs: [keyOf(alert.targetId)],
        configurationItems: [nameOf(alert.targetId)],
        originAlertId: originOf(alert, rule.id),
        firedDateTime: iso(alert.firedAt),
        ...(isResolved ? { resolvedDateTime: iso(incident.resolvedAt) } : {}),
        description: description ?? '',
        essentialsVersion: '1.0',
        alertContextVersion: '1.0',
      },
      alertContext: {
        properties,
        conditionType: criteria['odata.type'].split('.').at(-1),
        condition: {
          windowSize,
          windowStartTime: iso(span.from),
          windowEndTime: iso(span.until),
          allOf: staticCriteria(rule).map((criterion, index) => ({
            metricName: criterion.metricName,
            metricNamespace: criterion.metricNamespace ?? rule.properties.targetResourceType ?? '',
            operator: criterion.operator,
            threshold: String(criterion.threshold),
            timeAggregation: criterion.timeAggregation,
            dimensions: alert.dimensions[index] ?? [],
            ...('values' in incident ? { metricValue: incident.values[index] } : {}),
            webTestName: null,
          })),
        },
      },
      customProperties: {},
    },
  }
}

export const alertIdOf = (guid: string, { subscriptionId }: Azure) =>
  `/subscriptions/${subscriptionId}/providers/Microsoft.AlertsManagement/alerts/${guid}`

const originOf = ({ alertId }: FiredAlert, ruleId: string) =>
  `${ruleId.split('/').slice(2).join('_').toLowerCase()}_${alertId}`
