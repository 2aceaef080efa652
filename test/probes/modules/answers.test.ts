import type { RequestListener } from 'node:http'
import { afterAll, describe, expect, test } from 'vitest'
import { arrivals } from '../../../src/probes/modules/arrivals.ts'
import { call } from '../../../src/probes/modules/call.ts'
import { chat } from '../../../src/probes/modules/chat.ts'
import { denied } from '../../../src/probes/modules/denied.ts'
import { embeddings } from '../../../src/probes/modules/embeddings.ts'
import { ask, limitMs, modules } from '../../../src/probes/modules/index.ts'
import { policy } from '../../../src/probes/modules/policy.ts'
import { responses } from '../../../src/probes/modules/responses.ts'
import { token } from '../../../src/probes/modules/token.ts'
import type { ModelCall, Probe, Targets } from '../../../src/probes/probe.ts'
import type { Credentials } from '../../../src/probes/tokens.ts'
import { closedPort, closeServers, serve, serveRaw } from './servers.ts'
import { never, tokenFor, toolsWith } from './tools.ts'

/** What modules make of answers: of real servers that answer well, badly, half, late, or not at all. */
const within = ['127.0.0.0/8']
const tools = toolsWith()
const soon = () => AbortSignal.timeout(200)
afterAll(closeServers)

const json =
  (body: object, status = 200, headers: Record<string, string> = {}): RequestListener =>
  (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))

const urlOf = async (listener: RequestListener) => `https://127.0.0.1:${await serve(listener)}/openai/v1/x`
const asked = async (listener: RequestListener): Promise<ModelCall> => ({
  url: await urlOf(listener),
  within,
  as: 'probe',
  audience: 'https://cognitiveservices.azure.com',
  model: 'gpt-4o',
  maxTokens: 16,
})
const chatted = async (listener: RequestListener, more: Partial<Targets['chat']> = {}, signal = never) =>
  chat({ ...(await asked(listener)), stream: false, ...more }, tools, signal, 'works')

