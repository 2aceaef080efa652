import { anyCase, anyClient, type Kind, type Resource } from './kind.ts'
import { id, type Place } from './place.ts'

/** Microsoft.Search/searchServices: the agents' vector store (azure-facts 7.3). It writes its own words in lower case. */
export const search: Kind = {
  client: anyClient,
  apiVersion: '2025-05-01',
  lists: {},
  risks: { location: 'destructive', sku: 'destructive', 'properties.hostingMode': 'destructive' },
  neverSent: ['properties.privateEndpointConnections', 'properties.sharedPrivateLinkResources'],
  canonical: {
    'properties.publicNetworkAccess': anyCase,
    'properties.hostingMode': anyCase,
    'properties.networkRuleSet.bypass': anyCase,
    'properties.semanticSearch': anyCase,
  },
  conditional: false,
  timing: { usualMinutes: 5, pollSeconds: 15, graceSeconds: 120, patienceMinutes: 60 },
}

/** The smallest tier with private endpoints for agents. */
export const managedSearch = (place: Place, name: string): Resource => ({
  key: `search/${name}`,
  kind: 'search',
  id: id(place, 'Microsoft.Search', 'searchServices', name),
  existing: false,
  dependsOn: [],
  body: {
    location: place.location,
    tags: place.tags,
    sku: { name: 'standard' },
    identity: { type: 'SystemAssigned' },
    properties: {
      replicaCount: 1,
      partitionCount: 1,
      hostingMode: 'default',
      semanticSearch: 'disabled',
      publicNetworkAccess: 'disabled',
      networkRuleSet: { bypass: 'None' },
      disableLocalAuth: true,
      // How to fail without a key is not to be said where keys are off.
      authOptions: null,
    },
  },
})
