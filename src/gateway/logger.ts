import type { WantedObject } from '../resources/kind.ts'

/** The gateway's logger (service/loggers). Identity everywhere: no connection string carries a key. */

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