const completion = { model: 'gpt-4o-2024-11-20', choices: [{ message: { content: 'ok' } }] }
const chunk = (content: string) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`

describe('a model’s answer', () => {
  test('is a completion, a response, an embedding; anything else is a wrong answer', async () => {
    expect(await chatted(json(completion))).toMatchObject({ result: 'pass', reason: 'Works' })
    expect(await chatted(json({ hello: 'there' }))).toMatchObject({ result: 'fail', reason: 'WrongAnswer' })
    const response = await asked(json({ status: 'incomplete', model: 'gpt-4o' }))
    expect(await responses(response, tools, never, 'works')).toMatchObject({ result: 'pass' })
    const failed = await asked(json({ status: 'failed' }))
    expect(await responses(failed, tools, never, 'works')).toMatchObject({
      result: 'fail',
      reason: 'WrongAnswer',
    })
    const embedded = await asked(json({ data: [{ embedding: 'AAAA' }] }))
    expect(await embeddings(embedded, tools, never, 'works')).toMatchObject({ result: 'pass' })
  })

  test('carries the other side’s id of the call, and the server is sent what the surface wants', async () => {
    let sent = ''
    const verdict = await chatted((request, response) => {
      request.on('data', (part) => {
        sent += part
      })
      request.on('end', () => json(completion, 200, { 'apim-request-id': 'abc-1' })(request, response))
    })
    expect(verdict.requestId).toBe('abc-1')
    expect(JSON.parse(sent)).toMatchObject({ model: 'gpt-4o', max_completion_tokens: 16 })
  })

  test('as a stream has a first token, apart from the first byte', async () => {
    const verdict = await chatted(
      (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write(`data: ${JSON.stringify({ choices: [] })}\n\n${chunk('')}`)
        // Cut in the middle of an event and of a letter.
        const [head, tail] = [
          Buffer.from(chunk('Grüße')).subarray(0, 45),
          Buffer.from(chunk('Grüße')).subarray(45),
        ]
        setTimeout(() => response.write(head), 80)
        setTimeout(() => response.end(Buffer.concat([tail, Buffer.from('data: [DONE]\n\n')])), 120)
      },
      { stream: true },
    )
    expect(verdict).toMatchObject({ result: 'pass', why: expect.stringContaining('streamed 1 pieces') })
    const took = Object.fromEntries(verdict.phases.map(({ name, ms }) => [name, ms]))
    expect(took['first token']).toBeGreaterThan(90)
    expect(took['first byte']).toBeLessThan(took['first token'] ?? 0)
  })

  test('as a stream without its end is broken, cut off or hung up', async () => {
    const half =
      (finish: (response: Parameters<RequestListener>[1]) => void): RequestListener =>
      (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write(chunk('ok'))
        setTimeout(() => finish(response), 20)
      }
    expect(
      await chatted(
        half((response) => response.end()),
        { stream: true },
      ),
    ).toMatchObject({
      result: 'fail',
      reason: 'StreamBroken',
    })
    expect(
      await chatted(
        half((response) => response.destroy()),
        { stream: true },
      ),
    ).toMatchObject({
      result: 'fail',
      reason: 'Reset',
      stoppedIn: 'model',
    })
  })

  test('that never comes, or never ends, is out of time in its phase', async () => {
    const silent = await chatted(() => {}, {}, soon())
    expect(silent).toMatchObject({
      reason: 'TimedOut',
      why: expect.stringContaining('it hung in first byte'),
    })
    const endless = await chatted((_, response) => void response.writeHead(200).write('{'), {}, soon())
    expect(endless).toMatchObject({ reason: 'TimedOut', why: expect.stringContaining('it hung in rest') })
  })

  test('that comes late is slow', async () => {
    const late: RequestListener = (request, response) =>
      void setTimeout(() => json(completion)(request, response), 90)
    expect(await chatted(late, { slowAfterMs: 60 })).toMatchObject({ result: 'fail', reason: 'Slow' })
    expect(await chatted(late)).toMatchObject({ result: 'pass' })
  })
})

describe('what is sent where', () => {
  test('a redirect is an answer, and nobody follows it', async () => {
    let followed = 0
    const elsewhere = await urlOf(() => followed++)
    const verdict = await chatted((_, response) => response.writeHead(307, { location: elsewhere }).end())
    expect(verdict).toMatchObject({ result: 'fail', reason: 'RedirectedElsewhere' })
    expect(verdict.why).toContain(new URL(elsewhere).origin)
    expect(followed).toBe(0)
  })

  test('a token never leaves for an address outside the ranges, nor where none are given', async () => {
    let calls = 0
    const counted: RequestListener = (request, response) => {
      calls++
      json(completion)(request, response)
    }
    expect(await chatted(counted, { within: ['192.168.2.0/26'] })).toMatchObject({
      result: 'fail',
      reason: 'WrongAddress',
    })
    expect(await chatted(counted, { within: [] })).toMatchObject({ result: 'fail', reason: 'WrongAddress' })
    expect(calls).toBe(0)
  })

  test('a token never goes over a connection whose certificate does not hold', async () => {
    let calls = 0
    const port = await serve(() => calls++, { isStrange: true })
    const target = { ...(await asked(json({}))), url: `https://127.0.0.1:${port}/x`, stream: false }
    expect(await chat(target, tools, never, 'works')).toMatchObject({
      result: 'fail',
      reason: 'CertificateUntrusted',
      stoppedIn: 'tls',
    })
    expect(calls).toBe(0)
  })

  test('without a token nothing is sent, and the token’s phase is to blame', async () => {
    let calls = 0
    const without = toolsWith({ credentials: async () => undefined })
    const target = { ...(await asked(() => calls++)), stream: false }
    expect(await chat(target, without, never, 'works')).toMatchObject({
      result: 'fail',
      reason: 'IdentityMissing',
      stoppedIn: 'token',
    })
    expect(calls).toBe(0)
  })

  test('storage and Cosmos DB get their tokens as they want them', async () => {
    const seen: Record<string, unknown>[] = []
    const url = await urlOf((request, response) => {
      seen.push(request.headers)
      response.end()
    })
    for (const audience of ['https://storage.azure.com', 'https://contoso.documents.azure.com'])
      await call({ url, method: 'GET', within, as: 'probe', audience }, tools, never, 'works')
    expect(seen).toMatchObject([
      { authorization: expect.stringMatching(/^Bearer /), 'x-ms-version': '2021-12-02' },
      {
        authorization: expect.stringMatching(/^type%3Daad%26ver%3D1.0%26sig%3D/),
        'x-ms-date': expect.stringMatching(/GMT$/),
      },
    ])
  })

  test('nothing of a body, a token or a query gets into a verdict', async () => {
    const url = `${await urlOf(json({ error: { code: 'Boom', message: 'short' }, prompt: 'a secret' }, 500))}?code=hidden`
    const verdict = await chat({ ...(await asked(json({}))), url, stream: false }, tools, never, 'works')
    expect(JSON.stringify(verdict)).not.toMatch(/a secret|hidden|eyJ|Bearer|signature/)
    expect(verdict.why).toContain('answered 500 Boom: short')
  })

  test('a list too long to read is not judged by its beginning', async () => {
    const url = await urlOf(json({ value: [{ name: 'x'.repeat(100_000) }, { name: 'storage' }] }))
    const target = {
      url,
      method: 'GET' as const,
      within,
      as: 'probe' as const,
      audience: 'https://ai.azure.com',
    }
    expect(await call({ ...target, lists: ['storage'] }, tools, never, 'works')).toMatchObject({
      result: 'inconclusive',
      reason: 'TooLong',
    })
  })
})

