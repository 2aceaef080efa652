import { deterministicGuid } from './deterministic-guid.ts'
import {
  anyClient,
  isObject,
  type Json,
  type Kind,
  nameOf,
  type Resource,
  ref,
  type Wanted,
  type WantedObject,
} from './kind.ts'

/**
 * Microsoft.Authorization/roleAssignments. One is made and removed, hardly ever changed: only its condition may be. Azure shows a new one with
 * a delay, and does not know a new identity for minutes (`PrincipalNotFound`).
 */
export const roleAssignment: Kind = {
  client: anyClient,
  apiVersion: '2022-04-01',
  lists: {},
  risks: {
    'properties.roleDefinitionId': 'destructive',
    'properties.principalId': 'destructive',
    'properties.principalType': 'destructive',
  },
  neverSent: [
    'properties.scope',
    'properties.createdOn',
    'properties.createdBy',
    'properties.updatedOn',
    'properties.updatedBy',
  ],
  derived: { 'properties.condition': condition },
  conditional: false,
  timing: { usualMinutes: 0.1, pollSeconds: 5, graceSeconds: 300, patienceMinutes: 30 },
}

/** Role definitions by what they are for (azure-facts 8.1). */
export const roles = {
  'openai-user': '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd',
  'foundry-user': '53ca6127-db72-4b80-b1b0-d745d6d5456d',
  'blob-data-contributor': 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
  'blob-data-owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
  'search-index-data-contributor': '8ebe5a00-799e-43f5-93ac-243d3dce84a7',
  'search-service-contributor': '7ca78c08-252a-4471-8644-bb5ff32d4ba0',
  'cosmos-operator': '230815da-be43-4aae-9cb4-875f7bd000aa',
  'event-hubs-data-sender': '2b629674-e913-4c01-ae53-ef4638d8f975',
} as const
export type Role = keyof typeof roles

/** Whom a role is given to. */
export interface Principal {
  /** What keys call it. */
  name: string
  /** What the names of its assignments are made from: known before the identity itself is. */
  seed: string
  /** Object id, or where it will be read. */
  id: Wanted
  type: 'User' | 'Group' | 'ServicePrincipal'
  needs: Resource[]
}

export const identityOf = (resource: Resource): Principal => ({
  name: nameOf(resource),
  seed: resource.id,
  id: ref(resource, 'identity', 'principalId'),
  type: 'ServicePrincipal',
  needs: [resource],
})

/** @param further the conditions under which it holds, or what else must be there first */
export const managedRoleAssignment = (
  scope: Resource,
  role: Role,
  principal: Principal,
  further: { condition?: WantedObject; needs?: Resource[] } = {},
): Resource => ({
  ...roleAssignmentAt(scope.id, nameOf(scope), role, principal, further.condition),
  dependsOn: [scope, ...principal.needs, ...(further.needs ?? [])].map(({ key }) => key),
})

/** On something that is none of the environment's resources. */
export const roleAssignmentAt = (
  scope: string,
  scopeName: string,
  role: Role,
  principal: Principal,
  condition?: WantedObject,
): Resource => ({
  key: `role-assignment/${principal.name}/${role}/${scopeName}`,
  kind: 'role-assignment',
  id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${deterministicGuid(scope, roles[role], principal.seed)}`,
  existing: false,
  dependsOn: principal.needs.map(({ key }) => key),
  body: {
    properties: {
      roleDefinitionId: `/subscriptions/${scope.split('/')[2]}/providers/Microsoft.Authorization/roleDefinitions/${roles[role]}`,
      principalId: principal.id,
      // Without it Azure looks the identity up, and a new one is not found.
      principalType: principal.type,
      ...(condition ? { condition, conditionVersion: '2.0' } : {}),
    },
  },
})

const blobs = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs'
const container = '@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name]'

/** `{ containersOf: internalId of a project }` as the condition that lets in its own agents' containers only (azure-facts 7.6). */
function condition(described: Json): Json {
  if (!isObject(described)) return described
  const workspace = String(described['containersOf']).replace(
    /^(.{8})(.{4})(.{4})(.{4})(.{12})$/,
    '$1-$2-$3-$4-$5',
  )
  const others = ['tags/read', 'filter/action', 'tags/write'].map(
    (action) => `!(ActionMatches{'${blobs}/${action}'})`,
  )
  const own = `${container} StringStartsWithIgnoreCase '${workspace}' AND ${container} StringLikeIgnoreCase '*-azureml-agent'`
  return `((${others.join(' AND ')}) OR (${own}))`
}
