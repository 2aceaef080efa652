import { readFileSync } from 'node:fs'
import tls from 'node:tls'
import { AIProjectClient } from '@azure/ai-projects'
import OpenAI, { AzureOpenAI } from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { joinNetwork } from '../../lab/host/network/join.ts'
import { ended, type Running } from './lab.ts'
import { provisioned } from './provisioned.ts'

/**
 * What the environment is for: the official clients, unmodified, in the app's subnet, call the models of the provisioned reference document
 * directly, through the gateway and through the project, over the lab's own DNS, rules and TLS.
 */
const group = '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-contoso-ai/providers'
const apim = `${group}/Microsoft.ApiManagement/service/contoso-apim`
const account = `${group}/Microsoft.CognitiveServices/accounts/contoso-eus`
const gateway = 'https://contoso-apim.azure-api.net'
const model = 'gpt-4o'
const reference = readFileSync('examples/contoso.yaml', 'utf8')
const hello = [{ role: 'user' as const, content: 'Say hello.' }]
const caller = { objectId: '6f1d2c3b-0a49-4e58-8c67-9d8e7f605142', name: 'a person', roles: [] }

let here: Running
let leave: () => void
let apiKey: string
beforeAll(async () => {
  here = await provisioned()
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), readFileSync(here.lab.ca, 'utf8')])
  leave = joinNetwork({ azure: here.lab.azure, dns: here.lab.dns })
  const secrets = await here.azure.arm<{ primaryKey: string }>(
    'POST',
    `${apim}/subscriptions/contoso/listSecrets?api-version=2024-05-01`,
  )
  apiKey = secrets.primaryKey
}, 120_000)
afterAll(async () => {
  leave?.()
  await here?.[Symbol.asyncDispose]()
})

const tokenFor = (audience: string) => here.azure.tokenFor({ audience, ...caller })
const direct = async (host: string) =>
  new AzureOpenAI({
    endpoint: `https://${host}`,
    apiVersion: '2024-10-21',
    azureADTokenProvider: () => tokenFor('https://cognitiveservices.azure.com'),
    maxRetries: 0,
  })
const throughGateway = () =>
  new AzureOpenAI({ endpoint: gateway, apiKey, apiVersion: '2024-10-21', maxRetries: 0 })
const statusOf = (work: Promise<unknown>) =>
  work.then(
    () => 200,
    (error: { status?: number; cause?: { cause?: { code?: string }; code?: string } }) =>
      error.status ?? error.cause?.cause?.code ?? error.cause?.code ?? error,
  )

describe('the three ways to a model', () => {
  test.each(['contoso-eus.openai.azure.com', 'contoso-eus.cognitiveservices.azure.com'])(
    'directly, by the private name %s',
    async (host) => {
      const client = await direct(host)
      const answer = await client.chat.completions.create({ model, messages: hello })
      expect(answer.usage?.total_tokens).toBeGreaterThan(0)
      const embedded = client.embeddings.create({ model, input: 'hello' })
      expect(await statusOf(embedded)).toBe(400)
    },
  )

  test('through the gateway, by subscription key, in both surfaces, and streamed', async () => {
    const dated = await throughGateway().chat.completions.create({ model, messages: hello }).withResponse()
    expect(dated.response.headers.get('x-backend-region')).toMatch(/East US/)
    expect(dated.response.headers.get('x-backend-retry')).toBe('0')
    const v1 = new OpenAI({
      baseURL: `${gateway}/openai/v1`,
      apiKey: 'unused',
      defaultHeaders: { 'api-key': apiKey },
      maxRetries: 0,
    })
    const stream = await v1.chat.completions.create({
      model,
      messages: hello,
      stream: true,
      stream_options: { include_usage: true },
    })
    let text = ''
    let tokens = 0
    for await (const { choices, usage } of stream) {
      text += choices[0]?.delta.content ?? ''
      tokens = usage?.completion_tokens ?? tokens
    }
    expect(text).not.toBe('')
    expect(tokens).toBeGreaterThan(0)
    expect(await v1.models.list()).toMatchObject({ object: 'list' })
  })

  test('through the project: an agent, its connection to the gateway, and back', async () => {
    const projects = new AIProjectClient(
      'https://contoso-eus.services.ai.azure.com/api/projects/main',
      {
        getToken: async () => ({
          token: await tokenFor('https://ai.azure.com'),
          expiresOnTimestamp: Date.now() + 3_600_000,
        }),
      },
      { retryOptions: { maxRetries: 0 } },
    )
    const names: string[] = []
    for await (const { name } of projects.connections.list()) names.push(name)
    expect(names).toEqual(expect.arrayContaining(['storage', 'search', 'cosmos', 'gateway']))
    const client = projects.getOpenAIClient({ maxRetries: 0 })
    for (const named of [model, `gateway/${model}`]) {
      const agent = await projects.agents.createVersion('parrot', {
        kind: 'prompt',
        model: named,
        instructions: 'You are a parrot.',
      })
      const since = (await here.azure.journal()).length
      const run = await client.responses.create(
        { input: 'Say hello.' },
        { body: { input: 'Say hello.', agent_reference: { type: 'agent_reference', name: agent.name } } },
      )
      expect(run.output_text).not.toBe('')
      const planes = new Set((await here.azure.journal(since)).map(({ plane }) => plane))
      expect(planes.has('gateway')).toBe(named !== model)
    }
    await projects.agents.delete('parrot')
  })
})

