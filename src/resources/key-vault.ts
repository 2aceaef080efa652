import { anyCase, anyClient, type Kind, type Resource, type Wanted } from './kind.ts'
import { id, type Place } from './place.ts'

/** Microsoft.KeyVault/vaults: roles instead of access policies, no public access. */
export const keyVault: Kind = {
  client: anyClient,
  apiVersion: '2023-07-01',
  lists: {},
  risks: {
    location: 'destructive',
    'properties.tenantId': 'destructive',
    'properties.enableRbacAuthorization': 'disruptive',
  },
  neverSent: ['properties.privateEndpointConnections', 'properties.hsmPoolResourceId'],
  canonical: { 'properties.publicNetworkAccess': anyCase, 'properties.sku.name': anyCase },
  conditional: false,
  timing: { usualMinutes: 1, pollSeconds: 5, graceSeconds: 120, patienceMinutes: 30 },
}

/**
 * Deletion is soft and lasts seven days, Azure's shortest. Purge protection is left as it is: once on it is on for ever, which is for
 * people to decide.
 */
export const managedKeyVault = (
  place: Place,
  name: string,
  tenantId: Wanted,
  needs: Resource[],
): Resource => ({
  key: `key-vault/${name}`,
  kind: 'key-vault',
  id: id(place, 'Microsoft.KeyVault', 'vaults', name),
  existing: false,
  dependsOn: needs.map(({ key }) => key),
  body: {
    location: place.location,
    tags: place.tags,
    properties: {
      tenantId,
      sku: { family: 'A', name: 'standard' },
      enableRbacAuthorization: true,
      accessPolicies: [],
      enableSoftDelete: true,
      softDeleteRetentionInDays: 7,
      publicNetworkAccess: 'Disabled',
      networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices' },
    },
  },
})
