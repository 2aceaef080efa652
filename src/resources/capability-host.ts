import { cognitiveServicesVersion } from './account.ts'
import { anyClient, asExisting, type Kind, nameOf, type Resource } from './kind.ts'

const shared = {
  client: anyClient,
  apiVersion: cognitiveServicesVersion,
  lists: {},
  conditional: false,
} as const

/**
 * Microsoft.CognitiveServices/accounts/capabilityHosts: what runs the agents of an account. Azure makes it by itself once the account has
 * an agents' subnet, and says nothing for up to 20 minutes; a second one would be refused (azure-facts 7.2, 7.5).
 */
export const accountCapabilityHost: Kind = {
  ...shared,
  neverSent: [],
  risks: {},
  timing: { usualMinutes: 15, pollSeconds: 30, graceSeconds: 2700, patienceMinutes: 60 },
}

/** Microsoft.CognitiveServices/accounts/projects/capabilityHosts: made once, never changed. */
export const projectCapabilityHost: Kind = {
  ...shared,
  neverSent: [],
  risks: { properties: 'destructive' },
  // It tries its project's roles when the PUT arrives, and what it then lacks fails it a quarter of an hour later.
  restsAfter: { kind: 'role-assignment', seconds: 300 },
  timing: { usualMinutes: 15, pollSeconds: 30, graceSeconds: 300, patienceMinutes: 60 },
}

export const observedAccountHost = (account: Resource): Resource =>
  asExisting({
    key: `account-capability-host/${nameOf(account)}`,
    kind: 'account-capability-host',
    id: `${account.id}/capabilityHosts/${account.id.split('/').at(-1)}@aml_aiagentservice`,
    existing: true,
    dependsOn: [account.key],
    body: {},
  })

export interface HostConnections {
  vectors: Resource
  files: Resource
  threads: Resource
}

/** @param needs roles, endpoints and the account's own host: without any of these it fails after minutes */
export const managedProjectHost = (
  project: Resource,
  connections: HostConnections,
  needs: Resource[],
): Resource => ({
  key: `project-capability-host/${nameOf(project)}`,
  kind: 'project-capability-host',
  id: `${project.id}/capabilityHosts/agents`,
  existing: false,
  dependsOn: [project, ...Object.values<Resource>({ ...connections }), ...needs].map(({ key }) => key),
  body: {
    properties: {
      vectorStoreConnections: [connectionOf(connections.vectors)],
      storageConnections: [connectionOf(connections.files)],
      threadStorageConnections: [connectionOf(connections.threads)],
    },
  },
})

/** Hosts know connections by name, not by id. */
const connectionOf = ({ id }: Resource): string => id.split('/').at(-1) ?? ''
