import { expect, test } from 'vitest'
import { type Lab, openAzure } from './open.ts'

const NAME = 'srch-agents'
const path = (lab: Lab, name = NAME) => `${lab.group}/providers/Microsoft.Search/searchServices/${name}`
const BODY = {
  location: 'eastus',
  sku: { name: 'standard' },
  identity: { type: 'SystemAssigned' },
  properties: {
    publicNetworkAccess: 'disabled',
    authOptions: { aadOrApiKey: { aadAuthFailureMode: 'http401WithBearerChallenge' } },
    networkRuleSet: { bypass: 'None' },
  },
}

test('a service takes minutes and says so itself, in lower case, without an operation to follow', async () => {
  const lab = await openAzure()
  const created = await lab.arm('PUT', path(lab), { body: BODY })
  expect(created.status).toBe(201)
  expect(created.body.properties).toMatchObject({
    status: 'provisioning',
    provisioningState: 'provisioning',
    statusDetails: '',
  })
  expect(created.headers.get('azure-asyncoperation') ?? created.headers.get('location')).toBeNull()
  await lab.advance(100)
  expect((await lab.arm('GET', path(lab))).body.properties.status).toBe('provisioning')
  expect((await lab.arm('PUT', path(lab), { body: BODY })).status).toBe(409)
  await lab.advance(300)
  expect((await lab.arm('GET', path(lab))).body.properties).toMatchObject({
    status: 'running',
    provisioningState: 'succeeded',
  })
})

test('a GET shows more than was written, in words of its own', async () => {
  const lab = await openAzure({ temper: 'fast' })
  const body = { ...BODY, properties: { ...BODY.properties, publicNetworkAccess: 'Disabled', unheardOf: 1 } }
  await lab.arm('PUT', path(lab), { body })
  const shown = (await lab.arm('GET', path(lab))).body
  expect(shown).toMatchObject({ location: 'East US', sku: { name: 'standard' } })
  expect(shown.identity.principalId).toMatch(/^[0-9a-f-]{36}$/)
  expect(shown.properties).toMatchObject({
    ...BODY.properties,
    networkRuleSet: { bypass: 'None', ipRules: [] },
    replicaCount: 1,
    partitionCount: 1,
    hostingMode: 'default',
    semanticSearch: 'disabled',
    disableLocalAuth: false,
    encryptionWithCmk: { enforcement: 'Unspecified' },
    privateEndpointConnections: [],
    sharedPrivateLinkResources: [],
    endpoint: `https://${NAME}.search.windows.net`,
    unheardOf: 1,
  })
  const again = await lab.arm('PUT', path(lab), { body: shown })
  expect([again.status, again.body.identity]).toEqual([200, shown.identity])
})

test('a PATCH merges, and the choice of keys ends where keys end', async () => {
  const lab = await openAzure({ temper: 'fast' })
  await lab.arm('PUT', path(lab), { body: BODY })
  const patch = (properties: object) => lab.arm('PATCH', path(lab), { body: { properties } })
  expect((await patch({ replicaCount: 2 })).body.properties).toMatchObject({
    replicaCount: 2,
    publicNetworkAccess: 'disabled',
  })
  expect((await patch({ disableLocalAuth: true })).status).toBe(400)
  const { body } = await patch({ disableLocalAuth: true, authOptions: null })
  expect(body.properties).toMatchObject({ disableLocalAuth: true, authOptions: null })
})

test.each([
  ['without a sku', { sku: undefined }],
  ['of a sku nobody sells', { sku: { name: 'gigantic' } }],
  ['free, with an identity', { sku: { name: 'free' } }],
  ['with more units than there are', { properties: { replicaCount: 12, partitionCount: 12 } }],
  ['with access in between', { properties: { publicNetworkAccess: 'sometimes' } }],
])('a service %s is refused', async (_what, body) => {
  const lab = await openAzure()
  expect((await lab.arm('PUT', path(lab), { body: { ...BODY, ...body } })).status).toBe(400)
})

test('names are global: taken elsewhere, taken here, invalid; a sku stays', async () => {
  const lab = await openAzure({ temper: 'fast' })
  await lab.arm('PUT', path(lab), { body: BODY })
  const door = `/subscriptions/${lab.subscriptionId}/providers/Microsoft.Search/checkNameAvailability`
  const reason = async (name: string) => {
    const { body } = await lab.arm('POST', door, { body: { name, type: 'searchServices' } })
    return body.nameAvailable ? 'free' : body.reason
  }
  expect(await reason('srch-free')).toBe('free')
  expect(await reason(NAME)).toBe('AlreadyExists')
  expect(await reason('srch--twice')).toBe('Invalid')
  expect((await lab.arm('PUT', path(lab, 'fabrikam'), { body: BODY })).body.error.code).toBe(
    'ServiceNameUnavailable',
  )
  const { body } = await lab.arm('PUT', path(lab), { body: { ...BODY, sku: { name: 'basic' } } })
  expect(body.error.code).toBe('SkuCannotBeChanged')
})

test('a deletion is done when it is answered, and the name is free again', async () => {
  const lab = await openAzure({ temper: 'fast' })
  const first = await lab.arm('PUT', path(lab), { body: BODY })
  expect((await lab.arm('DELETE', path(lab))).status).toBe(200)
  expect((await lab.arm('GET', path(lab))).body.error.code).toBe('ResourceNotFound')
  expect((await lab.arm('DELETE', path(lab))).status).toBe(204)
  const second = await lab.arm('PUT', path(lab), { body: BODY })
  expect(second.body.identity.principalId).not.toBe(first.body.identity.principalId)
})
