import { anyClient, instant, type Kind, nameOf, type Resource } from './kind.ts'
import { id, type Place } from './place.ts'

/** Microsoft.Insights/metricAlerts (azure-facts 10.2). */
export const metricAlert: Kind = {
  client: anyClient,
  apiVersion: '2018-03-01',
  lists: {},
  risks: {},
  neverSent: ['properties.lastUpdatedTime', 'properties.isMigrated'],
  conditional: false,
  timing: instant,
}

export interface ThrottlingAlert {
  environment: string
  pool: string
  backend: string
  deployment: string
  /** OpenAI's own models are counted under another name than everybody else's. */
  metric: 'AzureOpenAIRequests' | 'ModelRequests'
  actionGroupId: string
}

/**
 * More calls turned away within the window than a bad second explains. Low, because breakers hide the rest: a member that says 429 is called again
 * only when its Retry-After has passed, so that an overloaded one shows two in a minute (one per gateway unit) however great the load. It only opens
 * an episode: measuring is the rebalancer's.
 */
const turnedAway = 2

/** Fires when `deployment` of `account` says 429. */
export const managedThrottlingAlert = (
  place: Place,
  account: Resource,
  deployment: Resource,
  alert: ThrottlingAlert,
): Resource => {
  const name = `ops-429-${alert.pool}-${alert.backend}`
  const dimension = (of: string, value: string) => ({ name: of, operator: 'Include', values: [value] })
  return {
    key: `metric-alert/${name}`,
    kind: 'metric-alert',
    id: id(place, 'Microsoft.Insights', 'metricAlerts', name),
    existing: false,
    dependsOn: [account.key, deployment.key],
    body: {
      location: 'global',
      tags: place.tags,
      properties: {
        description: `${alert.deployment} at ${nameOf(account)} turns calls away (pool ${alert.pool})`,
        enabled: true,
        severity: 2,
        scopes: [account.id],
        evaluationFrequency: 'PT1M',
        windowSize: 'PT5M',
        autoMitigate: true,
        criteria: {
          'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria',
          allOf: [
            {
              criterionType: 'StaticThresholdCriterion',
              name: 'throttled',
              metricNamespace: 'Microsoft.CognitiveServices/accounts',
              metricName: alert.metric,
              operator: 'GreaterThan',
              threshold: turnedAway,
              timeAggregation: 'Total',
              dimensions: [
                dimension('StatusCode', '429'),
                dimension('ModelDeploymentName', alert.deployment),
              ],
              // The metric exists only once the deployment has been called.
              skipMetricValidation: true,
            },
          ],
        },
        actions: [
          {
            actionGroupId: alert.actionGroupId,
            webHookProperties: {
              environment: alert.environment,
              pool: alert.pool,
              backend: alert.backend,
            },
          },
        ],
      },
    },
  }
}
