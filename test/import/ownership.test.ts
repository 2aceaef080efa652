import { describe, expect, test } from 'vitest'
import { describe as described } from '../../src/import/describe.ts'
import type { JsonObject } from '../../src/resources/kind.ts'
import { roles } from '../../src/resources/role-assignment.ts'
import {
  account,
  accountId,
  at,
  describing,
  endpoint,
  group,
  id,
  service,
  standing,
  surroundings,
  vnetId,
} from './standing.ts'

/** Whose things are: what an import takes for the environment's, and what for somebody else's. */

describe('a zone the environment needs', () => {
  const name = 'privatelink.openai.azure.com'
  const zone = (rest: JsonObject = {}) =>
    at(`Microsoft.Network/privateDnsZones/${name}`, { location: 'global', ...rest })
  const link = (linkName: string, of = name) =>
    at(`Microsoft.Network/privateDnsZones/${of}/virtualNetworkLinks/${linkName}`, {
      properties: { virtualNetwork: { id: vnetId } },
    })
  const dns = (...bodies: JsonObject[]) =>
    describing(standing(account('ai'), ...bodies)).document?.network.dns

  test('is the service’s where it is linked as the service links', () => {
    expect(dns(zone(), link('net'))).toEqual({})
  })

  test('is existing where it has a link of another name: Azure takes one per network', () => {
    expect(dns(zone(), link('their-link'))).toEqual({ [name]: 'existing' })
  })

  test('is existing where it carries a tag that the gateway does not', () => {
    expect(dns(zone({ tags: { team: 'dns' } }), link('net'))).toEqual({ [name]: 'existing' })
  })

  test('is existing where it holds the names of somebody else’s endpoint', () => {
    const theirs = endpoint('theirs', 'elsewhere', id('Microsoft.CognitiveServices/accounts/of-others'))
    const zones = at('Microsoft.Network/privateEndpoints/theirs/privateDnsZoneGroups/default', {
      properties: {
        privateDnsZoneConfigs: [{ name: 'z', properties: { privateDnsZoneId: zone()['id'] ?? '' } }],
      },
    })
    expect(dns(zone(), link('net'), theirs, zones)).toEqual({ [name]: 'existing' })
  })

  test('is existing by its id where it is in another group and linked to the network', () => {
    const far = `/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-dns/providers/Microsoft.Network/privateDnsZones/${name}`
    const their = { ...link('hub'), id: `${far}/virtualNetworkLinks/hub` }
    expect(dns({ ...zone(), id: far }, their)).toEqual({ [name]: { existing: far } })
  })
})

