import { AIProjectClient, RestError } from '@azure/ai-projects'
import type { HttpClient } from '@azure/core-rest-pipeline'
import { createHttpHeaders } from '@azure/core-rest-pipeline'
import { decodeJwt } from 'jose'
import { expect, test, vi } from 'vitest'
import type { DataCall, Unreached, Vantage } from '../../../lab/azure/data/call.ts'
import { HOME } from '../../../lab/azure/worlds/world.ts'
import {
  accountId,
  EAST,
  MODELS_AUDIENCE,
  type ModelsLab,
  openModels,
  PROJECTS_AUDIENCE,
  privately,
  ROLE,
} from './models-lab.ts'

const ENDPOINT = `https://${EAST}.services.ai.azure.com/api/projects/agents`
const PROJECT = `${accountId()}/projects/agents`
const DEFINITION = { kind: 'prompt' as const, model: 'gpt-4o', instructions: 'You are a parrot.' }

async function openProject(options: Parameters<typeof openModels>[0] = {}) {
  const lab = await openModels(options)
  lab.putAccount()
  lab.putDeployment('gpt-4o')
  lab.putProject()
  lab.assign(ROLE.foundryUser, PROJECT)
  return { ...lab, client: clientOf(lab) }
}

/** The official client, unmodified: what its pipeline would send goes to the models in this process. */
function clientOf(lab: ModelsLab, principalId = HOME.probe.principalId) {
  const calling = lab.fetchBy(privately())
  const httpClient: HttpClient = {
    sendRequest: async (request) => {
      const answer = await calling(request.url, {
        method: request.method,
        headers: request.headers.toJSON(),
        ...(request.body ? { body: String(request.body) } : {}),
      })
      const headers = createHttpHeaders(Object.fromEntries(answer.headers))
      return { request, status: answer.status, headers, bodyAsText: await answer.text() }
    },
  }
  const credential = {
    getToken: async () => ({
      token: await lab.tokenFor(PROJECTS_AUDIENCE, principalId),
      expiresOnTimestamp: Date.now(),
    }),
  }
  const projects = new AIProjectClient(ENDPOINT, credential, { httpClient, retryOptions: { maxRetries: 0 } })
  // It takes no `fetch` of ours, but the one that is there when it is made.
  vi.stubGlobal('fetch', calling)
  const openai = projects.getOpenAIClient({ maxRetries: 0 })
  vi.unstubAllGlobals()
  return { ...lab, projects, openai }
}

const all = async <T>(pages: AsyncIterable<T>) => {
  const found: T[] = []
  for await (const one of pages) found.push(one)
  return found
}

test('the official client lists and reads connections, and never sees a key', async () => {
  const lab = await openProject()
  const connect = (name: string, properties: object) =>
    lab.arm('PUT', `${PROJECT}/connections/${name}`, { properties })
  connect('search', { category: 'CognitiveSearch', target: 'https://s.search.windows.net', authType: 'AAD' })
  connect('gateway', GATEWAY)
  const { connections } = lab.client.projects
  expect((await all(connections.list())).map(({ name, type }) => [name, type])).toEqual([
    ['search', 'CognitiveSearch'],
    ['gateway', 'ApiManagement'],
  ])
  const found = await all(connections.list({ connectionType: 'CognitiveSearch' }))
  expect(found.map(({ name }) => name)).toEqual(['search'])
  expect(await connections.get('search')).toMatchObject({ target: 'https://s.search.windows.net' })
  const gateway = await connections.get('gateway', { includeCredentials: true })
  expect([gateway.credentials.type, JSON.stringify(gateway)]).toEqual([
    'ApiKey',
    expect.not.stringContaining('secret'),
  ])
  await expect(connections.get('none')).rejects.toMatchObject({ statusCode: 404 })
})

test('the official client lists and reads deployments', async () => {
  const { client } = await openProject()
  expect(await all(client.projects.deployments.list())).toMatchObject([
    { type: 'ModelDeployment', name: 'gpt-4o', modelName: 'gpt-4o', modelPublisher: 'OpenAI' },
  ])
  expect(await client.projects.deployments.get('gpt-4o')).toMatchObject({ modelVersion: '2024-11-20' })
})

