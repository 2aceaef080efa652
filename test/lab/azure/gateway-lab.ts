import { onTestFinished } from 'vitest'
import type { DataAnswer, DataCall, Unreached, Vantage } from '../../../lab/azure/data/call.ts'
import type { Answered } from '../../../lab/azure/gateway/answer.ts'
import { createGateway } from '../../../lab/azure/gateway/gateway.ts'
import type { Switches } from '../../../lab/azure/gateway/gateway-world.ts'
import { principalOf } from '../../../lab/azure/gateway/identity.ts'
import { roleDefinitionId } from '../../../lab/azure/providers/authorization/role-definitions.ts'
import { openSettings } from '../../../lab/azure/settings.ts'
import { openSimulation } from '../../../lab/azure/simulation.ts'
import { openStore } from '../../../lab/azure/store.ts'
import type { Claims } from '../../../lab/azure/tokens.ts'
import { place } from '../../../lab/azure/worlds/populate.ts'

/** The gateway in process: a world that is put together by hand, a clock that moves when told, and backends that follow a script. */

export const NOW = Date.parse('2026-03-01T12:00:00Z')
export const KEY = 'key-of-the-caller'
export const HOST = 'contoso-apim.azure-api.net'
const GROUP = 'rg-contoso-ai'

export type Backend = (call: DataCall) => DataAnswer | Unreached | Promise<DataAnswer | Unreached>

export const answer = (
  status: number,
  headers: Record<string, string> = {},
  body: DataAnswer['body'] = '{}',
  tookMs = 100,
): DataAnswer => ({ status, headers, body, tookMs })

export type Asked = {
  host: string
  path: string
  method: string
  headers: Record<string, string>
  body: string
}

type Options = { temper?: 'usual' | 'fast'; seed?: number; switches?: Partial<Switches>; capacity?: number }

export async function openRuntime({ temper = 'fast', seed = 1, switches, capacity = 1 }: Options = {}) {
  const store = openStore(':memory:')
  onTestFinished(() => store.close())
  const kept = store.table<unknown>('settings')
  // Nothing here goes over a wire, and an authority takes as long to make as all the rest.
  kept.put('authority', { certificate: '', privateKey: '' })
  const simulation = await openSimulation(store, kept, await openSettings(kept, { temper, seed }), () => NOW)
  onTestFinished(() => simulation.timekeeper.close())
  const { azure, tokens, clock } = simulation
  const group = `/subscriptions/${azure.subscriptionId}/resourceGroups/${GROUP}`
  const serviceId = `${group}/providers/Microsoft.ApiManagement/service/contoso-apim`
  const subnetId = `${group}/providers/Microsoft.Network/virtualNetworks/vnet-contoso-ai/subnets/snet-apim`
  const putService = (identity: object = { type: 'SystemAssigned' }) =>
    place(
      azure,
      serviceId,
      {
        location: 'eastus',
        sku: { name: 'Premium', capacity },
        identity,
        properties: {
          publisherName: 'Contoso',
          publisherEmail: 'ops@contoso.example',
          virtualNetworkType: 'Internal',
          virtualNetworkConfiguration: { subnetResourceId: subnetId },
        },
      },
      { gatewayUrl: `https://${HOST}` },
    )
  putService()

  const backends = new Map<string, Backend>()
  const asked: Asked[] = []
  const vantages: Vantage[] = []
  const answered: Answered[] = []
  const gateway = createGateway({
    azure,
    tokens,
    ...(switches ? { switches } : {}),
    onAnswered: (it) => answered.push(it),
    send: async (call, from) => {
      const { host, path, method, headers, body } = call
      asked.push({ host, path, method, headers: { ...headers }, body })
      vantages.push(from)
      const backend = backends.get(host)
      return backend ? await backend(call) : { unreached: 'ENOTFOUND', because: `${host} has no name here` }
    },
  })

  const put = (short: string, properties: object) =>
    place(azure, `${serviceId}/${short}`, { properties: properties as never })
  const advance = (seconds: number) => {
    clock.jumpTo(clock.now() + seconds * 1000)
    azure.agenda.settle(clock.now())
  }
  const call = (given: Partial<DataCall> = {}) =>
    gateway.answer(
      {
        method: 'POST',
        host: HOST,
        path: '/openai/v1/chat/completions',
        headers: { 'api-key': KEY, 'content-type': 'application/json' },
        body: '{"model":"gpt-4o","messages":[]}',
        gone: new AbortController().signal,
        ...given,
      },
      { by: 'virtual-network', serviceId },
    )

  return {
    ...simulation,
    serviceId,
    subnetId,
    group,
    gateway,
    put,
    putService,
    remove: (short: string) => azure.erase(`${serviceId}/${short}`),
    advance,
    call,
    /** A call whose body is read to its end. */
    asks: async (given: Partial<DataCall> = {}) => told(await call(given)),
    asked,
    vantages,
    answered,
    hostsAsked: () => asked.map(({ host }) => host),
    backend: (host: string, does: Backend) => backends.set(host, does),
    claims: async (header: string | undefined): Promise<Claims | undefined> =>
      tokens.read((header ?? '').replace(/^Bearer /, '')),
    events: () => [...azure.world.events.values()].map(({ body }) => JSON.parse(body)),
  }
}

