import type { Resource } from '../resources/kind.ts'
import { identityOf, managedRoleAssignment, type Principal } from '../resources/role-assignment.ts'
import type { Area, Data, Foundry, Network } from './area.ts'

/** Who may call what: the gateway the models, people and the canary what docs/roles.md says, and nobody more. */
export function expandAccess(
  { document, surroundings }: Area,
  network: Network,
  data: Data,
  foundry: Foundry,
): Resource[] {
  const gateway = identityOf(network.apim)
  const canary = surroundings.probeIdentities?.probe
  return [
    ...foundry.accounts.map(({ account }) => managedRoleAssignment(account, 'openai-user', gateway)),
    ...document.access.flatMap(({ principal, type }) =>
      responsesUser(known(principal, principal, type), data, foundry),
    ),
    ...(canary ? responsesUser(known('probe', canary.principalId, 'ServicePrincipal'), data, foundry) : []),
  ]
}

const known = (name: string, objectId: string, type: Principal['type']): Principal => ({
  name,
  seed: objectId,
  id: objectId,
  type,
  needs: [],
})

/** What the Responses API takes with data of one's own, and not a right more. */
const responsesUser = (principal: Principal, data: Data, { accounts }: Foundry): Resource[] => [
  ...accounts.map(({ account }) => managedRoleAssignment(account, 'openai-user', principal)),
  ...(data.storage ? [managedRoleAssignment(data.storage, 'blob-data-contributor', principal)] : []),
  ...(data.search ? [managedRoleAssignment(data.search, 'search-index-data-contributor', principal)] : []),
  ...accounts.flatMap(({ project }) =>
    project ? [managedRoleAssignment(project, 'foundry-user', principal)] : [],
  ),
]
