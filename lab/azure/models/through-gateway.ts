import type { Azure } from '../arm/azure.ts'
import type { Resource } from '../arm/kind.ts'
import { show } from '../arm/show.ts'
import { type DataAnswer, type DataCall, isUnreached, type Send, type Vantage } from '../data/call.ts'
import { agentSubnetOf } from '../providers/cognitive-services/account-shape.ts'
import type { Tokens } from '../tokens.ts'
import type { AccountResource } from './accounts.ts'
import type { ConnectionResource } from './project-resources.ts'
import { Refused, refused } from './refused.ts'
import type { Spoken, Turn } from './responses.ts'
import { type Body, isBody, textOf } from './tokens.ts'

type Way = {
  account: AccountResource
  project: Resource
  connection: ConnectionResource
  deployment: string
  /** The call that started the run. */
  call: DataCall
}

/**
 * azure-facts 5.4: an agent whose model is `{connection}/{deployment}` calls `/chat/completions` on the connection's target, with the connection's
 * key or as its project's identity, out of the subnet that its account is injected into.
 */
export async function speakThroughGateway(
  { instructions, heard, most }: Turn,
  { account, project, connection, deployment, call }: Way,
  send: Send,
  tokens: Tokens,
  azure: Azure,
): Promise<Spoken> {
  const { target, metadata } = connection.properties
  const inPath = metadata['deploymentInPath'] === 'true'
  const version = metadata['inferenceAPIVersion']
  const url = new URL(
    `${target.replace(/\/$/, '')}${inPath ? `/deployments/${deployment}` : ''}/chat/completions`,
  )
  if (version) url.searchParams.set('api-version', version)
  const messages = [
    ...(instructions ? [{ role: 'system', content: instructions }] : []),
    ...heard.map(({ role, content }) => ({ role: role ?? 'user', content: textOf(content) })),
  ]
  const subnetId = agentSubnetOf(account)
  const from: Vantage = subnetId ? { subnetId } : 'internet'
  const answer = await send(
    {
      method: 'POST',
      host: url.hostname,
      path: `${url.pathname}${url.search}`,
      headers: {
        'content-type': 'application/json',
        ...(await signedIn(connection, project, tokens, azure)),
      },
      body: JSON.stringify({
        messages,
        ...(inPath ? {} : { model: deployment }),
        ...(most === undefined ? {} : { max_completion_tokens: most }),
      }),
      gone: call.gone,
      ...(call.journalled === undefined ? {} : { journalled: call.journalled }),
    },
    from,
  )
  if (isUnreached(answer))
    throw refused(
      424,
      'FailedDependency',
      `The model gateway '${url.hostname}' could not be reached: ${answer.unreached}.`,
    )
  return spokenBy(answer, await bodyOf(answer))
}

async function signedIn(
  { properties }: ConnectionResource,
  project: Resource,
  tokens: Tokens,
  azure: Azure,
): Promise<Record<string, string>> {
  if (properties.authType === 'ApiKey') return { 'api-key': String(properties.credentials?.['key'] ?? '') }
  const { principalId = '' } = (show(project, azure)['identity'] ?? {}) as { principalId?: string }
  const { token } = await tokens.issue({
    audience: properties.audience ?? '',
    objectId: principalId,
    appId: azure.draw.uuid('client', principalId),
    identityOf: project.id,
  })
  return { authorization: `Bearer ${token}` }
}

async function bodyOf({ body }: DataAnswer): Promise<Body> {
  let text = ''
  if (typeof body === 'string') text = body
  else for await (const chunk of body) text += chunk
  try {
    const parsed: unknown = JSON.parse(text)
    return isBody(parsed) ? parsed : {}
  } catch {
    return {}
  }
}

/** What the gateway refuses, the run refuses, with its status and its words. */
function spokenBy({ status, headers, tookMs }: DataAnswer, body: Body): Spoken {
  if (status !== 200) {
    const error = isBody(body['error']) ? body['error'] : body
    const code = String(error['code'] ?? status)
    const message = String(error['message'] ?? `The model gateway answered ${status}.`)
    const wait = headers['retry-after']
    throw new Refused(status, message, { error: { code, message } }, wait ? { 'retry-after': wait } : {})
  }
  const [choice] = Array.isArray(body['choices']) ? body['choices'].filter(isBody) : []
  const usage = isBody(body['usage']) ? body['usage'] : {}
  const message = isBody(choice?.['message']) ? choice['message'] : {}
  return {
    text: String(message['content'] ?? ''),
    prompt: Number(usage['prompt_tokens'] ?? 0),
    cached: 0,
    completion: Number(usage['completion_tokens'] ?? 0),
    finish: choice?.['finish_reason'] === 'length' ? 'length' : 'stop',
    firstTokenMs: tookMs,
    totalMs: tookMs,
    headers: {},
  }
}
