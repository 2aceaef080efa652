import { isUnreached, type Vantage } from '../../../lab/azure/data/call.ts'
import type { AzureOptions } from '../../../lab/azure/server.ts'
import { HOME } from '../../../lab/azure/worlds/world.ts'
import { ROLE } from './models-lab.ts'
import { openNetworkWorld } from './network-world.ts'
import { type Lab, openAzure } from './open.ts'
import { KEY, putPool } from './traffic-world.ts'

export const MINUTE_MS = 60_000
const BEGINNING = Date.parse('2029-06-01T12:00:00Z')
const BODY = { messages: [{ role: 'user', content: 'Hello, is there anybody?' }], max_tokens: 16 }
const MODELS = 'https://cognitiveservices.azure.com'

// biome-ignore lint/suspicious/noExplicitAny: bodies of any shape, read by the tests as they expect them
type Json = any

/** What became of a call, as its caller saw it. */
export type Call = { status: number; tokens: number }

/**
 * The pool of the reference environment in this process, on the usual temper, at the beginning of a minute: called without a wire, and
 * on a clock that only the test moves.
 */
export async function openMonitored(pool: Parameters<typeof putPool>[1] = {}) {
  const world = await openNetworkWorld()
  putPool(world, pool)
  const { azure, clock, data, at, put } = world
  /** By steps, as the timekeeper goes: what is due is done in order. */
  const jumpTo = (moment: number) => {
    for (let next = azure.agenda.next(); next !== undefined && next <= moment; next = azure.agenda.next()) {
      clock.jumpTo(Math.max(next, clock.now()))
      azure.agenda.settle(next)
    }
    clock.jumpTo(Math.max(moment, clock.now()))
  }
  const advance = (seconds: number) => jumpTo(clock.now() + seconds * 1000)
  /** The beginning of the next minute, and of those that follow it. */
  const nextMinute = (minutes = 1) => jumpTo((Math.floor(clock.now() / MINUTE_MS) + minutes) * MINUTE_MS + 1)
  // Draws go by the minute: the same ones in every run. By then the gateway has learnt what was placed, too.
  jumpTo(BEGINNING)

  const account = at('CognitiveServices/accounts/contoso-eus')
  const service = at('ApiManagement/service/contoso-apim')
  const assignment = `${account}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`
  put(assignment, {
    roleDefinitionId: `/subscriptions/${azure.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${ROLE.openAiUser}`,
    principalId: HOME.probe.principalId,
  })
  const assigned = azure.find(assignment)
  if (assigned) azure.keep({ ...assigned, hidden: { effectiveAt: clock.now() } })
  put(
    `${account}/deployments/small`,
    { model: { format: 'OpenAI', name: 'gpt-4o', version: '2024-11-20' } },
    { sku: { name: 'GlobalStandard', capacity: 1 } },
  )
  const { token } = await world.tokens.issue({
    audience: MODELS,
    objectId: HOME.probe.principalId,
    seconds: 30 * 86_400,
  })

  const send = async (
    host: string,
    path: string,
    headers: Record<string, string>,
    from: Vantage,
  ): Promise<Call> => {
    const answer = await data.send(
      {
        method: 'POST',
        host,
        path,
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ ...BODY, model: 'gpt-4o' }),
        gone: new AbortController().signal,
      },
      from,
    )
    if (isUnreached(answer)) throw new Error(`${host}: ${answer.because}`)
    const { usage } = JSON.parse(String(answer.body)) as { usage?: { total_tokens: number } }
    return { status: answer.status, tokens: usage?.total_tokens ?? 0 }
  }

  /** The query API of ARM, asked in this process. */
  const metrics = (id: string, query: Record<string, string>, by: string = crypto.randomUUID()): Json => {
    const url = new URL(`https://localhost${id}/providers/Microsoft.Insights/metrics`)
    for (const [name, value] of Object.entries(query)) if (value) url.searchParams.set(name, value)
    url.searchParams.set('api-version', '2024-02-01')
    const asked = {
      method: 'GET',
      path: url.pathname,
      url,
      headers: new Headers(),
      origin: '',
      body: undefined,
    }
    // Each by somebody else: how much one may ask is not what is tested here.
    const { status, body } = world.arm.handle(asked, by, {})
    if (status !== 200) throw new Error(JSON.stringify(body))
    return body
  }

  return {
    ...world,
    account,
    otherAccount: at('CognitiveServices/accounts/contoso-eus2'),
    service,
    metrics,
    minute: () => Math.floor(clock.now() / MINUTE_MS) * MINUTE_MS,
    jumpTo,
    advance,
    nextMinute,
    callGateway: (path = '/openai/v1/chat/completions') =>
      send('contoso-apim.azure-api.net', path, { 'api-key': KEY }, world.ops),
    /** `small` takes one call in ten seconds. */
    callModel: (deployment = 'gpt-4o') =>
      send(
        'contoso-eus.openai.azure.com',
        `/openai/deployments/${deployment}/chat/completions?api-version=2024-10-21`,
        { authorization: `Bearer ${token}` },
        world.ops,
      ),
  }
}

export type Monitored = Awaited<ReturnType<typeof openMonitored>>

/** The same world as it is now, behind the doors of a running simulated Azure. */
export async function serve(world: Monitored, options: AzureOptions = { temper: 'usual' }) {
  const lab = await openAzure(options)
  await lab.lab('POST', 'state', world.snapshot())
  return lab
}

/** The app's identity, with tokens for that audience. */
export const credentialFor = ({ tokenFor }: Lab, audience: string) => ({
  getToken: async () => ({
    token: (await tokenFor(audience)).access_token as string,
    // The test's own clock stands still while the lab's jumps: nothing may be cached by it.
    expiresOnTimestamp: Date.now(),
  }),
})
