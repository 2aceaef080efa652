import { expect, test } from 'vitest'
import { type Bucket, createThrottle } from '../../../lab/azure/arm/throttle.ts'
import { openAzure, VNET } from './open.ts'

const vnetOf = (group: string) => `${group}/providers/Microsoft.Network/virtualNetworks/${VNET}`

test('a call without a token is refused with a challenge', async () => {
  const { arm, group } = await openAzure()
  const answer = await arm('GET', group, { headers: { authorization: '' } })
  expect(answer.status).toBe(401)
  expect(answer.body.error.code).toBe('AuthenticationFailed')
  expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer authorization_uri=/)
})

test('a token for another audience, and a token of nobody, open nothing', async () => {
  const { arm, group, lab } = await openAzure()
  const { token } = await lab('POST', 'tokens', {
    audience: 'https://storage.azure.com',
    objectId: 'someone',
  })
  const wrong = await arm('GET', group, { headers: { authorization: `Bearer ${token}` } })
  const forged = await arm('GET', group, { headers: { authorization: 'Bearer a.b.c' } })
  expect([wrong.status, wrong.body.error.code]).toEqual([401, 'InvalidAuthenticationTokenAudience'])
  expect([forged.status, forged.body.error.code]).toEqual([401, 'InvalidAuthenticationToken'])
})

test('a token expires in virtual time', async () => {
  const { arm, group, advance } = await openAzure()
  expect((await arm('GET', group)).status).toBe(200)
  await advance(24 * 3600 + 1)
  const answer = await arm('GET', group)
  expect([answer.status, answer.body.error.code]).toEqual([401, 'ExpiredAuthenticationToken'])
})

test('api-version is required, has to be a date, and has to know the type', async () => {
  const { arm, group } = await openAzure()
  const codes = await Promise.all(
    [null, 'latest', '2024-13-45', '2999-01-01', '2001-01-01'].map(async (apiVersion) => {
      const { status, body } = await arm('GET', vnetOf(group), { apiVersion })
      return [status, body.error.code]
    }),
  )
  expect(codes).toEqual([
    [400, 'MissingApiVersionParameter'],
    [400, 'InvalidApiVersionParameter'],
    [400, 'InvalidApiVersionParameter'],
    [400, 'InvalidApiVersionParameter'],
    [400, 'InvalidApiVersionParameter'],
  ])
  const old = await arm('GET', `${group}/providers/Microsoft.ApiManagement/service/x`, {
    apiVersion: '2016-07-07',
  })
  expect([old.status, old.body.error.code]).toEqual([400, 'InvalidResourceType'])
})

test('what is not there is missing at the right level', async () => {
  const { arm, group, subscriptionId } = await openAzure()
  const code = async (path: string, method = 'GET') => {
    const { status, body } = await arm(method, path, method === 'PUT' ? { body: {} } : {})
    return `${status} ${body?.error.code}`
  }
  const network = `${group}/providers/Microsoft.Network`
  expect(await code('/subscriptions/99999999-0000-4000-8000-000000000000/resourceGroups/x')).toBe(
    '404 SubscriptionNotFound',
  )
  expect(await code(`/subscriptions/${subscriptionId}/resourceGroups/none`)).toBe('404 ResourceGroupNotFound')
  expect(
    await code(
      `/subscriptions/${subscriptionId}/resourceGroups/none/providers/Microsoft.Network/routeTables`,
    ),
  ).toBe('404 ResourceGroupNotFound')
  expect(await code(`${network}/virtualNetworks/none`)).toBe('404 ResourceNotFound')
  expect(await code(`${network}/virtualNetworks/none/subnets/x`)).toBe('404 ParentResourceNotFound')
  expect(await code(`${network}/virtualNetworks/none/subnets/x`, 'PUT')).toBe('404 ParentResourceNotFound')
  expect(await code(`${network}/virtualNetworks/${VNET}/subnets/none`)).toBe('404 NotFound')
  expect(await code(`${network}/quantumNetworks/x`)).toBe('404 InvalidResourceType')
  expect(await code(`${group}/providers/Microsoft.Nothing/x/y`)).toBe('404 InvalidResourceNamespace')
  expect(await code(`${network}/virtualNetworks/none`, 'DELETE')).toBe('204 undefined')
})

test('a type that a later part adds says so', async () => {
  const { arm, group } = await openAzure()
  const { status, body } = await arm(
    'GET',
    `${group}/providers/Microsoft.CognitiveServices/accounts/x/raiPolicies/y`,
  )
  expect(status).toBe(404)
  expect(body.error.message).toContain('not simulated yet')
})

test('ids are compared without regard to case and shown as they were created', async () => {
  const { arm, group } = await openAzure({ temper: 'fast' })
  const body = { location: 'East US', properties: {} }
  await arm('PUT', `${group}/providers/microsoft.network/ROUTETABLES/Rt-Mixed`, { body })
  const answer = await arm('GET', `${group.toUpperCase()}/PROVIDERS/Microsoft.Network/routetables/rt-mixed`)
  expect(answer.body.id).toBe(`${group}/providers/Microsoft.Network/routeTables/Rt-Mixed`)
  expect(answer.body.location).toBe('eastus')
})

test('duplicate slashes collapse, as SDKs send them', async () => {
  const { arm, group } = await openAzure()
  expect((await arm('GET', `/${group.replaceAll('/', '//')}`)).status).toBe(200)
})

test('a body that is no JSON object is refused', async () => {
  const { arm, group } = await openAzure()
  const { status, body } = await arm('PUT', `${group}/providers/Microsoft.Network/routeTables/rt`, {
    body: [],
  })
  expect([status, body.error.code]).toEqual([400, 'InvalidRequestContent'])
})

