import { expect, test } from 'vitest'
import { type Lab, openAzure } from './open.ts'

const NAME = 'cosmos-agents'
const CONTRIBUTOR = '00000000-0000-0000-0000-000000000002'
const PRINCIPAL = '99999999-1111-4222-8333-444444444444'
const path = (lab: Lab, name = NAME) => `${lab.group}/providers/Microsoft.DocumentDB/databaseAccounts/${name}`
const BODY = {
  location: 'eastus',
  kind: 'GlobalDocumentDB',
  properties: {
    databaseAccountOfferType: 'Standard',
    locations: [{ locationName: 'eastus', failoverPriority: 0 }],
    consistencyPolicy: { defaultConsistencyLevel: 'Session' },
    disableLocalAuth: true,
    publicNetworkAccess: 'Disabled',
  },
}
const guid = (digit: number) => `${String(digit).repeat(8)}-0000-4000-8000-000000000000`

const assignment = (lab: Lab, more: object = {}) => ({
  properties: {
    roleDefinitionId: `${path(lab)}/sqlRoleDefinitions/${CONTRIBUTOR}`,
    scope: `${path(lab)}/dbs/enterprise_memory`,
    principalId: PRINCIPAL,
    ...more,
  },
})
const assign = (lab: Lab, digit: number, more: object = {}) =>
  lab.arm('PUT', `${path(lab)}/sqlRoleAssignments/${guid(digit)}`, { body: assignment(lab, more) })

async function openAccount(options: Parameters<typeof openAzure>[0] = {}) {
  const lab = await openAzure(options)
  await lab.arm('PUT', path(lab), { body: BODY })
  await lab.advance(600)
  return lab
}

test('an account takes minutes to come, to change and to go', async () => {
  const lab = await openAzure()
  const created = await lab.arm('PUT', path(lab), { body: BODY })
  expect([created.status, created.body.properties.provisioningState]).toEqual([200, 'Creating'])
  const operation = new URL(String(created.headers.get('azure-asyncoperation')))
  expect(operation.pathname).toContain('/locations/eastus/operationsStatus/')
  await lab.advance(170)
  expect((await lab.arm('GET', operation.pathname)).body.status).toBe('InProgress')
  await lab.advance(330)
  expect((await lab.arm('GET', operation.pathname)).body.status).toBe('Succeeded')
  const patched = await lab.arm('PATCH', path(lab), {
    body: { properties: { publicNetworkAccess: 'Enabled' } },
  })
  expect(patched.body.properties).toMatchObject({ provisioningState: 'Updating', disableLocalAuth: true })
  await lab.advance(120)
  expect((await lab.arm('DELETE', path(lab))).status).toBe(202)
  expect((await lab.arm('GET', path(lab))).body.properties.provisioningState).toBe('Deleting')
  await lab.advance(500)
  expect((await lab.arm('GET', path(lab))).status).toBe(404)
})

test('a GET shows more than was written, and regions as people write them', async () => {
  const lab = await openAccount({ temper: 'fast' })
  const { body } = await lab.arm('GET', path(lab))
  expect(body).toMatchObject({ location: 'East US', kind: 'GlobalDocumentDB' })
  const region = {
    id: `${NAME}-eastus`,
    locationName: 'East US',
    documentEndpoint: `https://${NAME}-eastus.documents.azure.com:443/`,
    provisioningState: 'Succeeded',
    failoverPriority: 0,
    isZoneRedundant: false,
  }
  expect(body.properties).toMatchObject({
    documentEndpoint: `https://${NAME}.documents.azure.com:443/`,
    locations: [region],
    writeLocations: [region],
    readLocations: [region],
    failoverPolicies: [{ id: `${NAME}-eastus`, locationName: 'East US', failoverPriority: 0 }],
    consistencyPolicy: { maxIntervalInSeconds: 5, maxStalenessPrefix: 100 },
    disableLocalAuth: true,
    publicNetworkAccess: 'Disabled',
    enableAutomaticFailover: false,
    backupPolicy: { type: 'Periodic' },
    ipRules: [],
    privateEndpointConnections: [],
  })
  const again = await lab.arm('PUT', path(lab), { body })
  expect([again.status, again.body.properties]).toEqual([200, body.properties])
})

