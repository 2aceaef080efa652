import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { agent } from '../../../src/probes/modules/agent.ts'
import { arrivals } from '../../../src/probes/modules/arrivals.ts'
import { call } from '../../../src/probes/modules/call.ts'
import { chat } from '../../../src/probes/modules/chat.ts'
import { denied } from '../../../src/probes/modules/denied.ts'
import { distribution } from '../../../src/probes/modules/distribution.ts'
import { dns } from '../../../src/probes/modules/dns.ts'
import { embeddings } from '../../../src/probes/modules/embeddings.ts'
import { fact } from '../../../src/probes/modules/fact.ts'
import { policy } from '../../../src/probes/modules/policy.ts'
import { portal } from '../../../src/probes/modules/portal.ts'
import { record } from '../../../src/probes/modules/record.ts'
import { responses } from '../../../src/probes/modules/responses.ts'
import { tcp } from '../../../src/probes/modules/tcp.ts'
import { tls } from '../../../src/probes/modules/tls.ts'
import { token } from '../../../src/probes/modules/token.ts'
import type { Targets } from '../../../src/probes/probe.ts'
import { everything } from '../../histories/world.ts'
import { type Provisioned, provisioned } from './lab.ts' // first: it sets the clock of this process
import { never } from './tools.ts'

/** The modules in the app's subnet of the provisioned reference environment, as it is and with something broken. */
const group = '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-contoso-ai/providers'
const accountId = `${group}/Microsoft.CognitiveServices/accounts/contoso-eus`
const nobodyId = 'a9960000-1111-4222-8333-444444444444'
const openaiUser = '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd'
const host = 'contoso-eus.openai.azure.com'
const gatewayHost = 'contoso-apim.azure-api.net'
const within = ['192.168.2.0/26']
const atGateway = ['192.168.1.0/27']
const forModels = 'https://cognitiveservices.azure.com'
const forProjects = 'https://ai.azure.com'
const project = 'https://contoso-eus.services.ai.azure.com/api/projects/main'

let lab: Provisioned
let changed = false
beforeAll(async () => {
  lab = await provisioned()
}, 120_000)
afterEach(async () => {
  await lab.clearFaults()
  if (changed) await lab.restore()
  changed = false
})
afterAll(() => lab?.close())

const stranger: Provisioned['stranger'] = (...parts) => {
  changed = true
  return lab.stranger(...parts)
}
const directly: Targets['chat'] = {
  url: `https://${host}/openai/v1/chat/completions`,
  within,
  as: 'probe',
  audience: forModels,
  model: 'gpt-4o',
  maxTokens: 16,
  stream: false,
}
const throughGateway: Targets['chat'] = {
  ...directly,
  url: `https://${gatewayHost}/probe/openai/v1/chat/completions`,
  within: atGateway,
}
const chatting = (target: Partial<Targets['chat']> = {}, signal = never) =>
  chat({ ...directly, ...target }, lab.tools, signal, 'works')

describe('the three ways to a model', () => {
  test('directly: phases, the account’s id of the call, and no token anywhere', async () => {
    const verdict = await chatting()
    expect(verdict).toMatchObject({ result: 'pass', reason: 'Works' })
    expect(verdict.phases.map(({ name }) => name)).toEqual([
      'token',
      'lookup',
      'connect',
      'tls',
      'first byte',
      'rest',
    ])
    expect(verdict.trace.join('\n')).toMatch(/192\.168\.2\.\d+\nTLSv1\.3, certificate of/)
    expect(JSON.stringify(verdict)).not.toMatch(/eyJ|Bearer/)
    expect(Object.keys(verdict)).not.toContain('body')
  })

  test('streamed, with the time of the first token', async () => {
    const verdict = await chatting({ stream: true })
    expect(verdict).toMatchObject({ result: 'pass', why: expect.stringMatching(/streamed \d+ pieces/) })
    expect(verdict.phases.map(({ name }) => name)).toContain('first token')
  })

  test('through the gateway, which says who answered', async () => {
    const verdict = await chatting(throughGateway)
    expect(verdict).toMatchObject({ result: 'pass' })
    expect(verdict.trace.join()).toMatch(/x-backend-region: East US/)
  })

  test('through the project, and by the Responses API', async () => {
    const asked = { ...directly, url: `${project}/openai/v1/responses`, audience: forProjects }
    expect(await responses(asked, lab.tools, never, 'works')).toMatchObject({ result: 'pass' })
  })

  test('a model that embeds nothing says so, which says nothing of the role', async () => {
    const asked = { ...directly, url: `https://${host}/openai/v1/embeddings` }
    expect(await embeddings(asked, lab.tools, never, 'works')).toMatchObject({
      result: 'inconclusive',
      reason: 'BadRequest',
    })
  })
})

