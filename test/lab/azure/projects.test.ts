import { expect, test } from 'vitest'
import { openFoundry } from './foundry.ts'

const withProject = async () => {
  const lab = await openFoundry({ temper: 'fast' })
  await lab.putAccount()
  await lab.putProject()
  return lab
}
const SEARCH = {
  category: 'CognitiveSearch',
  target: 'https://contoso-search.search.windows.net',
  authType: 'AAD',
  metadata: { ApiType: 'Azure', ResourceId: '/subscriptions/x', location: 'eastus' },
}
const GATEWAY = {
  category: 'ApiManagement',
  target: 'https://contoso-apim.azure-api.net/inference',
  authType: 'ApiKey',
  credentials: { key: 'secret' },
  metadata: { deploymentInPath: 'true', inferenceAPIVersion: '2024-10-21', models: '[]' },
}

test('a project has a principal, an internal id and an endpoint of its own, and unsettles its account', async () => {
  const lab = await openFoundry()
  await lab.putAccount()
  await lab.settled(lab.account)
  const { status, body } = await lab.putProject()
  expect([status, body.properties.provisioningState]).toEqual([201, 'Creating'])
  expect(await lab.stateOf(lab.account)).toBe('Accepted')
  const project = await lab.settled(lab.project)
  expect(project.identity.principalId).not.toBe((await lab.get(lab.account)).identity.principalId)
  expect(project.properties).toMatchObject({
    internalId: expect.stringMatching(/^[0-9a-f]{32}$/),
    isDefault: true,
    endpoints: { 'AI Foundry API': 'https://contoso-ai-east.services.ai.azure.com/api/projects/agents' },
  })
  expect((await lab.get(lab.account)).properties).toMatchObject({
    associatedProjects: ['agents'],
    defaultProject: 'agents',
  })
  expect((await lab.get(`${lab.account}/projects`)).value).toHaveLength(1)
})

test('a project needs an account that allows it, its region and an identity', async () => {
  const lab = await openFoundry({ temper: 'fast' })
  const put = (more: object) =>
    lab.code(
      lab.arm('PUT', lab.project, {
        body: { location: 'eastus', identity: { type: 'SystemAssigned' }, ...more },
      }),
    )
  expect(await put({})).toBe('404 ParentResourceNotFound')
  await lab.putAccount({ allowProjectManagement: false })
  expect(await put({})).toBe('400 InvalidResourceProperties')
  await lab.putAccount()
  expect(await put({ location: 'westus' })).toBe('400 InvalidResourceProperties')
  expect(await put({ identity: undefined })).toBe('400 InvalidResourceProperties')
  expect(await put({})).toBe('201')
})

test('a connection keeps its secret, and what nobody knows of it', async () => {
  const lab = await withProject()
  const path = `${lab.project}/connections/gateway`
  const put = await lab.arm('PUT', path, { body: { properties: { ...GATEWAY, novelty: 1 } } })
  expect([put.status, put.body.properties.credentials]).toEqual([201, null])
  const connection = await lab.get(path)
  expect(connection.properties).toMatchObject({
    ...GATEWAY,
    credentials: null,
    novelty: 1,
    isSharedToAll: false,
  })
  expect(connection.properties.provisioningState).toBeUndefined()
  expect(JSON.stringify(await lab.lab('GET', 'resources'))).not.toContain('secret')
  const shared = `${lab.account}/connections/search`
  expect((await lab.arm('PUT', shared, { body: { properties: SEARCH } })).status).toBe(201)
  const listed = async (at: string) =>
    (await lab.get(`${at}/connections`)).value.map(({ name }: { name: string }) => name)
  expect([await listed(lab.project), await listed(lab.account)]).toEqual([['gateway'], ['search']])
  expect((await lab.arm('DELETE', path)).status).toBe(200)
})

test.each([
  ['with a name of two letters', 'ab', SEARCH, '400 InvalidResourceName'],
  ['with a name longer than a connection may have', 'x'.repeat(34), SEARCH, '400 InvalidResourceName'],
  ['of no category', 'search', { ...SEARCH, category: 'Sundial' }, '400 ValidationError'],
  ['with a sign-in that is none', 'search', { ...SEARCH, authType: 'Handshake' }, '400 ValidationError'],
  [
    'with metadata that is no string',
    'gateway',
    { ...GATEWAY, metadata: { ...GATEWAY.metadata, deploymentInPath: true } },
    '400 ValidationError',
  ],
  ['without a key', 'gateway', { ...GATEWAY, credentials: {} }, '400 ValidationError'],
  [
    'with models and their discovery',
    'gateway',
    { ...GATEWAY, metadata: { ...GATEWAY.metadata, modelDiscovery: '{}' } },
    '400 ValidationError',
  ],
  [
    'without models or discovery',
    'gateway',
    { ...GATEWAY, metadata: { deploymentInPath: 'false' } },
    '400 ValidationError',
  ],
  [
    'with headers that are no JSON',
    'gateway',
    { ...GATEWAY, metadata: { ...GATEWAY.metadata, customHeaders: 'x' } },
    '400 ValidationError',
  ],
  [
    'by managed identity without an audience',
    'gateway',
    { ...GATEWAY, authType: 'ProjectManagedIdentity' },
    '400 ValidationError',
  ],
])('a connection %s is refused', async (_what, name, properties, expected) => {
  const lab = await withProject()
  const put = lab.arm('PUT', `${lab.project}/connections/${name}`, { body: { properties } })
  expect(await lab.code(put)).toBe(expected)
})

test('the category of a connection may be written in any case', async () => {
  const lab = await withProject()
  const properties = { ...SEARCH, category: 'CosmosDb', target: 'https://c.documents.azure.com' }
  const { status, body } = await lab.arm('PUT', `${lab.project}/connections/threads`, {
    body: { properties },
  })
  expect([status, body.properties.category]).toEqual([201, 'CosmosDb'])
})
