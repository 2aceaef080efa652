import { onTestFinished } from 'vitest'
import { principalOf } from '../../../lab/azure/gateway/identity.ts'
import { roleDefinitionId } from '../../../lab/azure/providers/authorization/role-definitions.ts'
import { Start } from '../../../lab/azure/traffic/request.ts'
import { backendBody } from '../../../src/gateway/backends.ts'
import { operations } from '../../../src/gateway/operations.ts'
import { apiPolicy } from '../../../src/gateway/policies.ts'
import type { PolicySpec } from '../../../src/gateway/policy-spec.ts'
import { poolBody } from '../../../src/gateway/pools.ts'
import { simple } from '../../gateway/specs.ts'
import { ROLE } from './models-lab.ts'
import { type NetworkWorld, openNetworkWorld } from './network-world.ts'

export const KEY = 'key-of-the-clients'
const ZONES = [
  'privatelink.cognitiveservices.azure.com',
  'privatelink.openai.azure.com',
  'privatelink.services.ai.azure.com',
]
/** Thousands of tokens a minute, as in examples/contoso.yaml. */
const CAPACITY = { 'contoso-eus': 100, 'contoso-eus2': 30 }

/** A pool and nothing else: no breaker, no second try. */
const BARE = `<policies>
  <inbound><base/><set-backend-service backend-id="gpt-4o"/><authentication-managed-identity resource="https://cognitiveservices.azure.com"/></inbound>
  <backend><base/></backend><outbound><base/></outbound><on-error><base/></on-error>
</policies>`

/** The pool of examples/contoso.yaml in a world that has a gateway and an account: one more account, a deployment in each, API, policy, pool, role. */
export function putPool(
  world: NetworkWorld,
  {
    form = simple,
    weights = CAPACITY,
    bare = false,
  }: { form?: PolicySpec; weights?: Record<string, number>; bare?: boolean } = {},
): void {
  const { azure, at, put, endpoint } = world
  const service = at('ApiManagement/service/contoso-apim')
  const account = (name: string) => at(`CognitiveServices/accounts/${name}`)
  put(
    account('contoso-eus2'),
    { customSubDomainName: 'contoso-eus2', publicNetworkAccess: 'Disabled' },
    {
      location: 'eastus2',
      kind: 'AIServices',
      sku: { name: 'S0' },
      identity: { type: 'SystemAssigned' },
    },
  )
  endpoint('pe-eus2', account('contoso-eus2'), 'account', ZONES)
  const gateway = azure.find(service)
  const principalId = gateway && principalOf(gateway, { azure })
  for (const [name, capacity] of Object.entries(CAPACITY)) {
    put(
      `${account(name)}/deployments/gpt-4o`,
      { model: { format: 'OpenAI', name: 'gpt-4o', version: '2024-11-20' } },
      { sku: { name: 'GlobalStandard', capacity } },
    )
    const assignment = `${account(name)}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`
    put(assignment, { roleDefinitionId: roleDefinitionId(ROLE.openAiUser, azure), principalId })
    const assigned = azure.find(assignment)
    if (assigned) azure.keep({ ...assigned, hidden: { effectiveAt: azure.clock.now() } })
    const { properties } = backendBody({ account: name, deployment: 'gpt-4o', subDomain: name })
    const { circuitBreaker, ...breakerless } = properties as Record<string, unknown>
    put(`${service}/backends/${name}`, bare ? breakerless : { ...breakerless, circuitBreaker })
  }
  const members = Object.entries(weights).map(([backend, weight]) => ({ backend, priority: 1, weight }))
  const { properties } = poolBody({ description: '', members, sticky: false }, (id) => `/backends/${id}`)
  put(`${service}/backends/gpt-4o`, properties as object)
  put(`${service}/apis/openai`, {
    displayName: 'openai',
    path: 'openai',
    protocols: ['https'],
    subscriptionRequired: true,
    subscriptionKeyParameterNames: { header: 'api-key', query: 'api-key' },
  })
  for (const { id, method, urlTemplate, parameters } of operations)
    put(`${service}/apis/openai/operations/${id}`, {
      displayName: id,
      method,
      urlTemplate,
      templateParameters: parameters.map((name) => ({ name, type: 'string', required: true })),
    })
  put(`${service}/subscriptions/clients`, {
    displayName: 'Clients',
    scope: '/apis/openai',
    state: 'active',
    primaryKey: KEY,
  })
  put(`${service}/apis/openai/policies/policy`, { value: bare ? BARE : apiPolicy(form), format: 'xml' })
}

/** That pool, known to its gateway, and clients that call it in this process. */
export async function openTraffic(options: Parameters<typeof putPool>[1] = {}) {
  const world = await openNetworkWorld()
  onTestFinished(() => world.timekeeper.close())
  putPool(world, options)
  const { timekeeper, traffic, faults } = world
  await timekeeper.advance(300)
  const seen = (plane: string) => faults.list().find(({ match }) => match.plane === plane)?.seen ?? 0
  return {
    ...world,
    start: (wanted: Partial<Start>) => traffic.start(startOf(wanted)),
    run: (id: string) => {
      const found = traffic.list().find((run) => run.id === id)
      if (!found) throw new Error(`no run ${id}`)
      return found
    },
    advance: (seconds: number) => timekeeper.advance(seconds),
    /** Counts the calls of a plane from now on, by a fault that strikes none. */
    watch: (plane: string) => {
      faults.add({ match: { plane, from: 1, count: 'all', share: 0 }, do: {} })
      return () => seen(plane)
    },
  }
}

export const startOf = (wanted: Partial<Start>): Start =>
  Start.parse({
    gateway: 'contoso-apim',
    deployment: 'gpt-4o',
    trace: { synthetic: 'conversation', minutes: 5, seed: 1 },
    ...wanted,
  })