describe('what must not work', () => {
  test('without a key the gateway answers itself, and no model is called', async () => {
    const since = (await here.azure.journal()).length
    const nobody = new AzureOpenAI({
      endpoint: gateway,
      apiKey: 'wrong',
      apiVersion: '2024-10-21',
      maxRetries: 0,
    })
    expect(await statusOf(nobody.chat.completions.create({ model, messages: hello }))).toBe(401)
    const rows = await here.azure.journal(since)
    expect(rows.filter(({ plane }) => plane === 'model')).toEqual([])
  })

  test('who has no role is told which data action is missing', async () => {
    const token = await here.azure.tokenFor({
      audience: 'https://cognitiveservices.azure.com',
      objectId: '99999999-0a49-4e58-8c67-9d8e7f605142',
      name: 'nobody',
      roles: [],
    })
    const response = await fetch('https://contoso-eus.openai.azure.com/openai/v1/chat/completions', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages: hello }),
    })
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({
      error: {
        code: 'PermissionDenied',
        message: expect.stringContaining('OpenAI/deployments/chat/completions/action'),
      },
    })
  })

  test('keys are refused where local authentication is off', async () => {
    const response = await fetch('https://contoso-eus.openai.azure.com/openai/v1/models', {
      headers: { 'api-key': 'whatever' },
    })
    expect(await response.json()).toMatchObject({ error: { code: 'AuthenticationTypeDisabled' } })
  })

  test('from the internet the account is refused, and the gateway has no name', async () => {
    const stay = leave
    stay()
    leave = joinNetwork({ azure: here.lab.azure, dns: here.lab.dns, subnet: 'internet' })
    try {
      const response = await fetch('https://contoso-eus.openai.azure.com/openai/v1/models')
      expect(response.status).toBe(403)
      expect(await response.text()).toContain('Public access is disabled')
      expect(await statusOf(fetch(`${gateway}/status-0123456789abcdef`))).toBe('ENOTFOUND')
    } finally {
      leave()
      leave = joinNetwork({ azure: here.lab.azure, dns: here.lab.dns })
    }
  })
})