test.each([
  ['without an offer', { databaseAccountOfferType: undefined }],
  ['without a location', { locations: [] }],
  ['somewhere else', { locations: [{ locationName: 'atlantis', failoverPriority: 0 }] }],
  [
    'with two first regions',
    { locations: ['eastus', 'westus3'].map((locationName) => ({ locationName, failoverPriority: 0 })) },
  ],
])('an account %s is refused', async (_what, more) => {
  const lab = await openAzure()
  const { status, body } = await lab.arm('PUT', path(lab), {
    body: { ...BODY, properties: { ...BODY.properties, ...more } },
  })
  expect([status, body.error.code]).toEqual([400, 'BadRequest'])
})

test('a name is asked for by HEAD, and refused as a taken DNS record', async () => {
  const lab = await openAccount({ temper: 'fast' })
  const head = async (name: string) =>
    (await lab.arm('HEAD', `/providers/Microsoft.DocumentDB/databaseAccountNames/${name}`)).status
  expect([await head(NAME), await head('contoso'), await head('cosmos-free')]).toEqual([200, 200, 404])
  const { status, body } = await lab.arm('PUT', path(lab, 'contoso'), { body: BODY })
  expect([status, body.error.code]).toEqual([400, 'BadRequest'])
  expect(body.error.message).toContain('Dns record for contoso under zone Document is already taken')
})

test('two data roles are built in', async () => {
  const lab = await openAccount({ temper: 'fast' })
  const { body } = await lab.arm('GET', `${path(lab)}/sqlRoleDefinitions`)
  expect(body.value.map((role: { properties: object }) => role.properties)).toMatchObject([
    { roleName: 'Cosmos DB Built-in Data Reader', type: 'BuiltInRole' },
    { roleName: 'Cosmos DB Built-in Data Contributor', type: 'BuiltInRole' },
  ])
  expect((await lab.arm('GET', `${path(lab)}/sqlRoleDefinitions/${CONTRIBUTOR}`)).status).toBe(200)
})

test('an assignment takes its time, cannot be found until it is done, and the account takes one at a time', async () => {
  const lab = await openAccount()
  const first = await assign(lab, 1)
  expect([first.status, first.body]).toEqual([202, undefined])
  expect((await lab.arm('GET', `${path(lab)}/sqlRoleAssignments/${guid(1)}`)).status).toBe(404)
  const second = await assign(lab, 2, { scope: path(lab) })
  expect([second.status, second.body.error.code]).toEqual([412, 'PreconditionFailed'])
  expect(second.body.error.message).toContain(`exclusive lock on [${NAME}]`)
  expect((await lab.arm('PUT', path(lab), { body: BODY })).status).toBe(412)
  const location = new URL(String(first.headers.get('location')))
  expect((await lab.arm('GET', location.pathname)).status).toBe(202)
  await lab.advance(60)
  expect((await lab.arm('GET', location.pathname)).status).toBe(200)
  const { body } = await lab.arm('GET', `${path(lab)}/sqlRoleAssignments/${guid(1)}`)
  expect(body.properties).toEqual(assignment(lab).properties)
  expect((await assign(lab, 2, { scope: path(lab) })).status).toBe(202)
})

