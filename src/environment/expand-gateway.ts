import { tokenPath } from '../gateway/api.ts'
import { agentOperations, type Operation, operations } from '../gateway/operations.ts'
import { apiPolicy } from '../gateway/policies.ts'
import { type Admission, type PolicySpec, usualPolicy, usualRequestIdHeader } from '../gateway/policy-spec.ts'
import { subDomain } from '../resources/account.ts'
import { managedBackend, managedPool } from '../resources/backend.ts'
import { managedApi, managedApiPolicy, managedOperation } from '../resources/gateway-api.ts'
import { managedEventHubLogger, managedOwner } from '../resources/gateway-logging.ts'
import { nameOf, type Resource } from '../resources/kind.ts'
import { managedProduct, managedProductApi, managedSubscription } from '../resources/product.ts'
import { identityOf, roleAssignmentAt } from '../resources/role-assignment.ts'
import type { Area, Foundry, Network } from './area.ts'
import { bornMembers, type PoolSpec } from './member-shares.ts'
import { stickyName } from './pool-rules.ts'
import { cloudOf, suffixes } from './surroundings.ts'

/** What the gateway does: pools of backends behind one API, and a second door to the same for probes. None without a pool. */
export function expandGateway(area: Area, network: Network, foundry: Foundry): Resource[] {
  const { document } = area
  const { apim } = network
  const { api, pools } = document.gateway
  const [first] = pools
  if (!first) return []
  const backends = expandBackends(area, apim, foundry)
  const ofPools = expandPools(area, apim, [...backends.values()])
  const logging = api.logTo === 'eventHub' ? expandLogger(area, apim) : []
  const spec = policySpec(area, first, logging.length > 0)
  const needs = [...ofPools, ...logging]

  const callers = managedApi(apim, 'models', {
    displayName: 'Models',
    path: api.path,
    subscriptionRequired: true,
  })
  const product = managedProduct(apim, 'models', 'Models')
  const forTokens = (admits: Admission, called: Operation[]) =>
    expandApi(
      managedApi(apim, admits.caller, {
        displayName: `Models, for ${admits.caller === 'probe' ? 'probes' : 'agents'}`,
        path: tokenPath(admits.caller, api.path),
        subscriptionRequired: false,
      }),
      { ...spec, admits },
      needs,
      called,
    )
  return [
    managedOwner(apim, document.name),
    ...backends.values(),
    ...ofPools,
    ...logging,
    ...expandApi(callers, spec, needs, operations),
    ...admissions(area, foundry, spec.audience).flatMap((it) =>
      forTokens(it, it.caller === 'probe' ? operations : agentOperations),
    ),
    product,
    managedProductApi(product, callers),
    managedSubscription(apim, product, document.name),
  ]
}

/** Who comes with a token: the probe, and the projects that agents run in. */
function admissions({ surroundings }: Area, foundry: Foundry, audience: string): Admission[] {
  const { probeIdentities, tenantId } = surroundings
  if (tenantId === undefined) return []
  const projects = foundry.accounts.flatMap(({ project }) =>
    project && !project.existing ? [project.id] : [],
  )
  return [
    ...(probeIdentities
      ? [{ caller: 'probe' as const, tenantId, audience, clientId: probeIdentities.probe.clientId }]
      : []),
    ...(projects.length > 0 ? [{ caller: 'agents' as const, tenantId, audience, projects }] : []),
  ]
}

const expandApi = (api: Resource, spec: PolicySpec, needs: Resource[], called: Operation[]): Resource[] => [
  api,
  ...called.map((operation) => managedOperation(api, operation)),
  managedApiPolicy(api, apiPolicy(spec), needs),
]

/** By name: one per account and deployment, whichever pools it is in. */
function expandBackends(
  { document, surroundings }: Area,
  apim: Resource,
  foundry: Foundry,
): Map<string, Resource> {
  const suffix = suffixes[cloudOf(surroundings)].openai
  const backends = document.gateway.pools.flatMap((pool) =>
    pool.members.flatMap((member) => {
      const found = foundry.accounts.find(
        ({ spec }) => spec.name.toLowerCase() === member.account.toLowerCase(),
      )
      const deployment = found?.deployments.get(pool.deployment.toLowerCase())
      if (!found || !deployment) return []
      const account = found.spec.name
      return [
        managedBackend(
          apim,
          { account, deployment: pool.deployment, subDomain: subDomain(account), suffix },
          deployment,
        ),
      ]
    }),
  )
  return new Map(backends.map((backend) => [nameOf(backend), backend]))
}

function expandPools({ document }: Area, apim: Resource, backends: Resource[]): Resource[] {
  const { accounts } = document.foundry
  const made = (pool: PoolSpec, name: string, sticky: boolean) => {
    const born = bornMembers(pool, accounts, sticky)
    const members = new Set(born.members.map(({ backend }) => backend))
    const description = sticky ? `${pool.deployment}, one member per caller` : pool.deployment
    return managedPool(
      apim,
      { name, description, ...born, sticky },
      backends.filter((backend) => members.has(nameOf(backend))),
    )
  }
  const { api, pools } = document.gateway
  const sticky = api.responses === 'sticky' ? pools.slice(0, 1) : []
  return [
    ...pools.map((pool) => made(pool, pool.name, false)),
    ...sticky.map((pool) => made(pool, stickyName(pool.name), true)),
  ]
}

/** The hub is the home's; the right to write to it is the gateway's, and is given here because infra does not know its identity. */
function expandLogger({ surroundings }: Area, apim: Resource): Resource[] {
  const { eventHub } = surroundings
  if (!eventHub) return []
  const { eventHub: suffix } = suffixes[cloudOf(surroundings)]
  const { namespace, hub } = eventHub
  const sender = roleAssignmentAt(eventHub.id, hub, 'event-hubs-data-sender', identityOf(apim))
  return [sender, managedEventHubLogger(apim, { namespace, hub, suffix }, [sender])]
}

function policySpec({ document }: Area, first: PoolSpec, logs: boolean): PolicySpec {
  const { api, pools } = document.gateway
  const common = {
    ...usualPolicy,
    pool: first.name,
    ...(pools.length > 1
      ? { routes: pools.slice(1).map(({ name, deployment }) => ({ deployment, pool: name })) }
      : {}),
    ...(api.responses === 'sticky' ? { stickyPool: stickyName(first.name) } : {}),
  }
  if (!logs && !api.tokenLimit && !api.rateLimit) return { ...common, form: 'simple' }
  return {
    ...common,
    form: 'full',
    requestIdHeader: usualRequestIdHeader,
    ...(api.tokenLimit ? { tokenLimit: api.tokenLimit } : {}),
    ...(api.rateLimit ? { rateLimit: api.rateLimit } : {}),
    ...(logs ? { logger: 'attempts' } : {}),
  }
}
