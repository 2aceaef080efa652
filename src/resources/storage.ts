import { anyClient, type Kind, type Resource } from './kind.ts'
import { id, type Place } from './place.ts'

/** Microsoft.Storage/storageAccounts: the agents' files (azure-facts 7.3). No keys, no public access. */
export const storage: Kind = {
  client: anyClient,
  apiVersion: '2024-01-01',
  lists: {},
  risks: { location: 'destructive', kind: 'destructive', sku: 'disruptive' },
  neverSent: ['properties.privateEndpointConnections'],
  conditional: false,
  timing: { usualMinutes: 0.5, pollSeconds: 5, graceSeconds: 120, patienceMinutes: 30 },
}

/** Regions without zone-redundant storage. */
const withoutZones = new Set(['southindia', 'westus'])

export const managedStorage = (place: Place, name: string): Resource => ({
  key: `storage/${name}`,
  kind: 'storage',
  id: id(place, 'Microsoft.Storage', 'storageAccounts', name),
  existing: false,
  dependsOn: [],
  body: {
    location: place.location,
    tags: place.tags,
    kind: 'StorageV2',
    sku: { name: withoutZones.has(place.location) ? 'Standard_GRS' : 'Standard_ZRS' },
    properties: {
      minimumTlsVersion: 'TLS1_2',
      supportsHttpsTrafficOnly: true,
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: false,
      publicNetworkAccess: 'Disabled',
      networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices' },
    },
  },
})
