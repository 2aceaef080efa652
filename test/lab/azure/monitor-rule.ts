import type { Monitored } from './monitor-world.ts'

export const SINGLE = 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'

export const dimension = (name: string, values: string[], operator = 'Include') => ({
  name,
  operator,
  values,
})

export const CRITERION = {
  criterionType: 'StaticThresholdCriterion',
  name: 'throttled',
  metricNamespace: 'Microsoft.CognitiveServices/accounts',
  metricName: 'AzureOpenAIRequests',
  operator: 'GreaterThan',
  threshold: 5,
  timeAggregation: 'Total',
  dimensions: [dimension('StatusCode', ['429']), dimension('ModelDeploymentName', ['small'])],
  skipMetricValidation: true,
}

/** The rule that the product derives for a member of a pool (azure-facts 10.2). */
export function putRule(
  world: Monitored,
  changed: object = {},
  criterion: object = {},
  name = 'ops-429-gpt-4o-eus',
) {
  const id = world.at(`Insights/metricAlerts/${name}`)
  world.put(
    id,
    {
      description: 'small at contoso-eus turns calls away',
      enabled: true,
      severity: 2,
      scopes: [world.account],
      evaluationFrequency: 'PT1M',
      windowSize: 'PT5M',
      autoMitigate: true,
      criteria: { 'odata.type': SINGLE, allOf: [{ ...CRITERION, ...criterion }] },
      actions: [
        {
          actionGroupId: world.at('Insights/actionGroups/ag-ops'),
          webHookProperties: { environment: 'contoso', pool: 'gpt-4o', backend: 'eus' },
        },
      ],
      ...changed,
    },
    { location: 'global' },
  )
  return id
}
