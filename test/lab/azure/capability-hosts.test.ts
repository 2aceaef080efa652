import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { type Foundry, openFoundry } from './foundry.ts'

const ROLES = {
  'rt-storage': ['ba92f5b4-2d11-453d-a403-e96b0029c9fe'],
  'rt-threads': ['230815da-be43-4aae-9cb4-875f7bd000aa'],
  'rt-search': ['8ebe5a00-799e-43f5-93ac-243d3dce84a7', '7ca78c08-252a-4471-8644-bb5ff32d4ba0'],
}
const CATEGORIES = {
  'rt-storage': 'AzureStorageAccount',
  'rt-threads': 'CosmosDB',
  'rt-search': 'CognitiveSearch',
}
const BODY = {
  properties: {
    storageConnections: ['rt-storage'],
    threadStorageConnections: ['rt-threads'],
    vectorStoreConnections: ['rt-search'],
  },
}
type Store = keyof typeof ROLES
const STORES = Object.keys(ROLES) as Store[]

/** Only the id of a store counts for the host: route tables stand in, which are quickly made. */
const storeId = ({ group }: Foundry, store: Store) =>
  `${group}/providers/Microsoft.Network/routeTables/${store}`
const hostOf = ({ project }: Foundry, name = 'host') => `${project}/capabilityHosts/${name}`

async function ready(temper: 'fast' | 'usual', { injected = true } = {}) {
  const lab = await openFoundry({ temper })
  await lab.putSubnet()
  await lab.putAccount(injected ? lab.injected : {})
  for (const store of STORES) await lab.arm('PUT', storeId(lab, store), { body: { location: 'eastus' } })
  await lab.settled(lab.account)
  await lab.putProject()
  await lab.settled(lab.project)
  for (const store of STORES) {
    const metadata = { ApiType: 'Azure', ResourceId: storeId(lab, store), location: 'eastus' }
    const properties = { category: CATEGORIES[store], target: 'https://x', authType: 'AAD', metadata }
    await lab.arm('PUT', `${lab.project}/connections/${store}`, { body: { properties } })
  }
  return lab
}