test('an agent is made, versioned, run, listed and deleted', async () => {
  const { client } = await openProject()
  const { agents } = client.projects
  const first = await agents.createVersion('parrot', DEFINITION)
  expect(first).toMatchObject({
    object: 'agent.version',
    name: 'parrot',
    version: '1',
    definition: DEFINITION,
  })
  const second = await agents.createVersion('parrot', { ...DEFINITION, instructions: 'x'.repeat(400) })
  expect(second.version).toBe('2')
  expect((await agents.get('parrot')).versions.latest.version).toBe('2')
  expect((await all(agents.list())).map(({ name }) => name)).toEqual(['parrot'])
  expect((await all(agents.listVersions('parrot'))).map(({ version }) => version)).toEqual(['1', '2'])

  const run = async (version?: string) =>
    client.openai.responses.create(
      { input: 'Name a bird.' },
      {
        body: {
          agent_reference: { name: 'parrot', type: 'agent_reference', ...(version ? { version } : {}) },
        },
      },
    )
  const answer = await run()
  expect(answer).toMatchObject({
    status: 'completed',
    model: 'gpt-4o',
    agent_reference: { name: 'parrot', version: '2' },
  })
  expect(answer.usage?.input_tokens).toBe(100 + 3)
  expect((await run('1')).usage?.input_tokens).toBeLessThan(20)

  await agents.deleteVersion('parrot', '2')
  expect((await agents.get('parrot')).versions.latest.version).toBe('1')
  expect(await agents.delete('parrot')).toMatchObject({ name: 'parrot', deleted: true })
  await expect(agents.get('parrot')).rejects.toBeInstanceOf(RestError)
  await expect(run()).rejects.toMatchObject({ status: 404 })
})

test('a conversation goes on over turns, and is of this project alone', async () => {
  const { client, ...lab } = await openProject()
  const { conversations, responses } = client.openai
  const { id } = await conversations.create({
    items: [{ type: 'message', role: 'user', content: 'x'.repeat(400) }],
  })
  const first = await responses.create({
    model: 'gpt-4o',
    input: 'Name a bird.',
    conversation: id,
    max_output_tokens: 10,
  })
  const second = await responses.create({ model: 'gpt-4o', input: 'Name a bird.', conversation: id })
  expect([first.usage?.input_tokens, second.usage?.input_tokens]).toEqual([103, 116])
  expect((await all(conversations.items.list(id))).length).toBe(5)
  const elsewhere = `https://${EAST}.openai.azure.com/openai/v1/responses/${first.id}`
  lab.assign(ROLE.openAiUser)
  expect((await lab.call('GET', elsewhere)).status).toBe(404)
  await conversations.delete(id)
  await expect(conversations.retrieve(id)).rejects.toMatchObject({ status: 404 })
})

test('an agent run streams, and feels the limits of its model', async () => {
  const { client, ...lab } = await openProject()
  lab.putDeployment('small', { capacity: 1 })
  await client.projects.agents.createVersion('parrot', { ...DEFINITION, model: 'small' })
  const run = () =>
    client.openai.responses.create(
      { input: 'Name a bird.', max_output_tokens: 900, stream: true },
      { body: { agent_reference: { name: 'parrot', type: 'agent_reference' } } },
    )
  const types = new Set<string>()
  for await (const { type } of await run()) types.add(type)
  expect(types).toContain('response.completed')
  await expect(run()).rejects.toMatchObject({ status: 429 })
})

test('a project wants tokens of its own audience, no keys, and a role of Foundry', async () => {
  const lab = await openProject()
  const read = async (asked: Parameters<ModelsLab['call']>[2]) => {
    const { status, body } = await lab.call('GET', `${ENDPOINT}/agents?api-version=v1`, asked)
    return [status, body.error?.message]
  }
  expect((await read({ token: await lab.tokenFor(PROJECTS_AUDIENCE) }))[0]).toBe(200)
  expect(await read({ token: await lab.tokenFor(MODELS_AUDIENCE) })).toEqual([
    401,
    'Unauthorized. Access token is missing, invalid, audience is incorrect (https://ai.azure.com), or have expired.',
  ])
  expect((await read({ token: null, headers: { 'api-key': 'any' } }))[0]).toBe(401)
  const { nobody } = HOME
  const denied = [
    403,
    `The principal \`${nobody.principalId}\` lacks the required data action \`Microsoft.CognitiveServices/accounts/AIServices/agents/read\` to perform \`GET /api/projects/{projectName}/agents\` operation.`,
  ]
  const asNobody = { token: await lab.tokenFor(PROJECTS_AUDIENCE, nobody.principalId) }
  expect(await read(asNobody)).toEqual(denied)
  lab.assign(ROLE.openAiUser, accountId(), nobody.principalId)
  expect(await read(asNobody)).toEqual(denied)
  lab.assign(ROLE.foundryUser, accountId(), nobody.principalId)
  expect((await read(asNobody))[0]).toBe(200)
})

test('an agent consumer runs agents and makes none', async () => {
  const lab = await openProject()
  await lab.client.projects.agents.createVersion('parrot', DEFINITION)
  lab.assign(ROLE.agentConsumer, PROJECT, HOME.nobody.principalId)
  const consumer = clientOf(lab, HOME.nobody.principalId)
  await expect(consumer.projects.agents.createVersion('crow', DEFINITION)).rejects.toMatchObject({
    statusCode: 403,
  })
  const agent_reference = { name: 'parrot', type: 'agent_reference' }
  const answer = await consumer.openai.responses.create(
    { input: 'Name a bird.' },
    { body: { agent_reference } },
  )
  expect(answer.status).toBe('completed')
})

test('a private account refuses project calls that come another way', async () => {
  const lab = await openProject()
  const token = await lab.tokenFor(PROJECTS_AUDIENCE)
  const { status } = await lab.call('GET', `${ENDPOINT}/agents?api-version=v1`, {
    token,
    arrival: { by: 'internet' },
  })
  expect(status).toBe(403)
})

