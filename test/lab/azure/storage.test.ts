import { expect, test } from 'vitest'
import { type Lab, openAzure } from './open.ts'

const path = (lab: Lab, name: string) => `${lab.group}/providers/Microsoft.Storage/storageAccounts/${name}`
const BODY = { location: 'eastus', kind: 'StorageV2', sku: { name: 'Standard_ZRS' } }
const LOCKED = {
  minimumTlsVersion: 'TLS1_2',
  allowSharedKeyAccess: false,
  allowBlobPublicAccess: false,
  publicNetworkAccess: 'Disabled',
  networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices' },
}

test('a create answers 202 and is followed by Location to the account, which then has its endpoints', async () => {
  const lab = await openAzure()
  const created = await lab.arm('PUT', path(lab, 'stagents'), { body: { ...BODY, properties: LOCKED } })
  expect([created.status, created.body, created.headers.get('retry-after')]).toEqual([202, undefined, '17'])
  expect(created.headers.get('azure-asyncoperation')).toBeNull()
  const location = new URL(String(created.headers.get('location')))
  expect((await lab.arm('GET', location.pathname)).status).toBe(202)
  await lab.advance(30)
  const ended = await lab.arm('GET', location.pathname)
  expect([ended.status, ended.body.properties.provisioningState]).toEqual([200, 'Succeeded'])
  expect(ended.body.properties.primaryEndpoints.blob).toBe('https://stagents.blob.core.windows.net/')
  expect((await lab.arm('PUT', path(lab, 'stagents'), { body: BODY })).status).toBe(200)
})

test('a GET shows more than was written', async () => {
  const lab = await openAzure({ temper: 'fast' })
  await lab.arm('PUT', path(lab, 'stagents'), { body: { ...BODY, properties: { ...LOCKED, unheardOf: 1 } } })
  const { body } = await lab.arm('GET', path(lab, 'stagents'))
  expect(body.sku).toEqual({ name: 'Standard_ZRS', tier: 'Standard' })
  expect(body.properties).toMatchObject({
    ...LOCKED,
    networkAcls: { ...LOCKED.networkAcls, ipRules: [], virtualNetworkRules: [] },
    supportsHttpsTrafficOnly: true,
    accessTier: 'Hot',
    primaryLocation: 'eastus',
    statusOfPrimary: 'available',
    privateEndpointConnections: [],
    unheardOf: 1,
  })
  const bare = await lab.arm('PUT', path(lab, 'stbare'), { body: BODY })
  expect(bare.body.properties).toMatchObject({
    minimumTlsVersion: 'TLS1_0',
    publicNetworkAccess: 'Enabled',
    networkAcls: { defaultAction: 'Allow' },
  })
})

test('what the service assigned cannot be written, what is left out of a PUT goes back, a PATCH keeps it', async () => {
  const lab = await openAzure({ temper: 'fast' })
  const put = (body: object) => lab.arm('PUT', path(lab, 'stagents'), { body })
  const first = await put({ ...BODY, properties: LOCKED })
  const echoed = await put({
    ...first.body,
    properties: {
      ...first.body.properties,
      primaryEndpoints: {},
      provisioningState: 'Odd',
      creationTime: 'x',
    },
  })
  expect(echoed.body.properties).toEqual(first.body.properties)
  const patched = await lab.arm('PATCH', path(lab, 'stagents'), {
    body: { properties: { accessTier: 'Cool' }, tags: { owner: 'ops' } },
  })
  expect(patched.status).toBe(200)
  expect(patched.body.properties).toMatchObject({ ...LOCKED, networkAcls: {}, accessTier: 'Cool' })
  expect((await put(BODY)).body.properties).toMatchObject({ minimumTlsVersion: 'TLS1_0', accessTier: 'Hot' })
})

