import { managedProjectHost } from '../resources/capability-host.ts'
import { cosmosDataContributor } from '../resources/cosmos.ts'
import { type Resource, ref } from '../resources/kind.ts'
import { identityOf, managedRoleAssignment } from '../resources/role-assignment.ts'
import type { Data } from './area.ts'
import type { Connections } from './expand-connections.ts'

/** Where the agent service keeps threads; the host makes it. */
const threadsDatabase = 'enterprise_memory'

/**
 * What runs the agents of a project: the roles its identity needs before the capability host, the host, and the roles on what the host has
 * made (azure-facts 7.2 steps 9 to 11).
 */
export function expandAgents(
  project: Resource,
  { storage, search, cosmos }: Data,
  { files, vectors, threads }: Connections,
  needs: Resource[],
): Resource[] {
  if (!storage || !search || !cosmos || !files || !vectors || !threads) return []
  const identity = identityOf(project)
  const before = [
    managedRoleAssignment(storage, 'blob-data-contributor', identity),
    managedRoleAssignment(cosmos, 'cosmos-operator', identity),
    managedRoleAssignment(search, 'search-index-data-contributor', identity),
    managedRoleAssignment(search, 'search-service-contributor', identity),
  ]
  const host = managedProjectHost(project, { files, vectors, threads }, [...before, ...needs])
  return [
    ...before,
    host,
    managedRoleAssignment(storage, 'blob-data-owner', identity, {
      condition: { containersOf: ref(project, 'properties', 'internalId') },
      needs: [host],
    }),
    cosmosDataContributor(cosmos, threadsDatabase, identity, [host]),
  ]
}
