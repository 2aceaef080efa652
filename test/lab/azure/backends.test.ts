import { expect, test } from 'vitest'
import { openGateway, SERVICE, SINGLE } from './gateway.ts'
import { GROUP } from './open.ts'

const RULE = {
  name: 'aoai-429',
  failureCondition: { count: 1, interval: 'PT10S', statusCodeRanges: [{ min: 429, max: 429 }] },
  tripDuration: 'PT10S',
  acceptRetryAfter: true,
}

test('a pool of two backends is made, read back with full ids and rebalanced under its etag', async () => {
  const { apim, path } = await openGateway()
  const { backend } = apim
  for (const name of ['aoai-eastus', 'aoai-westus']) {
    const made = await backend.createOrUpdate(GROUP, SERVICE, name, {
      ...SINGLE,
      protocol: 'http',
      typePropertiesType: 'Single',
      circuitBreaker: { rules: [RULE] },
    })
    expect(made).toMatchObject({ url: SINGLE.url, circuitBreaker: { rules: [{ tripDuration: 'PT10S' }] } })
  }
  const made = await backend.createOrUpdate(GROUP, SERVICE, 'aoai-pool', {
    typePropertiesType: 'Pool',
    pool: {
      services: [
        { id: '/backends/AOAI-eastus', priority: 1, weight: 70 },
        { id: `${path}/backends/aoai-westus`, priority: 1, weight: 30 },
      ],
    },
  })
  expect(made.pool?.services?.map(({ id }) => id)).toEqual([
    `${path}/backends/aoai-eastus`,
    `${path}/backends/aoai-westus`,
  ])
  const { eTag } = await backend.getEntityTag(GROUP, SERVICE, 'aoai-pool')
  expect(eTag).toMatch(/^".+"$/)
  const services = (made.pool?.services ?? []).map((service) => ({ ...service, weight: 50 }))
  const pool = { typePropertiesType: 'Pool', pool: { services } } as const
  await backend.createOrUpdate(GROUP, SERVICE, 'aoai-pool', pool, { ifMatch: String(eTag) })
  await expect(
    backend.createOrUpdate(GROUP, SERVICE, 'aoai-pool', pool, { ifMatch: String(eTag) }),
  ).rejects.toMatchObject({ statusCode: 412, code: 'PreconditionFailed' })
  const patched = await backend.update(GROUP, SERVICE, 'aoai-pool', '*', { title: 'both coasts' })
  expect(patched).toMatchObject({
    title: 'both coasts',
    pool: { services: [{ weight: 50 }, { weight: 50 }] },
  })
  const names = []
  for await (const one of backend.listByService(GROUP, SERVICE)) names.push(one.name)
  expect(names).toEqual(['aoai-eastus', 'aoai-westus', 'aoai-pool'])
})

test.each<[string, object, string[]]>([
  [
    'a pool with url and protocol',
    { type: 'Pool', pool: { services: [{ id: '/backends/one' }] }, ...SINGLE },
    ['url: Url is not supported for backend pool.', 'protocol: Protocol is not supported for backend pool.'],
  ],
  ['a pool without services', { type: 'Pool', pool: { services: [] } }, ['pool.services: A pool has']],
  [
    'a pool of 31',
    { type: 'Pool', pool: { services: Array(31).fill({ id: '/backends/one' }) } },
    ['pool.services: A pool has'],
  ],
  [
    'an unknown member',
    { type: 'Pool', pool: { services: [{ id: '/backends/none' }] } },
    ["pool: Backend Entity 'none' not found."],
  ],
  [
    'a pool in a pool',
    { type: 'Pool', pool: { services: [{ id: '/backends/pool' }] } },
    ["pool: Backend Entity 'pool' is a pool"],
  ],
  [
    'a weight above 100 and a broken priority',
    { type: 'Pool', pool: { services: [{ id: '/backends/one', weight: 101, priority: 1.5 }] } },
    ['pool.services.0.weight: Must be between', 'pool.services.0.priority: Must be an integer'],
  ],
  ['a single one without protocol', { url: SINGLE.url }, ['protocol: Protocol is required']],
  [
    'two breaker rules',
    { ...SINGLE, circuitBreaker: { rules: [RULE, { ...RULE, name: 'other' }] } },
    ['circuitBreaker.rules: A backend has at most one'],
  ],
  [
    'a breaker on 100s',
    {
      ...SINGLE,
      circuitBreaker: {
        rules: [
          {
            ...RULE,
            failureCondition: { ...RULE.failureCondition, statusCodeRanges: [{ min: 100, max: 600 }] },
          },
        ],
      },
    },
    [
      'circuitBreaker.rules.0.failureCondition.statusCodeRanges.0.min',
      'circuitBreaker.rules.0.failureCondition',
    ],
  ],
  [
    'a duration that is none',
    { ...SINGLE, circuitBreaker: { rules: [{ ...RULE, tripDuration: '60s' }] } },
    ['circuitBreaker.rules.0.tripDuration: Must be an ISO 8601 duration'],
  ],
])('%s is refused by name', async (_what, properties, expected) => {
  const gateway = await openGateway()
  await gateway.put('backends/one', SINGLE)
  await gateway.put('backends/pool', { type: 'Pool', pool: { services: [{ id: '/backends/one' }] } })
  const [code, ...faults] = await gateway.faults('backends/new', properties)
  expect([code, faults.length]).toEqual(['ValidationError', expected.length])
  for (const [index, start] of expected.entries()) expect(faults[index]).toContain(start)
})