describe('what a model’s refusal means', () => {
  test('a missing role is named, and where', async () => {
    const verdict = await chatting({ as: 'nobody' })
    expect(verdict).toMatchObject({ result: 'fail', reason: 'MissingRole', stoppedIn: 'role' })
    expect(verdict.why).toContain(`role Cognitive Services OpenAI User at ${host} is missing`)
    expect(verdict.why).toContain(nobodyId)
  })

  test('a deployment that is not there is the model’s', async () => {
    expect(await chatting({ model: 'gpt-5-nonesuch' })).toMatchObject({
      result: 'fail',
      reason: 'DeploymentNotFound',
      stoppedIn: 'model',
    })
  })

  test('no quota at all is a failure; being throttled for a moment is not', async () => {
    await lab.fault({ match: { plane: 'model', path: host }, do: { capacityShare: 0 } })
    expect(await chatting()).toMatchObject({ result: 'fail', reason: 'Throttled', stoppedIn: 'model' })
    await lab.clearFaults()
    const busy = { status: 429, headers: { 'retry-after': '7' } }
    await lab.fault({ match: { plane: 'model', path: host, count: 'all' }, do: busy })
    expect(await chatting()).toMatchObject({ result: 'inconclusive', reason: 'Throttled' })
  })

  test('the gateway’s missing role is told as the model tells it', async () => {
    const resources = await lab.resources()
    const apim = resources.find(({ type }) => type === 'Microsoft.ApiManagement/service') as
      | { identity?: { principalId?: string } }
      | undefined
    const own = resources.filter(
      ({ type, properties }) =>
        type === 'Microsoft.Authorization/roleAssignments' &&
        properties?.['principalId'] === apim?.identity?.principalId &&
        String(properties?.['roleDefinitionId']).endsWith(openaiUser),
    )
    expect(own.length).toBe(2)
    for (const { id } of own) await stranger('DELETE', `${id}?api-version=2022-04-01`)
    const verdict = await chatting(throughGateway)
    expect(verdict).toMatchObject({ result: 'fail', reason: 'MissingRole', stoppedIn: 'role' })
    expect(verdict.why).toContain(apim?.identity?.principalId)
  })

  test('a model that hangs is out of time, in the phase it hung in', async () => {
    await lab.fault({ match: { plane: 'model', path: host, count: 'all' }, do: { delaySeconds: 3 } })
    const verdict = await chatting({}, AbortSignal.timeout(700))
    expect(verdict).toMatchObject({ result: 'fail', reason: 'TimedOut', stoppedIn: 'model' })
    expect(verdict.why).toContain('it hung in first byte')
  })

  test('a model that answers late is slow', async () => {
    await lab.fault({ match: { plane: 'model', path: host, count: 'all' }, do: { delaySeconds: 1 } })
    const verdict = await chatting({ stream: true, slowAfterMs: 500 })
    expect(verdict).toMatchObject({ result: 'fail', reason: 'Slow', stoppedIn: 'model' })
    expect(verdict.why).toMatch(/the first token of gpt-4o .* took 1\.\d s, more than 0\.5 s/)
  })

  test('a stream that dies is broken', async () => {
    await lab.fault({ match: { plane: 'model', path: host, count: 'all' }, do: { breakAfterBytes: 900 } })
    expect(await chatting({ stream: true })).toMatchObject({
      result: 'fail',
      reason: 'Reset',
      stoppedIn: 'model',
    })
  })
})