test('names are global: taken elsewhere, taken here, invalid', async () => {
  const lab = await openAzure({ temper: 'fast' })
  await lab.arm('PUT', path(lab, 'stagents'), { body: BODY })
  const door = `/subscriptions/${lab.subscriptionId}/providers/Microsoft.Storage/checkNameAvailability`
  const reason = async (name: string) => {
    const { body } = await lab.arm('POST', door, {
      body: { name, type: 'Microsoft.Storage/storageAccounts' },
    })
    return body.nameAvailable ? 'free' : body.reason
  }
  expect(await reason('stfree')).toBe('free')
  expect(await reason('stagents')).toBe('AlreadyExists')
  expect(await reason('contoso')).toBe('AlreadyExists')
  expect(await reason('st-agents')).toBe('AccountNameInvalid')
  const code = async (at: string) => (await lab.arm('PUT', at, { body: BODY })).body.error.code
  expect(await code(path(lab, 'contoso'))).toBe('StorageAccountAlreadyTaken')
  expect(await code(path(lab, 'St'))).toBe('InvalidResourceName')
  const other = lab.group.replace(/[^/]+$/, 'rg-other')
  await lab.arm('PUT', other, { body: { location: 'eastus' } })
  expect(await code(path({ ...lab, group: other }, 'stagents'))).toBe('StorageAccountInAnotherResourceGroup')
})

test.each([
  ['without a sku', { sku: undefined }, 'InvalidRequestPropertyValue'],
  ['without a kind', { kind: undefined }, 'InvalidRequestPropertyValue'],
  ['over zones where there are none', { location: 'westus' }, 'RedundancyConfigurationNotAvailableInRegion'],
])('an account %s is refused', async (_what, body, code) => {
  const lab = await openAzure()
  const answer = await lab.arm('PUT', path(lab, 'stagents'), { body: { ...BODY, ...body } })
  expect([answer.status, answer.body.error.code]).toEqual([400, code])
})

test('while it is made it takes no second write; its kind stays', async () => {
  const lab = await openAzure()
  const put = (body: object = BODY) => lab.arm('PUT', path(lab, 'stagents'), { body })
  await put()
  expect((await put()).body.error.code).toBe('StorageAccountOperationInProgress')
  await lab.advance(30)
  expect((await put({ ...BODY, kind: 'BlobStorage' })).body.error.code).toBe('AccountPropertyCannotBeUpdated')
})

test('keys are refused where keys are off', async () => {
  const lab = await openAzure({ temper: 'fast' })
  await lab.arm('PUT', path(lab, 'stagents'), { body: BODY })
  const keys = () => lab.arm('POST', `${path(lab, 'stagents')}/listKeys`)
  expect((await keys()).body.keys).toHaveLength(2)
  await lab.arm('PUT', path(lab, 'stagents'), { body: { ...BODY, properties: LOCKED } })
  const refused = await keys()
  expect([refused.status, refused.body.error.code]).toEqual([403, 'KeyBasedAuthenticationNotPermitted'])
})

test('an account has its blob service, containers in it, and takes all with it at once', async () => {
  const lab = await openAzure({ temper: 'fast' })
  await lab.arm('PUT', path(lab, 'stagents'), { body: BODY })
  const blobs = `${path(lab, 'stagents')}/blobServices/default`
  expect((await lab.arm('GET', blobs)).body.name).toBe('default')
  expect((await lab.arm('PUT', `${blobs}/containers/Upper`, { body: {} })).status).toBe(400)
  expect((await lab.arm('PUT', `${blobs}/containers/one`, { body: {} })).status).toBe(201)
  const { body } = await lab.arm('GET', `${blobs}/containers`)
  expect(body.value).toMatchObject([
    { name: 'one', properties: { publicAccess: 'None', leaseState: 'Available' } },
  ])
  expect((await lab.arm('DELETE', path(lab, 'stagents'))).status).toBe(200)
  expect((await lab.arm('DELETE', path(lab, 'stagents'))).status).toBe(204)
  expect((await lab.arm('GET', `${blobs}/containers`)).status).toBe(404)
})