test('an assignment belongs to its account, its principal and its scope', async () => {
  const lab = await openAccount({ temper: 'fast' })
  await lab.arm('PUT', path(lab, 'cosmos-other'), { body: BODY })
  const answer = async (digit: number, more: object) => {
    const { status, body } = await assign(lab, digit, more)
    return body?.error?.code ?? status
  }
  const other = path(lab, 'cosmos-other')
  expect(await answer(1, { roleDefinitionId: `${other}/sqlRoleDefinitions/${CONTRIBUTOR}` })).toBe(
    'BadRequest',
  )
  expect(await answer(1, { roleDefinitionId: `${path(lab)}/sqlRoleDefinitions/${guid(9)}` })).toBe(
    'BadRequest',
  )
  expect(await answer(1, { scope: other })).toBe('BadRequest')
  expect(await answer(1, { scope: `${path(lab)}/sqlDatabases/x` })).toBe('BadRequest')
  expect(await answer(1, { principalId: 'someone' })).toBe('BadRequest')
  expect(await answer(1, {})).toBe(201)
  expect(await answer(1, { principalId: guid(7) })).toBe('BadRequest')
  expect(await answer(2, {})).toBe('Conflict')
  expect(await answer(1, {})).toBe(200)
  const named = await lab.arm('PUT', `${path(lab)}/sqlRoleAssignments/by-name`, { body: assignment(lab) })
  expect(named.status).toBe(400)
  expect((await lab.arm('DELETE', `${path(lab)}/sqlRoleAssignments/${guid(1)}`)).status).toBe(200)
})

test('an identity that was made a moment ago is not known yet', async () => {
  const lab = await openAccount()
  const { body: service } = await lab.arm(
    'PUT',
    `${lab.group}/providers/Microsoft.Search/searchServices/srch-agents`,
    { body: { location: 'eastus', sku: { name: 'standard' }, identity: { type: 'SystemAssigned' } } },
  )
  const { principalId } = service.identity
  const early = await assign(lab, 1, { principalId })
  expect([early.status, early.body.error.code]).toEqual([400, 'BadRequest'])
  expect(early.body.error.message).toContain('was not found in the AAD tenant')
  await lab.advance(60)
  expect((await assign(lab, 1, { principalId })).status).toBe(202)
})

test('an account whose making failed has to be deleted first; an assignment that failed is not there', async () => {
  const lab = await openAzure()
  const strike = (at: string) => lab.fault({ method: 'PUT', path: at, count: 1 }, { provisioning: 'failed' })
  await strike(NAME)
  await lab.arm('PUT', path(lab), { body: BODY })
  await lab.advance(500)
  expect((await lab.arm('GET', path(lab))).body.properties.provisioningState).toBe('Failed')
  const refused = await lab.arm('PUT', path(lab), { body: BODY })
  expect([refused.status, refused.body.error.code]).toEqual([400, 'BadRequest'])
  expect(refused.body.error.message).toContain('delete the previous instance')
  await lab.arm('DELETE', path(lab))
  await lab.advance(500)
  expect((await lab.arm('PUT', path(lab), { body: BODY })).status).toBe(200)
  await lab.advance(500)
  await strike('sqlRoleAssignments')
  expect((await assign(lab, 1)).status).toBe(202)
  await lab.advance(300)
  expect((await lab.arm('GET', `${path(lab)}/sqlRoleAssignments/${guid(1)}`)).status).toBe(404)
  expect((await assign(lab, 1)).status).toBe(202)
})

test('databases and containers can be kept in it', async () => {
  const lab = await openAccount({ temper: 'fast' })
  const put = (at: string, id: string) =>
    lab.arm('PUT', `${path(lab)}/sqlDatabases/${at}`, { body: { properties: { resource: { id } } } })
  expect((await put('enterprise_memory/containers/threads', 'threads')).status).toBe(404)
  expect((await put('enterprise_memory', 'other')).status).toBe(400)
  expect((await put('enterprise_memory', 'enterprise_memory')).status).toBe(201)
  expect((await put('enterprise_memory/containers/threads', 'threads')).status).toBe(201)
  const { body } = await lab.arm('GET', `${path(lab)}/sqlDatabases/enterprise_memory/containers`)
  expect(body.value).toMatchObject([{ name: 'threads' }])
})