test('in a network of its own an account makes and runs no agents before the capability host of the project is there', async () => {
  const lab = await openProject()
  const network = `${accountId().split('/providers/')[0]}/providers/Microsoft.Network/virtualNetworks/vnet-contoso-ai`
  lab.arm('PUT', `${network}/subnets/snet-agents`, {
    properties: {
      addressPrefix: '192.168.8.0/24',
      delegations: [{ name: 'agents', properties: { serviceName: 'Microsoft.App/environments' } }],
    },
  })
  lab.putAccount(EAST, {
    networkInjections: [{ scenario: 'agent', subnetArmId: `${network}/subnets/snet-agents` }],
  })
  const { agents } = lab.client.projects
  await expect(agents.createVersion('parrot', DEFINITION)).rejects.toMatchObject({ statusCode: 400 })
  lab.arm('PUT', `${PROJECT}/capabilityHosts/agents`, { properties: {} })
  expect(lab.arm('GET', `${PROJECT}/capabilityHosts/agents`).body.properties.provisioningState).toBe(
    'Succeeded',
  )
  expect((await agents.createVersion('parrot', DEFINITION)).version).toBe('1')
})

const GATEWAY = {
  category: 'ApiManagement',
  target: 'https://contoso-apim.azure-api.net/inference/openai',
  authType: 'ApiKey',
  credentials: { key: 'secret' },
  metadata: { deploymentInPath: 'true', inferenceAPIVersion: '2024-10-21', models: '[]' },
}
const SPOKEN = {
  choices: [{ message: { content: 'An owl.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 12, completion_tokens: 3 },
}

async function withGateway(connection: object, status = 200, body: object = SPOKEN, unreached?: Unreached) {
  const sent: { call: DataCall; from: Vantage }[] = []
  const lab = await openProject({
    send: async (call, from) => {
      sent.push({ call, from })
      if (unreached) return unreached
      return { status, headers: { 'retry-after': '9' }, body: JSON.stringify(body), tookMs: 700 }
    },
  })
  lab.arm('PUT', `${PROJECT}/connections/gateway`, { properties: connection })
  await lab.client.projects.agents.createVersion('parrot', { ...DEFINITION, model: 'gateway/chat-model' })
  const run = () =>
    lab.client.openai.responses.create(
      { input: 'Name a bird.' },
      { body: { agent_reference: { name: 'parrot', type: 'agent_reference' } } },
    )
  return { ...lab, sent, run }
}

test('an agent whose model stands behind a connection calls the gateway with the key, and tells what it said', async () => {
  const { sent, run } = await withGateway(GATEWAY)
  const answer = await run()
  expect([answer.output_text, answer.model, answer.usage?.total_tokens]).toEqual([
    'An owl.',
    'gateway/chat-model',
    15,
  ])
  expect(sent).toHaveLength(1)
  expect(sent[0]?.from).toBe('internet')
  expect(sent[0]?.call).toMatchObject({
    method: 'POST',
    host: 'contoso-apim.azure-api.net',
    path: '/inference/openai/deployments/chat-model/chat/completions?api-version=2024-10-21',
    headers: { 'api-key': 'secret' },
  })
  expect(JSON.parse(sent[0]?.call.body ?? '')).toEqual({
    messages: [
      { role: 'system', content: 'You are a parrot.' },
      { role: 'user', content: 'Name a bird.' },
    ],
  })
})

test('or as the identity of its project, which the gateway can tell by the project it is of', async () => {
  const lab = await withGateway({
    ...GATEWAY,
    authType: 'ProjectManagedIdentity',
    credentials: {},
    audience: MODELS_AUDIENCE,
    metadata: { ...GATEWAY.metadata, deploymentInPath: 'false' },
  })
  await lab.run()
  const call = lab.sent[0]?.call
  expect(call?.path).toBe('/inference/openai/chat/completions?api-version=2024-10-21')
  expect(JSON.parse(call?.body ?? '').model).toBe('chat-model')
  expect(decodeJwt(call?.headers['authorization']?.replace('Bearer ', '') ?? '')).toMatchObject({
    aud: MODELS_AUDIENCE,
    oid: lab.arm('GET', PROJECT).body.identity.principalId,
    xms_mirid: PROJECT,
  })
})

test('what the gateway refuses, the run refuses', async () => {
  const { run } = await withGateway(GATEWAY, 429, { statusCode: 429, message: 'Slow down.' })
  await expect(run()).rejects.toMatchObject({ status: 429 })
})

test('a gateway that cannot be reached fails the run, which names it', async () => {
  const { run } = await withGateway(GATEWAY, 200, SPOKEN, { unreached: 'ENOTFOUND', because: 'no such name' })
  await expect(run()).rejects.toMatchObject({
    status: 424,
    message: expect.stringContaining("'contoso-apim.azure-api.net' could not be reached: ENOTFOUND"),
  })
})
