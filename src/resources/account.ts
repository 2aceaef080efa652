import { anyClient, type Kind, type Resource } from './kind.ts'
import { id, type Place } from './place.ts'

/** Everything under Microsoft.CognitiveServices is spoken at this version. */
export const cognitiveServicesVersion = '2025-09-01'

/**
 * Microsoft.CognitiveServices/accounts of kind AIServices: a Foundry account (azure-facts 7.1). A PUT without `networkInjections` was seen
 * to take the agents' subnet away; so it is in the description, and travels with every write. The account goes back to `Accepted` after each
 * write to it and to what is under it.
 */
export const account: Kind = {
  client: anyClient,
  apiVersion: cognitiveServicesVersion,
  lists: {},
  risks: {
    location: 'destructive',
    kind: 'destructive',
    'properties.customSubDomainName': 'destructive',
    // Whether it can be put back in place is not written down: a person should be there.
    'properties.networkInjections': 'disruptive',
  },
  neverSent: [
    'properties.privateEndpointConnections',
    'properties.endpoint',
    'properties.endpoints',
    'properties.capabilities',
    'properties.callRateLimit',
    'properties.quotaLimit',
    'properties.internalId',
    'properties.dateCreated',
    'properties.isMigrated',
    'properties.skuChangeInfo',
  ],
  conditional: false,
  timing: { usualMinutes: 3, pollSeconds: 15, graceSeconds: 300, patienceMinutes: 60 },
}

/** @param agentSubnet the subnet its agents run in; exclusive to one account */
export const managedAccount = (
  place: Place,
  spec: { name: string; location: string },
  agentSubnet: Resource | undefined,
): Resource => ({
  key: `account/${spec.name}`,
  kind: 'account',
  id: id(place, 'Microsoft.CognitiveServices', 'accounts', spec.name),
  existing: false,
  dependsOn: agentSubnet ? [agentSubnet.key] : [],
  body: {
    location: spec.location,
    tags: place.tags,
    kind: 'AIServices',
    sku: { name: 'S0' },
    identity: { type: 'SystemAssigned' },
    properties: {
      allowProjectManagement: true,
      customSubDomainName: subDomain(spec.name),
      publicNetworkAccess: 'Disabled',
      disableLocalAuth: true,
      networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices' },
      ...(agentSubnet
        ? {
            networkInjections: [
              { scenario: 'agent', subnetArmId: agentSubnet.id, useMicrosoftManagedNetwork: false },
            ],
          }
        : {}),
    },
  },
})

/** Tokens and private endpoints need one; it is chosen once and for ever. */
export const subDomain = (accountName: string): string => accountName.toLowerCase()