async function grant(lab: Foundry, stores = STORES): Promise<void> {
  const { principalId } = (await lab.get(lab.project)).identity
  for (const store of stores)
    for (const role of ROLES[store])
      await lab.arm(
        'PUT',
        `${storeId(lab, store)}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`,
        {
          body: {
            properties: {
              roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${role}`,
              principalId,
            },
          },
        },
      )
}

const put = (lab: Foundry, body: object = BODY, name = 'host') => lab.arm('PUT', hostOf(lab, name), { body })

test('a host takes ten to twenty silent minutes', async () => {
  const lab = await ready('usual')
  await lab.advance(60)
  await grant(lab)
  await lab.advance(6 * 60)
  const created = await put(lab)
  expect([created.status, created.body.properties.provisioningState]).toEqual([201, 'Creating'])
  const operation = new URL(String(created.headers.get('azure-asyncoperation'))).pathname
  const complaints = []
  for (let minute = 0; minute < 10; minute++) {
    const { status, error } = await lab.get(operation)
    complaints.push(error?.code)
    expect(status).toBe('InProgress')
    await lab.advance(59)
  }
  expect(new Set(complaints.filter(Boolean))).toEqual(
    new Set(complaints.some(Boolean) ? ['TransientError'] : []),
  )
  expect(await lab.stateOf(hostOf(lab))).toBe('Creating')
  expect(await lab.stateOf(lab.account)).toBe('Succeeded')
  expect(await lab.code(put(lab))).toBe('409 Conflict')
  await lab.advance(11 * 60)
  expect((await lab.get(operation)).status).toBe('Succeeded')
  expect((await lab.get(hostOf(lab))).properties).toMatchObject({
    provisioningState: 'Succeeded',
    ...BODY.properties,
  })
})

test('a host whose roles have not taken effect when it starts fails at its end; the same again then works', async () => {
  const lab = await ready('usual')
  await lab.advance(6 * 60)
  await grant(lab)
  const created = await put(lab)
  expect(created.status).toBe(201)
  await lab.advance(20 * 60)
  expect(await lab.stateOf(hostOf(lab))).toBe('Failed')
  const { error } = await lab.get(new URL(String(created.headers.get('azure-asyncoperation'))).pathname)
  expect(error).toMatchObject({
    code: 'CapabilityHostOperationFailed',
    message: expect.stringContaining('Storage Blob Data Contributor'),
  })
  await put(lab)
  await lab.advance(20 * 60)
  expect(await lab.stateOf(hostOf(lab))).toBe('Succeeded')
})

test.each([
  [
    'one of its roles',
    async (lab: Foundry) => grant(lab, ['rt-storage', 'rt-threads']),
    'Search Index Data Contributor',
  ],
  [
    'the store behind a connection',
    async (lab: Foundry) => {
      await grant(lab)
      await lab.arm('DELETE', storeId(lab, 'rt-threads'))
    },
    'could not be found',
  ],
])('a host fails without %s', async (_what, prepare, expected) => {
  const lab = await ready('fast')
  await prepare(lab)
  const { body, headers } = await put(lab)
  expect(body.properties.provisioningState).toBe('Failed')
  const { error } = await lab.get(new URL(String(headers.get('azure-asyncoperation'))).pathname)
  expect(error.message).toContain(expected)
})

test('a host fails without the host of its account', async () => {
  const lab = await ready('fast', { injected: false })
  await grant(lab)
  expect((await put(lab)).body.properties.provisioningState).toBe('Failed')
  await lab.arm('PUT', `${lab.account}/capabilityHosts/own`, {
    body: { properties: { capabilityHostKind: 'Agents' } },
  })
  expect((await put(lab)).body.properties.provisioningState).toBe('Succeeded')
})

test('the host of an account fails while Microsoft.App is not registered', async () => {
  const lab = await openFoundry({ temper: 'fast' })
  await lab.arm('POST', `/subscriptions/${lab.subscriptionId}/providers/Microsoft.App/unregister`)
  await lab.putSubnet()
  await lab.putAccount(lab.injected)
  const [host] = (await lab.get(`${lab.account}/capabilityHosts`)).value
  expect([host.properties.provisioningState, await lab.stateOf(lab.account)]).toEqual(['Failed', 'Succeeded'])
})

test('one host in a project, of one configuration, by names of connections, all three or none', async () => {
  const lab = await ready('fast')
  await grant(lab)
  const { storageConnections, ...two } = BODY.properties
  const changed = (properties: object) => put(lab, { properties: { ...BODY.properties, ...properties } })
  expect(await lab.code(put(lab, { properties: two }))).toBe('400 InvalidData')
  expect(await lab.code(changed({ storageConnections: ['none'] }))).toBe('400 InvalidData')
  expect(await lab.code(changed({ storageConnections: ['rt-search'] }))).toBe('400 InvalidData')
  expect(await lab.code(changed({ storageConnections: [...storageConnections, 'x'] }))).toBe(
    '400 InvalidRequestFormat',
  )
  expect(await lab.code(put(lab))).toBe('201')
  expect(await lab.code(put(lab))).toBe('200')
  expect(await lab.code(changed({ aiServicesConnections: ['x'] }))).toBe('400 InvalidData')
  expect(await lab.code(put(lab, BODY, 'other'))).toBe('409 Conflict')
})

test('hosts go first: that of the project, then the project, then that of the account', async () => {
  const lab = await ready('fast')
  await grant(lab)
  await put(lab)
  const [{ id: accountHost }] = (await lab.get(`${lab.account}/capabilityHosts`)).value
  expect(await lab.code(lab.arm('DELETE', lab.project))).toBe('409 Conflict')
  expect(await lab.code(lab.arm('DELETE', accountHost))).toBe('409 Conflict')
  for (const id of [hostOf(lab), lab.project, accountHost, lab.account])
    expect((await lab.arm('DELETE', id)).status).toBe(200)
})
