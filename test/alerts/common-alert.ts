// Alerts as Azure Monitor sends them (azure-facts 10.4), written out here and not taken from the lab.
const account =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourcegroups/rg-contoso-ai/providers/microsoft.cognitiveservices/accounts/contoso-eus'

/** A throttling alert of one of our rules. */
export const throttlingAlert = (
  number: number,
  condition: 'Fired' | 'Resolved' = 'Fired',
  {
    essentials = {},
    context = {},
    fired = '2026-11-25T10:00:00.1234567Z',
  }: { essentials?: object; context?: object; fired?: string } = {},
) => ({
  schemaId: 'azureMonitorCommonAlertSchema',
  data: {
    essentials: {
      alertId: `/subscriptions/11111111-2222-4333-8444-555555555555/providers/Microsoft.AlertsManagement/alerts/${number}`,
      alertRule: 'ops-429-gpt-4o-contoso-eus-gpt-4o',
      severity: 'Sev2',
      signalType: 'Metric',
      monitorCondition: condition,
      monitoringService: 'Platform',
      alertTargetIDs: [account],
      configurationItems: ['contoso-eus'],
      originAlertId: 'origin_of_the_series',
      firedDateTime: fired,
      ...(condition === 'Resolved' ? { resolvedDateTime: '2026-11-25T10:09:00.1234567Z' } : {}),
      description: 'gpt-4o at contoso-eus turns calls away (pool gpt-4o)',
      essentialsVersion: '1.0',
      alertContextVersion: '1.0',
      ...essentials,
    },
    alertContext: {
      properties: { environment: 'contoso', pool: 'gpt-4o', backend: 'contoso-eus-gpt-4o' },
      conditionType: 'SingleResourceMultipleMetricCriteria',
      condition: {
        windowSize: 'PT5M',
        windowStartTime: '2026-11-25T09:52:00.000Z',
        windowEndTime: '2026-11-25T09:57:00.000Z',
        allOf: [
          {
            metricName: 'AzureOpenAIRequests',
            metricNamespace: 'Microsoft.CognitiveServices/accounts',
            operator: 'GreaterThan',
            threshold: '5',
            timeAggregation: 'Total',
            dimensions: [
              { name: 'StatusCode', value: '429' },
              { name: 'ModelDeploymentName', value: 'gpt-4o' },
            ],
            metricValue: 17.0,
            webTestName: null,
          },
        ],
      },
      ...context,
    },
    customProperties: {},
  },
})

export const healthAlert = (number: number, status = 'Unavailable') =>
  throttlingAlert(number, 'Fired', {
    essentials: { alertRule: 'health', signalType: 'Activity Log', monitoringService: 'Resource Health' },
    context: {
      condition: undefined,
      properties: { title: 'Down', cause: 'PlatformInitiated', currentHealthStatus: status },
    },
  })
