import { expect, test } from 'vitest'
import { openGateway, SERVICE, SINGLE } from './gateway.ts'
import { GROUP, openAzure } from './open.ts'
import { settle } from './sdk.ts'

const API = {
  path: 'ai/openai',
  displayName: 'Azure OpenAI',
  protocols: ['https'],
  subscriptionRequired: true,
  subscriptionKeyParameterNames: { header: 'api-key', query: 'api-key' },
}
const RESPONSE = {
  displayName: 'Read a response',
  method: 'GET',
  urlTemplate: '/responses/{response_id}',
  templateParameters: [{ name: 'response_id', type: 'string', required: true }],
}

test('an API takes a moment: 202, then itself with its etag', async () => {
  const lab = await openGateway({ temper: 'usual' })
  const accepted = await lab.put('apis/openai', API)
  expect([accepted.status, accepted.body]).toEqual([202, undefined])
  const poll = String(accepted.headers.get('location')).replace(lab.url, '').replace(/\?.*/, '')
  expect((await lab.arm('GET', poll)).status).toBe(202)
  const busy = await lab.put('apis/openai', API)
  expect([busy.status, busy.body.error.code]).toEqual([409, 'PessimisticConcurrencyConflict'])
  await lab.advance(30)
  const done = await lab.arm('GET', poll)
  expect(done.headers.get('etag')).toBe((await lab.get('apis/openai')).headers.get('etag'))
  expect(done.body.properties).toMatchObject({ ...API, apiRevision: '1', isCurrent: true, type: 'http' })

  const { api } = lab.apim
  const again = await settle(
    lab,
    await api.beginCreateOrUpdate(GROUP, SERVICE, 'openai', {
      ...API,
      protocols: ['https'],
      displayName: 'AI',
    }),
  )
  expect(again).toMatchObject({ displayName: 'AI', subscriptionKeyParameterNames: { header: 'api-key' } })
  const { eTag } = await api.getEntityTag(GROUP, SERVICE, 'openai')
  await api.update(GROUP, SERVICE, 'openai', String(eTag), { description: 'for agents' })
  await expect(api.beginDelete(GROUP, SERVICE, 'openai', String(eTag))).rejects.toMatchObject({
    statusCode: 412,
  })
})

test('a path belongs to one API, and what is not played is refused by name', async () => {
  const { put, faults } = await openGateway()
  await put('apis/one', API)
  expect(await faults('apis/two', { ...API, path: 'AI/OpenAI' })).toEqual([
    'ValidationError',
    "path: Cannot create API 'two' with the same Path 'AI/OpenAI' as API 'one'  unless it's a part of the same version set",
  ])
  expect((await put('apis/one', API)).status).toBe(200)
  expect(await faults('apis/two', { path: '/ai' })).toEqual([
    'ValidationError',
    'displayName: The field is required.',
    'path: Must not begin with a slash.',
  ])
  expect(await faults('apis/one', { ...API, format: 'openapi+json', value: '{}' })).toEqual(['NotSimulated'])
  expect(await faults('apis/one;rev=2', API)).toEqual(['NotSimulated'])
})

test('operations name their parameters, are distinct, and survive a new PUT of their API', async () => {
  const { put, faults, apim, get } = await openGateway()
  await put('apis/openai', API)
  await apim.apiOperation.createOrUpdate(GROUP, SERVICE, 'openai', 'read-response', RESPONSE)
  expect(await faults('apis/openai/operations/other', { ...RESPONSE, templateParameters: [] })).toEqual([
    'ValidationError',
    'templateParameters: All template parameters used in the UriTemplate must be defined in the Operation, please ensure the following params are added: response_id',
  ])
  const same = {
    ...RESPONSE,
    urlTemplate: '/responses/{id}',
    templateParameters: [{ name: 'id', type: 'string' }],
  }
  expect((await faults('apis/openai/operations/other', same))[1]).toMatch(/^urlTemplate: .*read-response/)
  const anything = { displayName: 'Anything', method: 'POST', urlTemplate: '/*' }
  expect((await put('apis/openai/operations/anything', anything)).status).toBe(201)
  const etag = (await get('apis/openai')).headers.get('etag')
  await put('apis/openai/operations/anything', anything)
  expect((await get('apis/openai')).headers.get('etag')).toBe(etag)
  await put('apis/openai', API)
  const listed = []
  for await (const one of apim.apiOperation.listByApi(GROUP, SERVICE, 'openai')) listed.push(one.name)
  expect(listed).toEqual(['read-response', 'anything'])
})

test('an operation may be called like a polling url', async () => {
  const { put, get } = await openGateway()
  await put('apis/openai', API)
  const name = crypto.randomUUID()
  await put(`apis/openai/operations/${name}`, RESPONSE)
  expect((await get(`apis/openai/operations/${name}`)).body.properties.method).toBe('GET')
})

test('products hold APIs by links, which go with either', async () => {
  const { put, apim, remove, get } = await openGateway()
  await put('apis/openai', API)
  await put('apis/other', { ...API, path: 'other' })
  await apim.product.createOrUpdate(GROUP, SERVICE, 'teams', { displayName: 'Teams', state: 'published' })
  const linked = await apim.productApi.createOrUpdate(GROUP, SERVICE, 'teams', 'openai')
  expect(linked).toMatchObject({ path: 'ai/openai', name: 'openai' })
  await apim.productApi.createOrUpdate(GROUP, SERVICE, 'teams', 'other')
  await apim.productApi.checkEntityExists(GROUP, SERVICE, 'teams', 'openai')
  await expect(apim.productApi.createOrUpdate(GROUP, SERVICE, 'teams', 'none')).rejects.toMatchObject({
    statusCode: 404,
    code: 'ResourceNotFound',
  })
  await remove('apis/openai')
  const left = []
  for await (const one of apim.productApi.listByProduct(GROUP, SERVICE, 'teams')) left.push(one.name)
  expect(left).toEqual(['other'])
  await apim.productApi.delete(GROUP, SERVICE, 'teams', 'other')
  await apim.product.delete(GROUP, SERVICE, 'teams', '*')
  expect((await get('products/teams')).status).toBe(404)
})

test('on a bad day writes meet inside the service, and persistence wins', async () => {
  const calm = await openGateway()
  const bad = await openAzure({ temper: 'chaos', seed: 5 })
  await bad.lab('POST', 'state', await calm.lab('GET', 'state'))
  const outcomes: (string | number)[] = []
  const insist = async (name: string) => {
    const path = calm.entity(`backends/${name}`)
    for (let attempt = 0; attempt < 20; attempt++) {
      const answer = await bad.arm('PUT', path, { body: { properties: SINGLE } }).catch(() => undefined)
      outcomes.push(answer?.body?.error?.code ?? answer?.status ?? 'died')
      if (answer && answer.status < 300) return
      await bad.advance(60)
    }
    throw new Error(`${name} never came to be: ${outcomes}`)
  }
  for (let index = 0; index < 25; index++) await insist(`b${index}`)
  expect(outcomes).toContain('PessimisticConcurrencyConflict')
  expect(outcomes).toContain(201)
})
