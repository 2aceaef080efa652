import type { WantedObject } from '../resources/kind.ts'

/** Loggers (service/loggers) and the diagnostic that token metrics need. Identity everywhere: no connection string carries a key. */

export interface EventHub {
  namespace: string
  hub: string
  /** Host suffix of the cloud. */
  suffix?: string
}

/** API Management's own identity needs Azure Event Hubs Data Sender on the hub. */
export const eventHubLogger = ({
  namespace,
  hub,
  suffix = 'servicebus.windows.net',
}: EventHub): WantedObject => ({
  properties: {
    loggerType: 'azureEventHub',
    description: 'Every attempt to call a model backend',
    // The address has no scheme (azure-facts 6.5).
    credentials: { name: hub, endpointAddress: `${namespace}.${suffix}`, identityClientId: 'SystemAssigned' },
  },
})

export const applicationInsightsLogger = (resourceId: string, connectionString: string): WantedObject => ({
  properties: {
    loggerType: 'applicationInsights',
    resourceId,
    credentials: { connectionString, identityClientId: 'SystemAssigned' },
  },
})

/** For `diagnostics/applicationinsights`. Metrics only: no prompt and no answer is copied anywhere. */
export const tokenMetricsDiagnostic = (loggerId: string): WantedObject => ({
  properties: { loggerId, metrics: true },
})
