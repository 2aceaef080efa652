import type { Arrival, DataAnswer, DataCall, Send } from '../../../lab/azure/data/call.ts'
import type { TemperName } from '../../../lab/azure/lifecycles/index.ts'
import { createModels } from '../../../lab/azure/models/models.ts'
import { openSettings } from '../../../lab/azure/settings.ts'
import { openSimulation } from '../../../lab/azure/simulation.ts'
import { openStore } from '../../../lab/azure/store.ts'
import { HOME, SUBSCRIPTION_ID } from '../../../lab/azure/worlds/world.ts'
import { GROUP } from './open.ts'

// biome-ignore lint/suspicious/noExplicitAny: bodies of any shape, read by the tests as they expect them
type Json = any

export const ROLE = {
  openAiUser: '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd',
  contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  owner: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
  foundryUser: '53ca6127-db72-4b80-b1b0-d745d6d5456d',
  agentConsumer: 'eed3b665-ab3a-47b6-8f48-c9382fb1dad6',
}
export const MODELS_AUDIENCE = 'https://cognitiveservices.azure.com'
export const PROJECTS_AUDIENCE = 'https://ai.azure.com'
export const EAST = 'contoso-ai-east'
const group = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/${GROUP}`
export const accountId = (name = EAST) => `${group}/providers/Microsoft.CognitiveServices/accounts/${name}`
export const privately = (target = accountId()): Arrival => ({
  by: 'private-endpoint',
  endpointId: `${group}/providers/Microsoft.Network/privateEndpoints/pe`,
  targetId: target,
})

const MODEL = { format: 'OpenAI', name: 'gpt-4o', version: '2024-11-20' }
type Deployed = { capacity?: number; sku?: string; model?: object; spilloverDeploymentName?: string }
type Options = {
  temper?: TemperName
  capacityShare?: (host: string) => number
  send?: Send
}

/** The simulated Azure in this process, on a clock that only the test moves, with its models called as the network would. */
export async function openModels({ temper = 'fast', ...options }: Options = {}) {
  const store = openStore(':memory:')
  const kept = store.table<unknown>('settings')
  const settings = await openSettings(kept, { temper, seed: 7, world: 'home' })
  let wall = Date.parse('2027-03-01T00:00:00Z')
  const simulation = await openSimulation(store, kept, settings, () => wall)
  const { azure, tokens } = simulation
  const models = createModels({ azure, tokens, ...options })

  const arm = (method: string, path: string, body?: unknown, apiVersion = '2025-09-01') => {
    azure.agenda.settle(azure.clock.now())
    const origin = 'https://localhost'
    const url = new URL(`${origin}${path}?api-version=${apiVersion}`)
    const carried = simulation.arm.handle(
      { method, path: `${url.pathname}${url.search}`, url, headers: new Headers(), origin, body },
      HOME.probe.principalId,
      {},
    )
    store.commit()
    return carried as { status: number; body: Json }
  }
  const advance = (seconds: number) => {
    wall += seconds * 1000
    azure.agenda.settle(azure.clock.now())
  }
  const must = ({ status, body }: { status: number; body: Json }) => {
    if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`)
    return body
  }
  const known = new Map<string, string>()
  const tokenFor = async (audience = MODELS_AUDIENCE, principalId = HOME.probe.principalId) => {
    const today = Math.floor(azure.clock.now() / 43_200_000)
    const key = `${audience} ${principalId} ${today}`
    const token =
      known.get(key) ??
      (await tokens.issue({ audience, objectId: principalId, appId: HOME.probe.clientId })).token
    known.set(key, token)
    return token
  }

  const call = async (
    method: string,
    url: string,
    { body, headers = {}, arrival = privately(), token }: Asked = {},
  ): Promise<{ status: number; headers: Record<string, string>; body: Json; tookMs: number }> => {
    const { hostname, pathname, search } = new URL(url)
    const answer = await models.answer(
      {
        method,
        host: hostname,
        path: `${pathname}${search}`,
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token ?? (await tokenFor())}` }),
          ...headers,
        },
        body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
        gone: new AbortController().signal,
      },
      arrival,
    )
    const text = await textOf(answer)
    const isJson = answer.headers['content-type']?.includes('json')
    return { ...answer, body: isJson ? JSON.parse(text) : text }
  }

  return {
    ...simulation,
    models,
    arm,
    advance,
    tokenFor,
    call,
    putAccount: (name = EAST, properties: object = {}, location = 'eastus') =>
      must(
        arm('PUT', accountId(name), {
          location,
          kind: 'AIServices',
          sku: { name: 'S0' },
          identity: { type: 'SystemAssigned' },
          properties: {
            allowProjectManagement: true,
            customSubDomainName: name,
            publicNetworkAccess: 'Disabled',
            disableLocalAuth: true,
            ...properties,
          },
        }),
      ),
    putDeployment: (name: string, wanted: Deployed = {}, account = EAST) => {
      const { capacity = 100, sku = 'GlobalStandard', model = MODEL, ...more } = wanted
      const body = { sku: { name: sku, capacity }, properties: { model, ...more } }
      return must(arm('PUT', `${accountId(account)}/deployments/${name}`, body))
    },
    putProject: (account = EAST) =>
      must(
        arm('PUT', `${accountId(account)}/projects/agents`, {
          location: 'eastus',
          identity: { type: 'SystemAssigned' },
          properties: {},
        }),
      ),
    assign: (role: string, scope = accountId(), principalId = HOME.probe.principalId) =>
      must(
        arm(
          'PUT',
          `${scope}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`,
          {
            properties: {
              roleDefinitionId: `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
              principalId,
              principalType: 'ServicePrincipal',
            },
          },
          '2022-04-01',
        ),
      ),
    /** For clients that bring their own way of signing in. */
    fetchBy: fetchTo(models.answer),
  }
}

type Asked = {
  body?: unknown
  headers?: Record<string, string>
  arrival?: Arrival
  /** null: none. */
  token?: string | null
}

export type ModelsLab = Awaited<ReturnType<typeof openModels>>

/** A lab with one account, a deployment `gpt-4o` of 100 units and a role for the probe identity. */
export async function openOneAccount(options: Options = {}) {
  const lab = await openModels(options)
  lab.putAccount()
  lab.putDeployment('gpt-4o')
  lab.assign(ROLE.openAiUser)
  return lab
}

export const V1 = `https://${EAST}.openai.azure.com/openai/v1`
export const DATED = `https://${EAST}.openai.azure.com/openai`
export const hello = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello, is there anybody?' }] }

async function textOf({ body }: DataAnswer): Promise<string> {
  if (typeof body === 'string') return body
  let text = ''
  for await (const chunk of body) text += chunk
  return text
}

/** `fetch` for unmodified clients: what they send goes to the models in this process. */
const fetchTo =
  (answer: (call: DataCall, arrival: Arrival) => Promise<DataAnswer>) =>
  (arrival: Arrival = privately()): typeof fetch =>
  async (input, init) => {
    const request = new Request(input, init)
    const { hostname, pathname, search } = new URL(request.url)
    const { status, headers, body } = await answer(
      {
        method: request.method,
        host: hostname,
        path: `${pathname}${search}`,
        headers: Object.fromEntries(request.headers),
        body: await request.text(),
        gone: request.signal,
      },
      arrival,
    )
    return new Response(typeof body === 'string' ? body : ReadableStream.from(bytes(body)), {
      status,
      headers,
    })
  }

async function* bytes(chunks: AsyncIterable<string>) {
  const encoder = new TextEncoder()
  for await (const chunk of chunks) yield encoder.encode(chunk)
}
