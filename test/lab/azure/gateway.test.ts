import { describe, expect, test } from 'vitest'
import { answer, EAST, HOST, KEY, openRuntime, policy, putApi, single } from './gateway-lab.ts'

/** From the door of the gateway to a backend: routes, callers, scopes. */

async function openEast(policyText = policy(''), api: Record<string, unknown> = {}) {
  const lab = await openRuntime()
  lab.put('backends/east', single(EAST))
  lab.backend(EAST, () => answer(200, { 'x-ms-region': 'East US' }, '{"ok":true}'))
  putApi(lab, policyText, api)
  return lab
}

const header = (name: string, value: string, action = 'override') =>
  `<set-header name="${name}" exists-action="${action}"><value>${value}</value></set-header>`

describe('a call', () => {
  test('goes to url + the path after the API’s + the query, from the subnet of the service', async () => {
    const lab = await openEast()
    const { status, text, tookMs } = await lab.asks({ path: '/openai/v1/chat/completions?a=1&b=%20' })
    expect([status, text, tookMs]).toEqual([200, '{"ok":true}', 100])
    expect(lab.asked).toMatchObject([
      {
        host: EAST,
        path: '/openai/v1/chat/completions?a=1&b=%20',
        method: 'POST',
        body: '{"model":"gpt-4o","messages":[]}',
      },
    ])
    expect(lab.vantages).toEqual([{ subnetId: lab.subnetId }])
  })

  test('is owned by host, of a service that has come up', async () => {
    const lab = await openEast()
    expect([HOST, 'other.azure-api.net', EAST].map(lab.gateway.owns)).toEqual([true, false, false])
    lab.azure.erase(lab.serviceId)
    expect(lab.gateway.owns(HOST)).toBe(false)
  })

  test('may ask for the gateway’s own status without a key', async () => {
    const lab = await openEast()
    expect((await lab.asks({ method: 'GET', path: '/status-0123456789abcdef', headers: {} })).status).toBe(
      200,
    )
  })

  test('is told to whoever counts', async () => {
    const lab = await openEast()
    lab.backend(EAST, () => answer(200, {}, '{"usage":{"prompt_tokens":3,"completion_tokens":4}}', 250))
    await lab.asks()
    expect(lab.answered).toMatchObject([
      {
        serviceId: lab.serviceId,
        apiId: `${lab.serviceId}/apis/openai`,
        operationId: `${lab.serviceId}/apis/openai/operations/chat`,
        status: 200,
        backendStatus: 200,
        tookMs: 250,
        attempts: [{ backendId: `${lab.serviceId}/backends/east`, status: 200, tookMs: 250 }],
        tokens: { prompt: 3, completion: 4, isEstimate: false },
      },
    ])
  })
})

describe('a route', () => {
  test.each([
    ['GET', '/openai/v1/chat/completions', 'another method is another operation'],
    ['POST', '/openai/v1/chat', 'a template fits whole or not at all'],
    ['POST', '/openai/v1/chat/completions/more', 'a template fits whole or not at all'],
    ['POST', '/other/v1/chat/completions', 'no API has that path'],
    ['POST', '/openaiv1/chat/completions', 'a prefix ends where a segment ends'],
  ])('%s %s is not found: %s', async (method, path) => {
    const lab = await openEast()
    const { status, text } = await lab.asks({ method, path })
    expect([status, JSON.parse(text)]).toEqual([404, { statusCode: 404, message: 'Resource not found' }])
  })

  test('the longest path of an API wins, words before parameters before the rest', async () => {
    const lab = await openEast(policy(''))
    lab.put('apis/probe', {
      displayName: 'probe',
      path: 'openai/v1',
      protocols: ['https'],
      subscriptionRequired: false,
    })
    for (const [id, urlTemplate] of Object.entries({
      rest: '/*',
      one: '/models/{model}',
      word: '/models/gpt-4o',
      two: '/models?by={by}',
    }))
      lab.put(`apis/probe/operations/${id}`, {
        displayName: id,
        method: 'GET',
        urlTemplate,
        templateParameters: [...urlTemplate.matchAll(/\{([^}]+)\}/g)].map(([, name]) => ({
          name,
          type: 'string',
        })),
      })
    const echo = `<return-response>${header('x-operation', '@(context.Operation.Id)')}${header('x-model', '@(context.Request.MatchedParameters.GetValueOrDefault("model", "none"))')}</return-response>`
    lab.put('apis/probe/policies/policy', { value: policy(echo), format: 'rawxml' })
    const found = async (path: string) => {
      const { headers } = await lab.asks({ method: 'GET', path })
      return `${headers['x-operation']} ${headers['x-model']}`
    }
    expect(await found('/openai/v1/models/gpt-4o')).toBe('word none')
    expect(await found('/openai/v1/models/o%201')).toBe('one o 1')
    expect(await found('/openai/v1/models?by=name')).toBe('two none')
    expect(await found('/OpenAI/v1/a/b/c')).toBe('rest none')
  })
})