describe('who must be turned away', () => {
  const asked: Targets['denied'] = {
    url: `https://${host}/openai/v1/models`,
    method: 'GET',
    within,
    as: 'nobody',
    audience: forModels,
    statuses: [401, 403],
  }
  const refused = (target: Partial<Targets['denied']> = {}) =>
    denied({ ...asked, ...target }, lab.tools, never, 'fails')

  test('is, for want of a role', async () => {
    expect(await refused()).toMatchObject({ result: 'pass', reason: 'TurnedAway' })
  })

  test('is not, when somebody gave the role', async () => {
    const id = `${accountId}/providers/Microsoft.Authorization/roleAssignments/12345678-1111-4222-8333-444444444444`
    await stranger('PUT', `${id}?api-version=2022-04-01`, {
      properties: {
        principalId: nobodyId,
        principalType: 'ServicePrincipal',
        roleDefinitionId: `/subscriptions/11111111-2222-4333-8444-555555555555/providers/Microsoft.Authorization/roleDefinitions/${openaiUser}`,
      },
    })
    expect(await refused()).toMatchObject({ result: 'fail', reason: 'Reached', stoppedIn: 'role' })
  })

  test('by another layer is no proof: a token for somebody else, a form that is refused', async () => {
    expect(await refused({ audience: forProjects })).toMatchObject({
      result: 'inconclusive',
      reason: 'OtherLayer',
    })
    expect(await refused({ as: 'probe', url: `https://${host}/openai/models` })).toMatchObject({
      result: 'inconclusive',
    })
  })

  test('by the gateway without a token, and with that of somebody it does not know', async () => {
    const door = {
      url: throughGateway.url,
      method: 'POST' as const,
      within: atGateway,
      body: {},
      statuses: [401],
    }
    expect(await denied(door, lab.tools, never, 'fails')).toMatchObject({
      result: 'pass',
      reason: 'TurnedAway',
    })
    expect(await refused(door)).toMatchObject({ result: 'pass', reason: 'TurnedAway' })
  })

  test('from the internet by the account; and is let in when public access is switched on', async () => {
    const outside: Targets['denied'] = { url: asked.url, method: 'GET', within: [], statuses: [403] }
    const ask = () => lab.standingIn('internet', () => denied(outside, lab.tools, never, 'fails'))
    expect(await ask()).toMatchObject({
      result: 'pass',
      why: expect.stringContaining('Public access is disabled'),
    })
    const account = (await lab.resources()).find(({ id }) => id === accountId)
    await stranger('PUT', `${accountId}?api-version=2025-06-01`, {
      ...account,
      properties: {
        ...account?.properties,
        publicNetworkAccess: 'Enabled',
        networkAcls: { defaultAction: 'Allow' },
      },
    })
    // Without a token it is refused all the same, but no longer for where it came from.
    expect(await ask()).toMatchObject({ result: 'fail', reason: 'Reached', stoppedIn: 'tcp' })
    expect(await fact({ resource: 'account/contoso-eus' }, lab.tools, never, 'works')).toMatchObject({
      result: 'fail',
      reason: 'Drifted',
      why: expect.stringContaining('properties.publicNetworkAccess'),
    })
    const elsewhere = { resource: 'account/contoso-eus', paths: ['properties.allowProjectManagement'] }
    expect(await fact(elsewhere, lab.tools, never, 'works')).toMatchObject({ result: 'pass' })
  })
})

describe('data services', () => {
  const reads = [
    {
      url: 'https://contosoaidata.blob.core.windows.net/?comp=list&maxresults=1',
      audience: 'https://storage.azure.com',
    },
    {
      url: 'https://contoso-search.search.windows.net/indexes/none/docs/$count?api-version=2024-07-01',
      audience: 'https://search.azure.com',
      // Whoever is told that there is no such index was let in.
      statuses: [404],
    },
  ]
  test.each(reads)('let in who has the role, and nobody else: $url', async (read) => {
    const asked = { method: 'GET' as const, within, ...read }
    expect(await call({ ...asked, as: 'probe' }, lab.tools, never, 'works')).toMatchObject({ result: 'pass' })
    const role = 'that it needs at its scope'
    expect(await call({ ...asked, as: 'nobody', role }, lab.tools, never, 'works')).toMatchObject({
      result: 'fail',
      reason: 'MissingRole',
    })
    const turned = { ...asked, as: 'nobody' as const, statuses: [401, 403] }
    expect(await denied(turned, lab.tools, never, 'fails')).toMatchObject({ result: 'pass' })
  })
})

