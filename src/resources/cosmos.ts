import { deterministicGuid } from './deterministic-guid.ts'
import { anyClient, type Kind, type Resource, shortLocation } from './kind.ts'
import { id, type Place } from './place.ts'
import type { Principal } from './role-assignment.ts'

const shared = { client: anyClient, apiVersion: '2024-11-15', conditional: false } as const

/** Microsoft.DocumentDB/databaseAccounts: the agents' threads (azure-facts 7.3). It ends as `Succeeded` or, in older words, `Online`. */
export const cosmos: Kind = {
  ...shared,
  lists: {},
  risks: { location: 'destructive', kind: 'destructive', 'properties.locations': 'disruptive' },
  neverSent: [
    'properties.readLocations',
    'properties.writeLocations',
    'properties.failoverPolicies',
    'properties.keysMetadata',
    'properties.privateEndpointConnections',
  ],
  canonical: { 'properties.locations.locationName': shortLocation },
  status: { at: 'properties.provisioningState', rests: ['succeeded', 'online'] },
  timing: { usualMinutes: 8, pollSeconds: 20, graceSeconds: 120, patienceMinutes: 60 },
}

/** Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments: rights to data, which ARM's own roles do not give. */
export const cosmosRoleAssignment: Kind = {
  ...shared,
  lists: {},
  risks: { 'properties.principalId': 'destructive', 'properties.scope': 'destructive' },
  neverSent: [],
  timing: { usualMinutes: 0.5, pollSeconds: 10, graceSeconds: 300, patienceMinutes: 30 },
}

export const managedCosmos = (place: Place, name: string): Resource => ({
  key: `cosmos/${name}`,
  kind: 'cosmos',
  id: id(place, 'Microsoft.DocumentDB', 'databaseAccounts', name),
  existing: false,
  dependsOn: [],
  body: {
    location: place.location,
    tags: place.tags,
    kind: 'GlobalDocumentDB',
    properties: {
      databaseAccountOfferType: 'Standard',
      locations: [{ locationName: place.location, failoverPriority: 0, isZoneRedundant: false }],
      consistencyPolicy: { defaultConsistencyLevel: 'Session' },
      enableAutomaticFailover: false,
      disableLocalAuth: true,
      publicNetworkAccess: 'Disabled',
    },
  },
})

/** Built-in Data Contributor; the account's own definition of it, not ARM's. */
const dataContributor = '00000000-0000-0000-0000-000000000002'

/** `principal` may read and write the data of `database`, which must be there already. */
export function cosmosDataContributor(
  cosmos: Resource,
  database: string,
  principal: Principal,
  needs: Resource[],
): Resource {
  const scope = `${cosmos.id}/dbs/${database}`
  return {
    key: `cosmos-role-assignment/${principal.name}/${database}`,
    kind: 'cosmos-role-assignment',
    id: `${cosmos.id}/sqlRoleAssignments/${deterministicGuid(scope, dataContributor, principal.seed)}`,
    existing: false,
    dependsOn: [cosmos, ...principal.needs, ...needs].map(({ key }) => key),
    body: {
      properties: {
        roleDefinitionId: `${cosmos.id}/sqlRoleDefinitions/${dataContributor}`,
        principalId: principal.id,
        scope,
      },
    },
  }
}