describe('a caller', () => {
  test.each([
    ['without a key', {}, '', 'missing'],
    ['with a key nobody has', { 'api-key': 'guess' }, '', 'invalid'],
    ['with the key under another name', { 'ocp-apim-subscription-key': KEY }, '', 'missing'],
  ])('%s is refused', async (_when, headers, query, word) => {
    const lab = await openEast()
    const refused = await lab.asks({ headers, path: `/openai/v1/chat/completions${query}` })
    expect(refused.status).toBe(401)
    expect(JSON.parse(refused.text)).toMatchObject({
      statusCode: 401,
      message: expect.stringContaining(`${word} subscription key`),
    })
    expect(refused.headers['www-authenticate']).toContain('AzureApiManagementKey')
    expect(lab.asked).toEqual([])
  })

  test('may bring the key in the query', async () => {
    const lab = await openEast()
    expect((await lab.asks({ headers: {}, path: `/openai/v1/chat/completions?api-key=${KEY}` })).status).toBe(
      200,
    )
  })

  test.each([
    ['of all APIs', '/apis', 200],
    ['of another API', '/apis/other', 401],
    ['of a published product that holds the API', '/products/team', 200],
    ['of a product that does not hold it', '/products/empty', 401],
    ['of a product that is not published', '/products/draft', 401],
  ])('with a subscription %s gets the answer due', async (_of, scope, status) => {
    const lab = await openEast()
    lab.put('products/team', { displayName: 'team', state: 'published' })
    lab.put('products/team/apis/openai', {})
    lab.put('products/empty', { displayName: 'empty', state: 'published' })
    lab.put('products/draft', { displayName: 'draft', state: 'notPublished' })
    lab.put('products/draft/apis/openai', {})
    lab.put('subscriptions/other', { displayName: 'x', scope, state: 'active', secondaryKey: 'k2' })
    expect((await lab.asks({ headers: { 'api-key': 'k2' } })).status).toBe(status)
  })

  test('whose subscription is suspended is refused', async () => {
    const lab = await openEast()
    lab.put('subscriptions/caller', {
      displayName: 'x',
      scope: '/apis/openai',
      state: 'suspended',
      primaryKey: KEY,
    })
    expect((await lab.asks()).status).toBe(401)
  })

  test('of an API that asks for no subscription goes on without one, and is known if it brings one', async () => {
    const who = header('x-who', '@(context.Subscription == null ? "nobody" : context.Subscription.Id)')
    const lab = await openEast(policy(who), { subscriptionRequired: false })
    await lab.asks({ headers: {} })
    await lab.asks()
    expect(lab.asked.map(({ headers }) => headers['x-who'])).toEqual(['nobody', 'caller'])
  })
})

