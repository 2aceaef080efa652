import { textAt } from '../environment/raw.ts'
import type { JsonObject, Resource } from '../resources/kind.ts'
import type { Place } from '../resources/place.ts'

/** What stands in a resource group, as Azure tells it: bodies in ARM's own shape. */
export interface Found {
  subscriptionId: string
  /** As Azure spells it. */
  resourceGroup: string
  location: string
  /** Tracked resources of the group: id, type, tags. */
  contents: JsonObject[]
  /** Bodies by the lower-case id of their collection, or by their own where one was read alone; what could not be read is absent. */
  lists: ReadonlyMap<string, JsonObject[]>
}

export const groupId = ({ subscriptionId, resourceGroup }: Pick<Found, 'subscriptionId' | 'resourceGroup'>) =>
  `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`

export const types = {
  networks: 'Microsoft.Network/virtualNetworks',
  endpoints: 'Microsoft.Network/privateEndpoints',
  zones: 'Microsoft.Network/privateDnsZones',
  services: 'Microsoft.ApiManagement/service',
  accounts: 'Microsoft.CognitiveServices/accounts',
  storage: 'Microsoft.Storage/storageAccounts',
  search: 'Microsoft.Search/searchServices',
  cosmos: 'Microsoft.DocumentDB/databaseAccounts',
  keyVault: 'Microsoft.KeyVault/vaults',
  assignments: 'Microsoft.Authorization/roleAssignments',
} as const

/** Bodies of a collection, by its id; none where it could not be read. */
export const listed = (found: Found, collectionId: string): JsonObject[] =>
  found.lists.get(collectionId.toLowerCase()) ?? []

/** Bodies of a type in the group, such as `Microsoft.Network/virtualNetworks`. */
export const inGroup = (found: Found, type: string): JsonObject[] =>
  listed(found, `${groupId(found)}/providers/${type}`)

export const idOf = (body: unknown): string => textAt(body, 'id') ?? ''

/** Children carry their parents' names in front of their own; the id ends in theirs alone. */
export const nameOf = (body: unknown): string => lastOf(idOf(body))

export const lastOf = (id: string): string => id.split('/').at(-1) ?? ''

export const placeOf = ({ subscriptionId, resourceGroup, location }: Found): Place => ({
  subscriptionId,
  resourceGroup,
  location,
  tags: {},
})

/** What stands under an id, for builders that name things after what they belong to. */
export const standing = (id: string): Resource => ({
  key: id,
  kind: '',
  id,
  existing: true,
  dependsOn: [],
  body: {},
})