test('location is required, has to exist, and cannot change', async () => {
  const { arm, group } = await openAzure({ temper: 'fast' })
  const put = async (body: object) =>
    (await arm('PUT', `${group}/providers/Microsoft.Network/routeTables/rt`, { body })).body.error?.code
  expect(await put({ properties: {} })).toBe('LocationRequired')
  expect(await put({ location: 'atlantis', properties: {} })).toBe('LocationNotAvailableForResourceType')
  expect(await put({ location: 'eastus', properties: {} })).toBeUndefined()
  expect(await put({ location: 'westus', properties: {} })).toBe('InvalidResourceLocation')
})

test('names follow the rules of their type', async () => {
  const { arm, group } = await openAzure({ temper: 'fast' })
  const code = async (type: string, name: string) =>
    (
      await arm('PUT', `${group}/providers/Microsoft.Network/${type}/${name}`, {
        body: { location: 'eastus' },
      })
    ).body.error?.code
  expect(await code('routeTables', '-rt')).toBe('InvalidResourceName')
  expect(await code('routeTables', 'rt.')).toBe('InvalidResourceName')
  expect(await code('routeTables', 'r'.repeat(81))).toBe('InvalidResourceName')
  expect(await code('virtualNetworks', 'v')).toBe('InvalidResourceName')
  expect(await code('routeTables', 'rt_1.x_')).toBeUndefined()
})

test('properties nobody knows survive until a PUT leaves them out; read-only ones are ignored', async () => {
  const { arm, group } = await openAzure({ temper: 'fast' })
  const path = `${group}/providers/Microsoft.Network/routeTables/rt`
  await arm('PUT', path, {
    body: {
      location: 'eastus',
      mystery: 1,
      properties: { novelty: { deep: true }, provisioningState: 'Broken' },
    },
  })
  const { body } = await arm('GET', path)
  expect(body.mystery).toBe(1)
  expect(body.properties).toMatchObject({ novelty: { deep: true }, provisioningState: 'Succeeded' })
  await arm('PUT', path, { body: { location: 'eastus', properties: {} } })
  const again = (await arm('GET', path)).body
  expect([again.mystery, again.properties.novelty]).toEqual([undefined, undefined])
  expect(again.properties.resourceGuid).toBe(body.properties.resourceGuid)
})

test('If-Match and If-None-Match are honoured against the etag shown', async () => {
  const { arm, group } = await openAzure({ temper: 'fast' })
  const path = `${group}/providers/Microsoft.Network/routeTables/rt`
  const put = (headers: Record<string, string>, hop = 'a') =>
    arm('PUT', path, { headers, body: { location: 'eastus', tags: { hop }, properties: {} } })
  expect((await put({ 'if-match': 'W/"none"' })).status).toBe(412)
  expect((await put({ 'if-none-match': '*' })).status).toBe(201)
  expect((await put({ 'if-none-match': '*' })).status).toBe(412)
  const { etag } = (await arm('GET', path)).body
  expect(etag).toMatch(/^W\/"[0-9a-f-]{36}"$/)
  expect((await put({ 'if-match': etag }, 'b')).status).toBe(200)
  const stale = await put({ 'if-match': etag }, 'c')
  expect([stale.status, stale.body.error.code]).toEqual([412, 'PreconditionFailed'])
  expect((await put({ 'if-match': '*' }, 'd')).status).toBe(200)
  expect((await arm('DELETE', path, { headers: { 'if-match': etag } })).status).toBe(412)
})

test('long lists go on by nextLink', async () => {
  const { arm, group } = await openAzure({ temper: 'fast' })
  const tables = `${group}/providers/Microsoft.Network/routeTables`
  for (let index = 0; index < 105; index++)
    await arm('PUT', `${tables}/rt-${index}`, { body: { location: 'eastus' } })
  const first = (await arm('GET', tables)).body
  expect(first.value).toHaveLength(100)
  const next = new URL(first.nextLink)
  const second = (await arm('GET', `${next.pathname}${next.search}`, { apiVersion: null })).body
  expect([second.value.length, second.nextLink]).toEqual([6, undefined])
})

test('every answer says how many calls are left, and the first too many is told when to come back', async () => {
  const { arm, group, advance } = await openAzure()
  const first = await arm('GET', group)
  expect(first.headers.get('x-ms-ratelimit-remaining-subscription-reads')).toBe('249')
  expect(first.headers.get('x-ms-ratelimit-remaining-subscription-global-reads')).toBe('3749')
  expect(first.headers.get('x-ms-request-id')).toBeTruthy()
  const put = () => arm('PATCH', group, { body: { tags: {} } })
  let answer = await put()
  for (let call = 0; call < 400 && answer.status !== 429; call++) answer = await put()
  expect(answer.body.error.code).toBe('SubscriptionRequestsThrottled')
  expect(answer.headers.get('retry-after')).toBe('1')
  expect(answer.headers.get('x-ms-ratelimit-remaining-subscription-writes')).toBe('0')
  expect((await arm('GET', group)).status).toBe(200)
  await advance(2)
  expect((await put()).status).toBe(200)
})

test('a provider with its own limit answers 429 without Retry-After', () => {
  const rows = new Map<string, Bucket>()
  const buckets = { get: (id: string) => rows.get(id), put: (id: string, row: Bucket) => rows.set(id, row) }
  let now = 0
  const throttle = createThrottle(buckets as never, { now: () => now } as never)
  const zones = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateDnsZones'
  const refused = Array.from({ length: 700 }, () => {
    now += 100
    return throttle('GET', zones, 'me', 's').refusal
  }).filter((refusal) => refusal !== undefined)
  expect(refused[0]).toMatchObject({ status: 429, code: 'TooManyRequests', headers: {} })
  expect(700 - refused.length).toBe(500 + Math.floor(70 / 0.6))
})
