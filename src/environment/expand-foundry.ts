import { managedAccount } from '../resources/account.ts'
import { observedAccountHost } from '../resources/capability-host.ts'
import { asExisting, type Resource } from '../resources/kind.ts'
import { managedModelDeployment } from '../resources/model-deployment.ts'
import { managedProject } from '../resources/project.ts'
import { identityOf, managedRoleAssignment } from '../resources/role-assignment.ts'
import type { Area, Data, Foundry, FoundryAccount, Network } from './area.ts'
import { expandAgents } from './expand-agents.ts'
import { expandConnections } from './expand-connections.ts'
import { endpointOf } from './expand-endpoints.ts'

/** The accounts with what is in them, in the order of azure-facts 7.2. */
export function expandFoundry(area: Area, network: Network, data: Data): Foundry {
  const accounts = area.document.foundry.accounts.map((spec) => expandAccount(area, network, spec))
  const endpoints = new Map(
    accounts.map(({ account, deployments, project }) => [
      account.key,
      // An account is not at rest while something is made in it, and then refuses an endpoint: last comes the endpoint.
      endpointOf(area, network, account, 'account', [...deployments.values(), ...(project ? [project] : [])]),
    ]),
  )
  const agents = accounts.flatMap((it) => {
    const { account, project, spec } = it
    if (!project || project.existing) return []
    const connections = expandConnections(area, network, data, project, accounts)
    // What a project calls through its connections it calls as itself.
    const callsModels = accounts.map((other) =>
      managedRoleAssignment(other.account, 'openai-user', identityOf(project)),
    )
    const connected = [...connections.resources, ...callsModels]
    if (!spec.agents) return connected
    const host = observedAccountHost(account)
    const needs = [host, ...(endpoints.get(account.key) ?? []), ...data.reachable]
    return [host, ...connected, ...expandAgents(project, data, connections, needs)]
  })
  return {
    resources: [
      ...accounts.flatMap(({ account, deployments, project }) => [
        account,
        ...deployments.values(),
        ...(project ? [project] : []),
      ]),
      ...[...endpoints.values()].flat(),
      ...agents,
    ],
    accounts,
  }
}

function expandAccount({ place }: Area, network: Network, spec: FoundryAccount['spec']): FoundryAccount {
  const owned = (resource: Resource) => (spec.existing ? asExisting(resource) : resource)
  const account = owned(managedAccount(place, spec, spec.agents ? network.agentSubnet : undefined))
  return {
    spec,
    account,
    deployments: new Map(
      spec.deployments.map((deployment) => [
        deployment.name.toLowerCase(),
        owned(managedModelDeployment(place, account, deployment)),
      ]),
    ),
    project:
      spec.project === undefined
        ? undefined
        : owned(managedProject(place, account, { name: spec.project, location: spec.location })),
  }
}