describe('who must be turned away', () => {
  const turned = async (listener: RequestListener, target: Partial<Targets['denied']> = {}) =>
    denied(
      { url: await urlOf(listener), method: 'GET', within, statuses: [401, 403], ...target },
      tools,
      never,
      'fails',
    )
  const nobody = { as: 'nobody' as const, audience: 'https://cognitiveservices.azure.com' }

  test.each([200, 204])('is let in by %s', async (status) => {
    expect(await turned((_, response) => response.writeHead(status).end(), nobody)).toMatchObject({
      result: 'fail',
      reason: 'Reached',
    })
  })

  test.each([400, 404, 429, 500, 501, 302])('proves nothing by %s', async (status) => {
    const verdict = await turned((_, response) => response.writeHead(status, { location: '/' }).end(), nobody)
    expect(verdict.result).toBe('inconclusive')
  })

  test('proves nothing when nobody answers', async () => {
    const target = {
      url: `https://127.0.0.1:${await closedPort()}/`,
      method: 'GET' as const,
      within,
      statuses: [403],
    }
    expect(await denied(target, tools, never, 'fails')).toMatchObject({
      result: 'inconclusive',
      reason: 'Refused',
    })
  })

  test('is let in by a network that asks for a token where it must refuse', async () => {
    const closed = { statuses: [403] }
    expect(await turned((_, response) => response.writeHead(401).end(), closed)).toMatchObject({
      result: 'fail',
      reason: 'Reached',
      stoppedIn: 'tcp',
    })
  })
})

describe('tokens', () => {
  const tokenIs = (claims: object) =>
    token(
      { as: 'probe', audience: 'https://ai.azure.com' },
      toolsWith({
        credentials: async () => ({
          getToken: async () => ({ token: tokenFor(claims), expiresOnTimestamp: Date.now() + 1000 }),
        }),
        nowMs: () => 1_000_000_000_000,
      }),
      never,
      'works',
    )

  test('are for whom they were asked for, and hold', async () => {
    expect(await tokenIs({ aud: 'https://ai.azure.com/', exp: 1_000_000_060 })).toMatchObject({
      result: 'pass',
    })
    expect(await tokenIs({ aud: '18a66f5f-dbdf-4c17-9dd7-1634712a9cbe', exp: 1_000_000_060 })).toMatchObject({
      result: 'pass',
    })
    expect(await tokenIs({ aud: 'https://graph.microsoft.com', exp: 1_000_000_060 })).toMatchObject({
      result: 'fail',
      reason: 'TokenForAnother',
    })
    expect(await tokenIs({ aud: 'https://ai.azure.com', exp: 999_999_999 })).toMatchObject({
      reason: 'TokenForAnother',
    })
  })

  test.each<[string, Credentials, string]>([
    ['the endpoint is dead', failing('network unreachable'), 'NoToken'],
    [
      'the audience is unknown',
      failing('AADSTS500011: the resource principal was not found'),
      'AudienceUnknown',
    ],
    [
      'the identity is not assigned',
      failing('No User Assigned or Delegated Managed Identity found'),
      'IdentityMissing',
    ],
  ])('are missing when %s', async (_, credentials, reason) => {
    const verdict = await token(
      { as: 'app', audience: 'https://ai.azure.com' },
      toolsWith({ credentials }),
      never,
      'works',
    )
    expect(verdict).toMatchObject({ result: 'fail', reason, stoppedIn: 'token' })
    expect(JSON.stringify(verdict)).not.toContain('eyJhbGciOi')
  })

  test('that never come are out of time', async () => {
    const credentials: Credentials = async () => ({ getToken: () => new Promise(() => {}) })
    const verdict = await token({ as: 'app', audience: 'x' }, toolsWith({ credentials }), soon(), 'works')
    expect(verdict).toMatchObject({ result: 'fail', reason: 'TimedOut', stoppedIn: 'token' })
  })
})

function failing(message: string): Credentials {
  return async () => ({
    getToken: () => Promise.reject(new Error(`${message} (sent ${tokenFor({ aud: 'x' })})`)),
  })
}