describe('scopes', () => {
  const said = (name: string) => header('x-said', name, 'append')

  test('each stands in the base of the next: service, product, API, operation', async () => {
    const lab = await openEast(policy(said('api')))
    const scoped = (name: string, backend = '<base />') => ({
      format: 'rawxml',
      value: `<policies><inbound>${name === 'service' ? '' : '<base />'}${said(name)}</inbound><backend>${backend}</backend><outbound /><on-error /></policies>`,
    })
    lab.put('policies/policy', scoped('service', '<forward-request />'))
    lab.put('products/team', { displayName: 'team', state: 'published' })
    lab.put('products/team/apis/openai', {})
    lab.put('products/team/policies/policy', scoped('product'))
    lab.put('apis/openai/operations/chat/policies/policy', scoped('operation'))
    lab.put('subscriptions/caller', {
      displayName: 'x',
      scope: '/products/team',
      state: 'active',
      primaryKey: KEY,
    })
    await lab.asks()
    expect(lab.asked[0]?.headers['x-said']).toBe('service,product,api,operation')
  })

  test('without base the wider scope is not executed', async () => {
    const lab = await openEast(policy(said('api')).replace('<inbound><base />', '<inbound>'))
    lab.put('policies/policy', {
      format: 'rawxml',
      value: `<policies><inbound>${said('service')}</inbound><backend><forward-request /></backend><outbound /><on-error /></policies>`,
    })
    await lab.asks()
    expect(lab.asked[0]?.headers['x-said']).toBe('api')
  })

  test('with no policy anywhere the service forwards to the API’s own address', async () => {
    const lab = await openEast('', { serviceUrl: `https://${EAST}/openai/` })
    await lab.asks()
    expect(lab.asked).toMatchObject([{ host: EAST, path: '/openai/v1/chat/completions' }])
  })

  test('with neither policy nor address there is nowhere to go', async () => {
    const lab = await openEast('')
    expect((await lab.asks()).status).toBe(500)
  })
})

describe('documents', () => {
  test('named values stand in place of their names, secret ones too', async () => {
    const lab = await openEast(policy(header('x-a', '{{plain}}-{{Hidden.one}}-{{nobody}}')))
    lab.put('namedValues/n1', { displayName: 'plain', value: 'p' })
    lab.put('namedValues/n2', { displayName: 'hidden.one', value: 'h', secret: true })
    await lab.asks()
    expect(lab.asked[0]?.headers['x-a']).toBe('p-h-{{nobody}}')
  })

  test('a fragment is executed where it is included', async () => {
    const lab = await openEast(
      policy('<include-fragment fragment-id="greet" />', {
        outbound: '<include-fragment fragment-id="greet" />',
      }),
    )
    lab.put('policyFragments/greet', {
      value: `<fragment>${header('x-hello', '@(context.Api.Id)')}</fragment>`,
      format: 'rawxml',
    })
    const { headers } = await lab.asks()
    expect([lab.asked[0]?.headers['x-hello'], headers['x-hello']]).toEqual(['openai', 'openai'])
  })

  test('what is not played is answered 500 by its name when it is met, past every on-error, and listed', async () => {
    const lab = await openEast(
      policy(
        '<choose><when condition="@(context.Request.Headers.ContainsKey("x-cached"))"><cache-lookup vary-by-developer="false" /></when></choose>',
        {
          outbound: '<set-body template="liquid">x</set-body>',
          onError: '<return-response><set-status code="200" reason="hidden" /></return-response>',
        },
      ),
    )
    const met = await lab.asks({ headers: { 'api-key': KEY, 'x-cached': '1' } })
    expect([met.status, JSON.parse(met.text)]).toEqual([
      500,
      { statusCode: 500, message: 'not simulated: the policy cache-lookup' },
    ])
    expect((await lab.asks()).text).toContain('not simulated: set-body with template')
    expect(lab.gateway.unplayed(lab.serviceId)).toEqual([
      `${lab.serviceId}/apis/openai/policies/policy: the policy cache-lookup`,
      `${lab.serviceId}/apis/openai/policies/policy: set-body with template`,
    ])
  })
})