describe('an edit of the network is an edit of the way', () => {
  const rules = `${group}/Microsoft.Network/networkSecurityGroups/nsg-agents/securityRules/DenyGateway?api-version=2024-05-01`
  const alive = () => fetch(`${gateway}/status-0123456789abcdef`, { headers: { connection: 'close' } })

  test('a rule that denies the gateway cuts the path, and taking it away opens it', async () => {
    expect((await alive()).status).toBe(200)
    await here.azure.arm('PUT', rules, {
      properties: {
        protocol: '*',
        access: 'Deny',
        direction: 'Outbound',
        priority: 105,
        sourceAddressPrefix: '*',
        sourcePortRange: '*',
        destinationAddressPrefix: '192.168.1.0/27',
        destinationPortRange: '443',
      },
    })
    await here.azure.advance(60)
    expect(await statusOf(alive())).toBe('ETIMEDOUT')
    await here.azure.arm('DELETE', rules)
    await here.azure.advance(60)
    expect((await alive()).status).toBe(200)
  })

  test('without its record the gateway has no name; repair brings it back', async () => {
    const record = `${group}/Microsoft.Network/privateDnsZones/contoso-apim.azure-api.net/A/@?api-version=2024-06-01`
    await here.azure.arm('DELETE', record)
    expect(await statusOf(alive())).toBe('ENOTFOUND')
    const repaired = await ended(here.client, await here.client.repair('contoso'))
    expect(repaired.state).toBe('succeeded')
    expect((await alive()).status).toBe(200)
  })

  test('without its role the gateway’s calls are refused by the model, and the caller sees it', async () => {
    const assignments = (await here.azure.resources()).filter(
      ({ type, id, properties }) =>
        type === 'Microsoft.Authorization/roleAssignments' &&
        id.toLowerCase().startsWith(account.toLowerCase()) &&
        String(properties?.['roleDefinitionId']).endsWith('5e0bd9bd-7b93-4f28-af87-19fc36ad61bd'),
    )
    const identity = ((await here.azure.resources()).find(({ id }) => id === apim)?.['identity'] ?? {}) as {
      principalId?: string
    }
    const own = assignments.find(({ properties }) => properties?.['principalId'] === identity.principalId)
    expect(own).toBeDefined()
    await here.azure.arm('DELETE', `${own?.id}?api-version=2022-04-01`)
    await here.azure.advance(900)
    const statuses = await Promise.all(
      Array.from({ length: 20 }, () =>
        statusOf(throughGateway().chat.completions.create({ model, messages: hello })),
      ),
    )
    // Three of four calls go to this account; a 403 is no reason to try another member.
    expect(new Set(statuses)).toEqual(new Set([200, 403]))
    const repaired = await ended(here.client, await here.client.repair('contoso'))
    expect(repaired.state).toBe('succeeded')
    await here.azure.advance(900)
    expect(await statusOf(throughGateway().chat.completions.create({ model, messages: hello }))).toBe(200)
  })
})

describe('a conversation that the models remember', () => {
  /** The same client with and without a memory for cookies; SDKs have none of their own. */
  const speaking = (cookies?: Map<string, string>) =>
    new OpenAI({
      baseURL: `${gateway}/openai/v1`,
      apiKey: 'unused',
      defaultHeaders: { 'api-key': apiKey },
      maxRetries: 0,
      ...(cookies ? { fetch: remembering(cookies) } : {}),
    })
  const conversation = async (client: OpenAI): Promise<{ region: string; second: unknown }> => {
    const { data: first, response } = await client.responses.create({ model, input: 'One.' }).withResponse()
    const second = await statusOf(
      client.responses.create({ model, input: 'Two.', previous_response_id: first.id }),
    )
    return { region: String(response.headers.get('x-backend-region')), second }
  }

  test('breaks over a plain pool, where the next call may meet another account', async () => {
    const held = []
    for (let turn = 0; turn < 12; turn++) held.push(await conversation(speaking()))
    expect(new Set(held.map(({ second }) => second))).toEqual(new Set([200, 400]))
  })

  test('holds over a sticky one, for callers who send the cookie back', async () => {
    const document = reference.replace('responses: stateless', 'responses: sticky')
    const { state } = await ended(here.client, await here.client.apply('contoso', document))
    expect(state).toBe('succeeded')
    const held = []
    for (let turn = 0; turn < 12; turn++) held.push(await conversation(speaking(new Map())))
    expect(held.map(({ second }) => second)).toEqual(Array.from({ length: 12 }, () => 200))
    expect(new Set(held.map(({ region }) => region)).size).toBe(2)
  })
})

function remembering(cookies: Map<string, string>): typeof fetch {
  return async (input, init) => {
    const headers = new Headers(init?.headers)
    const kept = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    if (kept) headers.set('cookie', kept)
    const response = await fetch(input, { ...init, headers })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      cookies.set(name, value)
    }
    return response
  }
}