describe('promises of the policy', () => {
  const gateway =
    (headers: Record<string, string>, withoutToken = 401): RequestListener =>
    (request, response) => {
      if (!request.headers.authorization) response.writeHead(withoutToken).end()
      else if (request.url?.endsWith('/models')) response.writeHead(200, headers).end('{}')
      else response.writeHead(404).end('{"statusCode": 404, "message": "Resource not found"}')
    }
  const all: Targets['policy']['promises'] = [
    'turns away without a token',
    'says the region',
    'counts the retries',
    'knows its operations',
  ]
  const kept = async (listener: RequestListener, promises = all) => {
    const url = `https://127.0.0.1:${await serve(listener)}/probe/openai/v1/models`
    return policy(
      { url, within, as: 'probe', audience: 'https://cognitiveservices.azure.com', promises },
      tools,
      never,
      'works',
    )
  }
  const good = { 'x-backend-region': 'East US', 'x-backend-retry': '0' }

  test('are kept, or one is named that is not', async () => {
    expect(await kept(gateway(good))).toMatchObject({ result: 'pass' })
    const broken = (why: string) => ({
      result: 'fail',
      reason: 'PromiseBroken',
      why: expect.stringContaining(why),
    })
    expect(await kept(gateway({ 'x-backend-retry': '0' }))).toMatchObject(broken('says the region'))
    expect(await kept(gateway({ ...good, 'x-backend-retry': 'none' }))).toMatchObject(
      broken('counts the retries'),
    )
    expect(await kept(gateway(good, 200))).toMatchObject(broken('turns away without a token'))
    const takesAll: RequestListener = (_, response) => response.end()
    expect(await kept(takesAll, ['knows its operations'])).toMatchObject(broken('knows its operations'))
  })
})

describe('arrivals', () => {
  /** Resource Manager's metrics, by the resource they are asked of. */
  const counting = (requests: Record<string, number>, messages: number | undefined) => {
    const series = (name: string, totals: Record<string, number>) =>
      Object.entries(totals).map(([value, total]) => ({
        metadatavalues: [{ name: { value: name }, value }],
        data: [{ total }, {}],
      }))
    return {
      ...tools,
      arm: async (path: string) =>
        path.includes('/service/')
          ? { status: 200, body: { value: [{ timeseries: series('backendresponsecode', requests) }] } }
          : messages === undefined
            ? { status: 400, body: { error: { message: 'no such metric' } } }
            : { status: 200, body: { value: [{ timeseries: series('entityname', { hub: messages }) }] } },
    }
  }
  const hubId = '/subscriptions/s/resourceGroups/g/providers/Microsoft.EventHub/namespaces/n/eventhubs/hub'
  const apimId = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/a'
  const came = (requests: Record<string, number>, messages: number | undefined) =>
    arrivals({ hubId, apimId, minutes: 15 }, counting(requests, messages), never, 'works')

  test('are proven by events, and missed only where there were calls to tell of', async () => {
    expect(await came({ 200: 5, NoBackend: 3 }, 6)).toMatchObject({ result: 'pass' })
    expect(await came({ 200: 5 }, 0)).toMatchObject({ result: 'fail', reason: 'NoEvents' })
    expect(await came({ NoBackend: 9 }, 0)).toMatchObject({ result: 'inconclusive', reason: 'TooFewCalls' })
    expect(await came({ 200: 5 }, undefined)).toMatchObject({ result: 'inconclusive', reason: 'Unreadable' })
  })
})

describe('asking', () => {
  const probe = (target: Targets['page']): Probe => ({
    id: 'page',
    title: 'a page',
    module: 'page',
    target,
    layer: 'gateway',
    expect: 'works',
    vantage: 'inside',
    beat: 'network',
    needs: [],
    proves: [],
    suspects: [],
    limit: 'here',
  })

  test('ends with the signal it is given, and then says nothing of the target', async () => {
    const url = `https://127.0.0.1:${await serveRaw()}/`
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 50)
    expect(await ask(probe({ url, within, statuses: [200] }), tools, stop.signal)).toMatchObject({
      result: 'inconclusive',
      reason: 'Cancelled',
    })
  })

  test('gives Resource Manager up when its time is over, and says nothing of the resource', async () => {
    const silent = { ...tools, observe: () => new Promise<undefined>(() => {}) }
    const fact: Probe = {
      ...probe({ url: '', within, statuses: [] }),
      module: 'fact',
      target: { resource: 'a/b' },
    }
    const over = AbortSignal.timeout(50)
    expect(await ask(fact, silent, over)).toMatchObject({ result: 'inconclusive', reason: 'Unreadable' })
  })

  test('turns a defect of the prober into no verdict on the target', async () => {
    const broken = { ...tools, exchange: () => Promise.reject(new Error('no such thing')) }
    expect(
      await ask(probe({ url: 'https://127.0.0.1/', within, statuses: [] }), broken, never),
    ).toMatchObject({
      result: 'inconclusive',
      reason: 'ProberBroken',
      why: 'the prober failed: no such thing',
    })
    expect(await ask(probe({ url: 'http://127.0.0.1/', within, statuses: [] }), tools, never)).toMatchObject({
      reason: 'ProberBroken',
    })
  })

  test('gives every module a limit', () => {
    expect(Object.keys(limitMs).toSorted()).toEqual(Object.keys(modules).toSorted())
  })
})