export type Runtime = Awaited<ReturnType<typeof openRuntime>>

async function told({ status, headers, body, tookMs }: DataAnswer) {
  let text = ''
  if (typeof body === 'string') text = body
  else for await (const chunk of body) text += chunk
  return { status, headers, text, tookMs }
}

/** An API at `openai` with its operations, its caller's key, and a policy. */
export function putApi(lab: Runtime, policy: string, more: Record<string, unknown> = {}): void {
  lab.put('apis/openai', {
    displayName: 'openai',
    path: 'openai',
    protocols: ['https'],
    subscriptionRequired: true,
    subscriptionKeyParameterNames: { header: 'api-key', query: 'api-key' },
    ...more,
  })
  for (const [id, method, urlTemplate] of OPERATIONS)
    lab.put(`apis/openai/operations/${id}`, {
      displayName: id,
      method,
      urlTemplate,
      templateParameters: [...urlTemplate.matchAll(/\{([^}]+)\}/g)].map(([, name]) => ({
        name,
        type: 'string',
      })),
    })
  lab.put('subscriptions/caller', {
    displayName: 'The caller',
    scope: '/apis/openai',
    state: 'active',
    primaryKey: KEY,
  })
  if (policy) lab.put('apis/openai/policies/policy', { value: policy, format: 'rawxml' })
}

const OPERATIONS = [
  ['chat', 'POST', '/v1/chat/completions'],
  ['responses-create', 'POST', '/v1/responses'],
  ['response', 'GET', '/v1/responses/{response_id}'],
  ['dated', 'POST', '/deployments/{deployment-id}/chat/completions'],
] as const

const HUB = '/providers/Microsoft.EventHub/namespaces/evhns-ops/eventhubs/gateway-log'
const DATA_SENDER = '2b629674-e913-4c01-ae53-ef4638d8f975'

/** The logger of the golden documents, on the home's hub. */
export const putLogger = (lab: Runtime, more: Record<string, string> = {}) =>
  lab.put('loggers/openai-usage-logger', {
    loggerType: 'azureEventHub',
    credentials: {
      name: 'gateway-log',
      endpointAddress: 'evhns-ops.servicebus.windows.net',
      identityClientId: 'SystemAssigned',
      ...more,
    },
  })

/** Lets the service's identity send to the hub, from that moment on. */
export function letSend({ azure, group, clock, serviceId }: Runtime, fromMs = clock.now()): void {
  const service = azure.find(serviceId)
  const principalId = service && principalOf(service, { azure })
  const id = `${group}${HUB}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`
  place(azure, id, { properties: { roleDefinitionId: roleDefinitionId(DATA_SENDER, azure), principalId } })
  const assignment = azure.find(id)
  if (assignment) azure.keep({ ...assignment, hidden: { effectiveAt: fromMs } })
}

/** A policy of one inbound section, forwarding to `east`, or as told. */
export const policy = (
  inbound: string,
  { backend = '<forward-request buffer-response="false" />', outbound = '', onError = '' } = {},
) =>
  `<policies><inbound><base /><set-backend-service backend-id="east" />${inbound}</inbound>` +
  `<backend>${backend}</backend><outbound><base />${outbound}</outbound><on-error><base />${onError}</on-error></policies>`

export const EAST = 'east.openai.azure.com'
export const WEST = 'west.openai.azure.com'

export const single = (host: string, more: object = {}) => ({
  type: 'Single',
  url: `https://${host}/openai`,
  protocol: 'http',
  ...more,
})

/** A breaker as the gateway's builder makes it, or with other conditions. */
export const breaker = (condition: object = {}, rule: object = {}) => ({
  circuitBreaker: {
    rules: [
      {
        name: 'failover',
        failureCondition: {
          count: 1,
          interval: 'PT10S',
          statusCodeRanges: [
            { min: 429, max: 429 },
            { min: 500, max: 599 },
          ],
          ...condition,
        },
        tripDuration: 'PT10S',
        acceptRetryAfter: true,
        ...rule,
      },
    ],
  },
})

export const pool = (...services: [name: string, priority?: number, weight?: number][]) => ({
  type: 'Pool',
  pool: {
    services: services.map(([name, priority, weight]) => ({ id: `/backends/${name}`, priority, weight })),
  },
})

/** One unit, one backend at `east`, and an API under that document. */
export async function openWith(document: string, more: object = {}) {
  const lab = await openRuntime({ switches: { units: 1 } })
  lab.put('backends/east', single(EAST, more))
  lab.backend(EAST, () => answer(200, { 'x-own': 'backend' }, '{"ok":true}'))
  putApi(lab, document)
  return lab
}

export const header = (name: string, value: string, action = 'override') =>
  `<set-header name="${name}" exists-action="${action}"><value>${value}</value></set-header>`