describe('access', () => {
  const user = '6f1d2c3b-0a49-4e58-8c67-9d8e7f605142'
  const assigned = (scope: string, role: keyof typeof roles, principalId = user): JsonObject => ({
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`,
    type: 'Microsoft.Authorization/roleAssignments',
    properties: {
      principalId,
      principalType: 'User',
      roleDefinitionId: `/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/${roles[role]}`,
    },
  })
  const project = at('Microsoft.CognitiveServices/accounts/ai/projects/main')
  const described_ = (...assignments: JsonObject[]) => {
    const found = standing(account('ai'), project)
    // Azure lists them at the group, whatever they are on.
    const list = `${group}/providers/Microsoft.Authorization/roleAssignments`.toLowerCase()
    return describing({ ...found, lists: new Map([...found.lists, [list, assignments]]) })
  }

  test('is who has every role of responsesUser; that they have other names is told', () => {
    const { document, notes } = described_(
      assigned(accountId('ai'), 'openai-user'),
      assigned(`${accountId('ai')}/projects/main`, 'foundry-user'),
    )
    expect(document?.access).toEqual([{ principal: user, type: 'User', as: 'responsesUser' }])
    expect(notes).toContainEqual(
      expect.objectContaining({
        is: 'taken',
        path: 'access',
        message: expect.stringContaining('2 of 2 under names'),
      }),
    )
  })

  test('is not who has some of them: that is told', () => {
    const { document, notes } = described_(assigned(accountId('ai'), 'openai-user'))
    expect(document?.access).toEqual([])
    expect(notes).toContainEqual(
      expect.objectContaining({
        is: 'left out',
        path: 'access',
        message: expect.stringContaining('has 1 of the 2 roles'),
      }),
    )
  })

  test('is nobody’s whose roles are on other things', () => {
    const { document, notes } = described_(assigned(accountId('another'), 'openai-user'))
    expect(document?.access).toEqual([])
    expect(notes.filter(({ path }) => path === 'access')).toEqual([])
  })

  test('is not the canary’s, whose roles come from the app’s settings', () => {
    const found = standing(account('ai'))
    const list = `${group}/providers/Microsoft.Authorization/roleAssignments`.toLowerCase()
    const lists = new Map([...found.lists, [list, [assigned(accountId('ai'), 'openai-user')]]])
    const canary = { principalId: user, clientId: user }
    const answer = described(
      { ...found, lists },
      { ...surroundings, probeIdentities: { probe: canary, nobody: canary } },
      {},
    )
    expect(answer).toMatchObject({ document: { access: [] } })
  })
})

describe('a data service', () => {
  const storage = (name: string) => at(`Microsoft.Storage/storageAccounts/${name}`)
  const storageId = (name: string) => id(`Microsoft.Storage/storageAccounts/${name}`)
  const connected = (name: string) => [
    account('ai'),
    at('Microsoft.CognitiveServices/accounts/ai/projects/main'),
    at('Microsoft.CognitiveServices/accounts/ai/projects/main/connections/files', {
      properties: { metadata: { ResourceId: storageId(name) } },
    }),
  ]

  test('is the environment’s where the service’s endpoint leads to it', () => {
    const { document } = describing(
      standing(storage('files'), endpoint('pe-files-blob', 'snet-private-endpoints', storageId('files'))),
    )
    expect(document?.data.storage).toBe('files')
  })

  test('is existing where somebody else’s endpoint leads to it', () => {
    const { document, about } = describing(
      standing(storage('files'), endpoint('theirs', 'snet-private-endpoints', storageId('files'))),
    )
    expect(document?.data.storage).toEqual({ existing: true, name: 'files' })
    expect(about('Microsoft.Storage/storageAccounts/files')).toMatchObject([{ is: 'existing' }])
  })

  test('is the one that a project connects to, before others', () => {
    const { document, about } = describing(
      standing(
        storage('aaa'),
        storage('files'),
        endpoint('pe-aaa-blob', 'snet-private-endpoints', storageId('aaa')),
        ...connected('files'),
      ),
    )
    expect(document?.data.storage).toBe('files')
    expect(about('Microsoft.Storage/storageAccounts/aaa')).toMatchObject([
      { is: 'left out', message: expect.stringContaining('a project connects to it') },
    ])
  })

  test('without either is nobody’s, and named', () => {
    const { document, about } = describing(standing(storage('app')))
    expect(document?.data.storage).toBeUndefined()
    expect(about('Microsoft.Storage/storageAccounts/app')).toMatchObject([{ is: 'left out' }])
  })
})

test('accounts that a document cannot say are named, and those of Azure OpenAI are existing', () => {
  const { document, about } = describing(
    standing(
      account('speech', { kind: 'SpeechServices' }),
      account('renamed', { properties: { customSubDomainName: 'other' } }),
      account('legacy', { kind: 'OpenAI' }),
    ),
  )
  expect(document?.foundry.accounts).toMatchObject([{ name: 'legacy', existing: true }])
  expect(about('Microsoft.CognitiveServices/accounts/speech')).toMatchObject([{ is: 'left out' }])
  expect(about('Microsoft.CognitiveServices/accounts/renamed')).toMatchObject([
    { is: 'left out', message: expect.stringContaining('subdomain other') },
  ])
})

test('tags are those that everything described carries', () => {
  const tags = (own: JsonObject) => ({ tags: { owner: 'platform', ...own } })
  const { document } = describing(
    standing(
      account('east', tags({ region: 'east' })),
      account('west', tags({})),
      service('gw', {}, tags({ gate: '1' })),
    ),
  )
  expect(document?.tags).toEqual({})
  const { document: again } = describing(
    standing(
      account('east', tags({ region: 'east' })),
      service('gw', {}, tags({ gate: '1', 'hidden-title': 'x' })),
      at('Microsoft.Network/networkSecurityGroups/theirs', { tags: { owner: 'others' } }),
      at('Microsoft.Network/virtualNetworks/net', {
        ...tags({}),
        properties: {
          addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
          subnets: [
            {
              id: `${vnetId}/subnets/snet-apim`,
              name: 'snet-apim',
              properties: { addressPrefix: '10.0.0.0/27' },
            },
          ],
        },
      }),
    ),
  )
  expect(again?.tags).toEqual({ owner: 'platform' })
})