describe('what is written over ARM is what is executed', () => {
  test('an API is there when ARM has made it and the units have heard of it', async () => {
    const lab = await openRuntime({ temper: 'usual' })
    lab.backend(EAST, () => answer(200))
    const arm = (method: string, short: string, properties?: object) => {
      lab.azure.agenda.settle(lab.clock.now())
      const url = new URL(`https://localhost${lab.serviceId}/${short}?api-version=2024-05-01`)
      const path = `${url.pathname}${url.search}`
      const asked = { method, path, url, headers: new Headers(), origin: url.origin }
      const { status, body } = lab.arm.handle(
        { ...asked, body: properties && { properties } },
        'somebody',
        {},
      )
      if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`)
      return body as Record<string, string>
    }
    lab.advance(120)
    expect((await lab.asks()).status).toBe(404)
    arm('PUT', 'backends/east', single(EAST))
    arm('PUT', 'apis/openai', { displayName: 'openai', path: 'openai', protocols: ['https'] })
    lab.advance(10)
    arm('PUT', 'apis/openai/operations/chat', {
      displayName: 'chat',
      method: 'POST',
      urlTemplate: '/v1/chat/completions',
    })
    arm('PUT', 'apis/openai/policies/policy', {
      format: 'xml',
      value: policy('<set-header name="x-a" exists-action="override"><value>1</value></set-header>'),
    })
    arm('PUT', 'subscriptions/caller', { displayName: 'caller', scope: '/apis/openai', state: 'active' })
    const { primaryKey = '' } = arm('POST', 'subscriptions/caller/listSecrets')
    const asks = () => lab.asks({ headers: { 'ocp-apim-subscription-key': primaryKey } })
    expect((await asks()).status).toBe(404)
    lab.advance(60)
    expect((await asks()).status).toBe(200)
    expect(lab.asked).toMatchObject([{ host: EAST, headers: { 'x-a': '1' } }])

    arm('POST', 'subscriptions/caller/regeneratePrimaryKey')
    lab.advance(60)
    expect((await asks()).status).toBe(401)
  })
})

describe('errors', () => {
  const told = ['Source', 'Reason', 'Section', 'Scope']
    .map((name) => header(`x-${name}`, `@(context.LastError.${name})`))
    .join('')

  test.each([
    [
      'an expression that throws',
      policy(header('x', '@((string)context.Variables["none"])'), { onError: told }),
      'set-header',
      'ExpressionValueEvaluationFailure',
      'inbound',
    ],
    [
      'a backend that cannot be reached',
      policy('<set-backend-service base-url="https://nowhere.example" />', { onError: told }),
      'forward-request',
      'BackendConnectionFailure',
      'backend',
    ],
    [
      'a backend nobody has described',
      policy('<set-backend-service backend-id="@("no" + "ne")" />', { onError: told }),
      'forward-request',
      'BackendNotFound',
      'backend',
    ],
    [
      'an answer with an error status, where it is one',
      policy('', { backend: '<forward-request fail-on-error-status-code="true" />', onError: told }),
      'forward-request',
      'BackendResponseFailure',
      'backend',
    ],
  ])('%s runs on-error, which may write on the answer', async (_what, document, source, reason, section) => {
    const lab = await openEast(document)
    lab.backend(EAST, () => answer(500))
    const { status, headers } = await lab.asks()
    expect(status).toBe(500)
    expect(headers).toMatchObject({
      'x-source': source,
      'x-reason': reason,
      'x-section': section,
      'x-scope': 'api',
    })
  })

  test('a refused key comes to on-error, too', async () => {
    const lab = await openEast(policy('', { onError: told }))
    const { status, headers } = await lab.asks({ headers: {} })
    expect(status).toBe(401)
    expect(headers).toMatchObject({ 'x-source': 'authorization', 'x-reason': 'SubscriptionKeyNotFound' })
  })

  test('without an on-error of its own it is a plain 500', async () => {
    const lab = await openEast(policy('<set-backend-service base-url="https://nowhere.example" />'))
    expect(JSON.parse((await lab.asks()).text)).toEqual({ statusCode: 500, message: 'Internal server error' })
  })

  test('an error within on-error ends there', async () => {
    const lab = await openEast(
      policy('<set-backend-service base-url="https://nowhere.example" />', {
        onError: header('x', '@(context.LastError.Reason.Substring(99))'),
      }),
    )
    expect((await lab.asks()).status).toBe(500)
  })
})