describe('names and ways', () => {
  const zone = `${group}/Microsoft.Network/privateDnsZones/privatelink.openai.azure.com`
  const through = 'contoso-eus.privatelink.openai.azure.com'
  const named = () => dns({ host, within, through }, lab.tools, never, 'works')

  test('a private name leads through the private link, as its record says', async () => {
    expect(await named()).toMatchObject({ result: 'pass' })
    const asked = { host, record: `${zone}/A/contoso-eus` }
    expect(await record(asked, lab.tools, never, 'works')).toMatchObject({ result: 'pass' })
  })

  test('without the zone’s link the name is public, and no token leaves for it', async () => {
    const link = (await lab.resources()).find(({ id }) => id.startsWith(`${zone}/virtualNetworkLinks/`))
    await stranger('DELETE', `${link?.id}?api-version=2024-06-01`)
    expect(await named()).toMatchObject({ result: 'fail', reason: 'PublicAddress', stoppedIn: 'dns' })
    const verdict = await chatting()
    expect(verdict).toMatchObject({ result: 'fail', reason: 'PublicAddress', stoppedIn: 'dns' })
    expect(verdict.why).toContain('nothing was sent')
    expect(verdict.phases.map(({ name }) => name)).toEqual(['token', 'lookup'])
    const asked = { host, record: `${zone}/A/contoso-eus` }
    expect(await record(asked, lab.tools, never, 'works')).toMatchObject({ reason: 'ResolverDisagrees' })
  })

  test('without its record the gateway has no name', async () => {
    const apex = `${group}/Microsoft.Network/privateDnsZones/${gatewayHost}/A/@`
    await stranger('DELETE', `${apex}?api-version=2024-06-01`)
    expect(await record({ host: gatewayHost, record: apex }, lab.tools, never, 'works')).toMatchObject({
      result: 'fail',
      reason: 'RecordMissing',
    })
    expect(await chatting(throughGateway)).toMatchObject({ reason: 'NameNotFound', stoppedIn: 'dns' })
  })

  test('a wrong record of the same range shows as a certificate of somebody else’s', async () => {
    const apex = `${group}/Microsoft.Network/privateDnsZones/${gatewayHost}/A/@`
    const { address = '' } = { address: ((await lab.tools.lookUp(host, never)) as string[])[0] }
    await stranger('PUT', `${apex}?api-version=2024-06-01`, {
      properties: { ttl: 300, aRecords: [{ ipv4Address: address }] },
    })
    const to = { host: gatewayHost, port: 443, within: [...within, ...atGateway], daysLeft: 30 }
    expect(await tls(to, lab.tools, never, 'works')).toMatchObject({
      result: 'fail',
      reason: 'CertificateNameMismatch',
    })
    expect(await chatting(throughGateway)).toMatchObject({ result: 'fail', reason: 'WrongAddress' })
  })

  test('a rule that denies is out of time, in tcp', async () => {
    const rule = `${group}/Microsoft.Network/networkSecurityGroups/nsg-agents/securityRules/DenyGateway`
    await stranger('PUT', `${rule}?api-version=2024-05-01`, {
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
    const to = { host: gatewayHost, port: 443, within: atGateway }
    expect(await tcp(to, lab.tools, never, 'works')).toMatchObject({
      result: 'fail',
      reason: 'TimedOut',
      stoppedIn: 'tcp',
    })
    expect(await tcp(to, lab.tools, never, 'fails')).toMatchObject({ result: 'pass', reason: 'Unreachable' })
  })
})

describe('tokens', () => {
  test('an identity has one for a known audience and none for an unknown', async () => {
    const asked = { as: 'probe' as const, audience: forModels }
    expect(await token(asked, lab.tools, never, 'works')).toMatchObject({ result: 'pass' })
    const unknown = { as: 'probe' as const, audience: 'https://nobody.example' }
    expect(await token(unknown, lab.tools, never, 'works')).toMatchObject({
      result: 'fail',
      reason: 'AudienceUnknown',
      stoppedIn: 'token',
    })
  })
})

describe('projects', () => {
  const asked: Targets['agent'] = {
    endpoint: project,
    within,
    as: 'probe',
    audience: forProjects,
    model: 'gpt-4o',
  }
  const living = (target: Partial<Targets['agent']> = {}, signal = never) =>
    agent({ ...asked, ...target }, lab.tools, signal, 'works')
  const authorised = async () => {
    const got = await lab.tools.token('probe', forProjects, never)
    return { authorization: `Bearer ${'token' in got ? got.token : ''}` }
  }
  const agents = async (): Promise<string[]> => {
    const headers = await authorised()
    const listed = await fetch(`${project}/agents?api-version=v1`, { headers })
    return ((await listed.json()) as { data: { name: string }[] }).data.map(({ name }) => name)
  }

  test('an agent is made, runs and is gone', async () => {
    expect(await living()).toMatchObject({ result: 'pass', reason: 'Works' })
    expect(await living({ model: 'gateway/gpt-4o' })).toMatchObject({ result: 'pass' })
    expect(await agents()).toEqual([])
  })

  test('one that is stuck is gone too', async () => {
    const stuck = {
      match: { plane: 'model', path: '/openai/v1/responses', count: 'all' as const },
      do: { delaySeconds: 3 },
    }
    await lab.fault(stuck)
    const verdict = await living({}, AbortSignal.timeout(1000))
    expect(verdict).toMatchObject({ result: 'fail', reason: 'TimedOut', stoppedIn: 'agent' })
    expect(await agents()).toEqual([])
  })

  test('one that cannot be deleted is told of, and swept away an hour later', async () => {
    await lab.fault({ match: { plane: 'model', method: 'DELETE' }, do: { status: 500 } })
    expect(await living()).toMatchObject({ result: 'fail', reason: 'LeftBehind', stoppedIn: 'agent' })
    const [left] = await agents()
    expect(left).toMatch(/^ops-probe-/)
    expect(await living()).toMatchObject({ result: 'pass' })
    expect(await agents()).toEqual([left])
    changed = true
    await lab.advance(3700)
    expect((await living()).trace).toContain(`deleted ${left}, which an earlier run had left`)
    expect(await agents()).toEqual([])
  })

  test('without the role it is told which', async () => {
    const verdict = await living({ as: 'nobody' })
    expect(verdict).toMatchObject({ result: 'fail', reason: 'MissingRole' })
    expect(verdict.why).toContain('role Foundry User')
  })

  test('the project lists what it must', async () => {
    const url = `${project}/connections?api-version=v1`
    const list = { url, method: 'GET' as const, within, as: 'probe' as const, audience: forProjects }
    const listing = (lists: string[]) => call({ ...list, lists }, lab.tools, never, 'works')
    expect(await listing(['storage', 'search', 'gateway'])).toMatchObject({ result: 'pass' })
    expect(await listing(['storage', 'nonesuch'])).toMatchObject({
      result: 'fail',
      reason: 'NotFound',
      why: expect.stringContaining('nonesuch'),
    })
  })

  test('the playground’s calls, up to the first that fails', async () => {
    const calls = ['connections', 'deployments', 'nonesuch', 'agents'].map((name) => ({
      url: `${project}/${name}?api-version=v1`,
      method: 'GET' as const,
      audience: forProjects,
    }))
    const playing = (some: typeof calls) =>
      portal({ calls: some, within, as: 'probe' }, lab.tools, never, 'works')
    expect(await playing(calls.filter(({ url }) => !url.includes('nonesuch')))).toMatchObject({
      result: 'pass',
    })
    const verdict = await playing(calls)
    expect(verdict).toMatchObject({ result: 'fail', reason: 'NotFound' })
    expect(verdict.trace.join()).not.toContain('/agents')
  })
})

describe('the gateway', () => {
  const asked: Targets['policy'] = {
    url: `https://${gatewayHost}/probe/openai/v1/models`,
    within: atGateway,
    as: 'probe',
    audience: forModels,
    promises: ['turns away without a token', 'says the region', 'counts the retries', 'knows its operations'],
  }

  test('keeps the promises of its policy, until somebody edits it', async () => {
    expect(await policy(asked, lab.tools, never, 'works')).toMatchObject({ result: 'pass', reason: 'Works' })
    const id = `${group}/Microsoft.ApiManagement/service/contoso-apim/apis/probe/policies/policy`
    const live = (await lab.resources()).find((one) => one.id.toLowerCase() === id.toLowerCase())
    const value = String(live?.properties?.['value']).replaceAll('x-backend-region', 'x-somewhere')
    await stranger('PUT', `${id}?api-version=2024-05-01`, { properties: { format: 'rawxml', value } })
    const verdict = await policy(asked, lab.tools, never, 'works')
    expect(verdict).toMatchObject({ result: 'fail', reason: 'PromiseBroken', stoppedIn: 'gateway' })
    expect(verdict.why).toContain('says the region')
  })

  test('spreads calls by the weights in force; unlike them when a member was edited and edited back', async () => {
    const member = (account: string) => ({
      backend: `${account}--gpt-4o`,
      accountId: `${group}/Microsoft.CognitiveServices/accounts/${account}`,
      deployment: 'gpt-4o',
    })
    const members = [member('contoso-eus'), member('contoso-eus2')]
    const spread = () => distribution({ pool: 'pool/gpt-4o', members }, lab.tools, never, 'works')
    expect(await spread()).toMatchObject({ result: 'inconclusive', reason: 'TooFewCalls' })
    changed = true
    await lab.post('/_lab/traffic', {
      start: {
        gateway: 'contoso-apim',
        deployment: 'gpt-4o',
        trace: { synthetic: 'conversation', minutes: 35, seed: 1 },
        scale: 0.1,
        maxTokens: 16,
      },
    })
    await lab.advance(2100)
    expect(await spread()).toMatchObject({ result: 'pass', why: expect.stringContaining('for 76.9 %') })
    const id = `${group}/Microsoft.ApiManagement/service/contoso-apim/backends/gpt-4o`
    const live = (await lab.resources()).find((one) => one.id.toLowerCase() === id.toLowerCase())
    const turned = JSON.parse(JSON.stringify(live?.properties).replaceAll('"weight":100', '"weight":30'))
    await lab.stranger('PUT', `${id}?api-version=2024-10-01-preview`, { properties: turned })
    expect(await spread()).toMatchObject({ result: 'fail', reason: 'SharesOff', stoppedIn: 'gateway' })
  })

  test('is heard of by its hub, or had calls and was not heard of', async () => {
    const hub = everything.eventHub?.id ?? ''
    const apimId = `${group}/Microsoft.ApiManagement/service/contoso-apim`
    const arriving = () => arrivals({ hubId: hub, apimId, minutes: 10 }, lab.tools, never, 'works')
    changed = true
    // A document with `logTo: none` has no logger: so calls are made, and nothing comes.
    await chatting(throughGateway)
    await lab.advance(300)
    expect(await arriving()).toMatchObject({ result: 'fail', reason: 'NoEvents', stoppedIn: 'gateway' })
    await lab.sendEvents('gateway-log', [{ a: 'call' }])
    await chatting(throughGateway)
    await lab.advance(300)
    expect(await arriving()).toMatchObject({ result: 'pass', why: '1 events of 2 calls in 10 minutes' })
    await lab.advance(900)
    expect(await arriving()).toMatchObject({ result: 'inconclusive', reason: 'TooFewCalls' })
  })

  // The last one: it opens breakers, and they outlive a restored world.
  test('a gateway that finds no member is told from one that is broken', async () => {
    await lab.fault({ match: { plane: 'model', count: 'all' }, do: { status: 500 } })
    expect(await chatting(throughGateway)).toMatchObject({
      result: 'fail',
      reason: 'NoCapacity',
      stoppedIn: 'model',
    })
    await lab.clearFaults()
    const broken = { status: 500, body: { statusCode: 500, message: 'Internal server error' } }
    await lab.fault({ match: { plane: 'gateway', count: 'all' }, do: broken })
    expect(await chatting(throughGateway)).toMatchObject({
      result: 'fail',
      reason: 'ServerError',
      stoppedIn: 'gateway',
    })
  })
})
