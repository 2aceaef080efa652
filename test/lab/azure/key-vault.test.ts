import { expect, test } from 'vitest'
import { clientsOf, type Lab, openAzure } from './open.ts'

const NAME = 'kv-agents'
const DAY = 24 * 3600
const path = (lab: Lab, name = NAME) => `${lab.group}/providers/Microsoft.KeyVault/vaults/${name}`
const provider = (lab: Lab) => `/subscriptions/${lab.subscriptionId}/providers/Microsoft.KeyVault`
const gravePath = (lab: Lab) => `${provider(lab)}/locations/eastus/deletedVaults/${NAME}`
const properties = (lab: Lab) => ({
  tenantId: lab.tenantId,
  sku: { family: 'A', name: 'standard' },
  enableRbacAuthorization: true,
  publicNetworkAccess: 'Disabled',
  networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices' },
})
const put = (lab: Lab, more: object = {}, name = NAME) =>
  lab.arm('PUT', path(lab, name), {
    body: { location: 'eastus', properties: { ...properties(lab), ...more } },
  })

test('a vault says itself when it is there', async () => {
  const lab = await openAzure()
  const created = await put(lab)
  expect([created.status, created.body.properties.provisioningState]).toEqual([200, 'RegisteringDns'])
  expect(created.headers.get('azure-asyncoperation') ?? created.headers.get('location')).toBeNull()
  const meanwhile = await put(lab)
  expect([meanwhile.status, meanwhile.body.error.code]).toEqual([409, 'ConflictError'])
  await lab.advance(45)
  expect((await lab.arm('GET', path(lab))).body.properties.provisioningState).toBe('Succeeded')
})

test('a GET shows more than was written', async () => {
  const lab = await openAzure({ temper: 'fast' })
  await put(lab, { unheardOf: 1 })
  const { body } = await lab.arm('GET', path(lab))
  expect(body.properties).toMatchObject({
    ...properties(lab),
    networkAcls: { ...properties(lab).networkAcls, ipRules: [], virtualNetworkRules: [] },
    accessPolicies: [],
    enableSoftDelete: true,
    softDeleteRetentionInDays: 90,
    enabledForDeployment: false,
    vaultUri: `https://${NAME}.vault.azure.net/`,
    privateEndpointConnections: [],
    unheardOf: 1,
  })
  expect(body.properties).not.toHaveProperty('enablePurgeProtection')
  const again = await lab.arm('PUT', path(lab), { body })
  expect([again.status, again.body.properties]).toEqual([200, body.properties])
})

test.each([
  ['without a tenant', { tenantId: undefined }],
  ['without access policies or roles', { enableRbacAuthorization: false }],
  ['without soft delete', { enableSoftDelete: false }],
  ['with purge protection said to be off', { enablePurgeProtection: false }],
  ['with a day of retention', { softDeleteRetentionInDays: 1 }],
])('a vault %s is refused', async (_what, more) => {
  const lab = await openAzure()
  const { status, body } = await put(lab, more)
  expect([status, body.error.code]).toEqual([400, 'BadRequest'])
})

test('purge protection and retention are settled once', async () => {
  const lab = await openAzure({ temper: 'fast' })
  await put(lab, { enablePurgeProtection: true, softDeleteRetentionInDays: 7 })
  expect((await put(lab, { enablePurgeProtection: false })).body.error.message).toContain('irreversible')
  expect((await put(lab, { softDeleteRetentionInDays: 30 })).status).toBe(400)
  expect((await put(lab)).body.properties).toMatchObject({
    enablePurgeProtection: true,
    softDeleteRetentionInDays: 7,
  })
})

test('a deleted vault holds its name until it is recovered or purged', async () => {
  const lab = await openAzure()
  await put(lab, { softDeleteRetentionInDays: 7 })
  await lab.advance(60)
  expect((await lab.arm('DELETE', path(lab))).status).toBe(200)
  expect((await lab.arm('GET', path(lab))).status).toBe(404)
  const refused = await put(lab)
  expect([refused.status, refused.body.error.code]).toEqual([409, 'ConflictError'])
  expect(refused.body.error.message).toContain('already exists in deleted state')
  const grave = (await lab.arm('GET', gravePath(lab))).body.properties
  expect(grave).toMatchObject({ vaultId: path(lab), location: 'eastus' })
  expect(Date.parse(grave.scheduledPurgeDate) - Date.parse(grave.deletionDate)).toBe(7 * DAY * 1000)
  const listed = await lab.arm('GET', `${provider(lab)}/deletedVaults`)
  expect(listed.body.value).toMatchObject([
    { name: NAME, type: 'Microsoft.KeyVault/locations/deletedVaults' },
  ])

  const recovered = await put(lab, { createMode: 'recover', publicNetworkAccess: 'Enabled' })
  expect(recovered.body.properties).toMatchObject({ publicNetworkAccess: 'Disabled' })
  expect(recovered.body.properties).not.toHaveProperty('createMode')
  await lab.advance(60)
  await lab.arm('DELETE', path(lab))
  const purge = await lab.arm('POST', `${gravePath(lab)}/purge`)
  expect(purge.status).toBe(202)
  await lab.advance(60)
  const result = await lab.arm('GET', new URL(String(purge.headers.get('location'))).pathname)
  expect(result.status).toBe(204)
  expect((await lab.arm('POST', `${gravePath(lab)}/purge`)).status).toBe(404)
  expect((await put(lab)).status).toBe(200)
})

test('a protected vault cannot be purged, and goes when its retention ends', async () => {
  const lab = await openAzure({ temper: 'fast' })
  await put(lab, { enablePurgeProtection: true, softDeleteRetentionInDays: 7 })
  await lab.arm('DELETE', path(lab))
  expect((await lab.arm('GET', gravePath(lab))).body.properties.purgeProtectionEnabled).toBe(true)
  const purge = await lab.arm('POST', `${gravePath(lab)}/purge`)
  expect([purge.status, purge.body.error.code]).toEqual([405, 'MethodNotAllowed'])
  await lab.advance(6 * DAY)
  expect((await put(clientsOf(lab))).status).toBe(409)
  await lab.advance(DAY)
  const late = clientsOf(lab)
  expect((await late.arm('GET', gravePath(lab))).status).toBe(404)
  expect((await put(late)).status).toBe(200)
})

test('names are global: taken elsewhere, taken here, deleted, invalid', async () => {
  const lab = await openAzure({ temper: 'fast' })
  await put(lab)
  const reason = async (name: string) => {
    const { body } = await lab.arm('POST', `${provider(lab)}/checkNameAvailability`, {
      body: { name, type: 'Microsoft.KeyVault/vaults' },
    })
    return body.nameAvailable ? 'free' : body.reason
  }
  expect(await reason('kv-free')).toBe('free')
  expect(await reason(NAME)).toBe('AlreadyExists')
  expect(await reason('kv--twice')).toBe('AccountNameInvalid')
  expect((await put(lab, {}, 'contoso')).body.error.code).toBe('VaultAlreadyExists')
  await lab.arm('DELETE', path(lab))
  expect(await reason(NAME)).toBe('AlreadyExists')
})