test('weight null, 0 and 100 pass, and so do names nobody knows', async () => {
  const gateway = await openGateway()
  for (const name of ['a', 'b', 'c']) await gateway.put(`backends/${name}`, { ...SINGLE, wibble: { a: 1 } })
  const services = [
    { id: '/backends/a', weight: null },
    { id: '/backends/b', weight: 0, priority: 100 },
    { id: '/backends/c', weight: 100 },
  ]
  expect((await gateway.put('backends/p', { type: 'Pool', pool: { services } })).status).toBe(201)
  expect((await gateway.get('backends/a')).body.properties).toMatchObject({ wibble: { a: 1 } })
})

test('session affinity is heard and shown only from 2024-10-01-preview, and an older PUT erases it', async () => {
  const gateway = await openGateway()
  await gateway.put('backends/one', SINGLE)
  const services = [{ id: '/backends/one' }]
  const sticky = {
    type: 'Pool',
    pool: { services, sessionAffinity: { sessionId: { source: 'cookie', name: 'S' } } },
  }
  const affinity = async (apiVersion: string) =>
    (await gateway.get('backends/pool', apiVersion)).body.properties.pool.sessionAffinity
  await gateway.put('backends/pool', sticky)
  expect(await affinity('2024-10-01-preview')).toBeUndefined()
  await gateway.put('backends/pool', sticky, {
    body: { properties: sticky },
    apiVersion: '2024-10-01-preview',
  })
  expect(await affinity('2024-05-01')).toBeUndefined()
  expect(await affinity('2025-03-01-preview')).toMatchObject({ sessionId: { name: 'S' } })
  await gateway.put('backends/pool', { type: 'Pool', pool: { services } })
  expect(await affinity('2025-03-01-preview')).toBeUndefined()
})

test('a member goes only after its pool, and nothing goes without If-Match', async () => {
  const gateway = await openGateway()
  await gateway.put('backends/one', SINGLE)
  await gateway.put('backends/pool', { type: 'Pool', pool: { services: [{ id: '/backends/one' }] } })
  await gateway.put('backends/two', SINGLE)
  const turned = { type: 'Pool', pool: { services: [{ id: '/backends/two' }] } }
  expect((await gateway.faults('backends/one', turned))[1]).toMatch(/^type: It is a member of a pool/)
  const held = await gateway.remove('backends/one')
  expect([held.status, held.body.error.message]).toEqual([
    400,
    "The Backend 'one' is used by the following entities:\r\n/backends/pool\r\n",
  ])
  const blind = await gateway.arm('DELETE', gateway.entity('backends/pool'))
  expect([blind.status, blind.body.error.target]).toEqual([400, 'If-Match'])
  expect((await gateway.remove('backends/pool', '"old"')).status).toBe(412)
  expect((await gateway.remove('backends/pool')).status).toBe(200)
  expect((await gateway.remove('backends/one')).status).toBe(200)
  const gone = await gateway.get('backends/one')
  expect([gone.status, gone.body.error.code]).toEqual([404, 'ResourceNotFound'])
  expect((await gateway.remove('backends/one')).status).toBe(204)
})

test('children are written neither while the service is changing nor into one that is not there', async () => {
  const gateway = await openGateway({ temper: 'usual' })
  await gateway.put('backends/one', SINGLE)
  const before = (await gateway.arm('GET', gateway.path)).body.etag
  await gateway.put('backends/one', SINGLE)
  expect((await gateway.arm('GET', gateway.path)).body.etag).toBe(before)
  await gateway.arm('PATCH', gateway.path, { body: { properties: { publisherName: 'Other' } } })
  for (const answer of [await gateway.put('backends/two', SINGLE), await gateway.remove('backends/one')])
    expect([answer.status, answer.body.error.code]).toEqual([409, 'ServiceLocked'])
  expect((await gateway.get('backends/one')).status).toBe(200)
  const elsewhere = `${gateway.path}-none/backends/one`
  const orphan = await gateway.arm('PUT', elsewhere, { body: { properties: SINGLE } })
  expect([orphan.status, orphan.body.error.code]).toEqual([404, 'ParentResourceNotFound'])
})

test('children go with their service, pools and members alike, and a page leads on to the next', async () => {
  const gateway = await openGateway()
  for (const name of ['a', 'b', 'c']) await gateway.put(`backends/${name}`, SINGLE)
  await gateway.put('backends/pool', { type: 'Pool', pool: { services: [{ id: '/backends/a' }] } })
  const names = []
  for await (const one of gateway.apim.backend.listByService(GROUP, SERVICE, { top: 3 })) names.push(one.name)
  expect(names).toEqual(['a', 'b', 'c', 'pool'])
  await gateway.apim.backend.reconnect(GROUP, SERVICE, 'a', { parameters: { after: 'PT2M' } })
  expect((await gateway.arm('DELETE', gateway.path)).status).toBe(200)
  const left: { type: string }[] = await gateway.lab('GET', 'resources')
  expect(left.filter(({ type }) => type.includes('/backends'))).toEqual([])
})
