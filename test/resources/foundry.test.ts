import { describe, expect, test } from 'vitest'
import { connectionName } from '../../src/resources/connection.ts'
import type { JsonObject } from '../../src/resources/kind.ts'
import { expanded, named } from '../environment/reference.ts'
import { changesOf, sent, stateOf } from './described.ts'

const resources = expanded('contoso')
const account = named(resources, 'account/contoso-eus')
const properties = (body: JsonObject) => body['properties'] as JsonObject

describe('the agents’ subnet of an account', () => {
  const injections = [
    {
      scenario: 'agent',
      subnetArmId: expect.stringMatching(/\/subnets\/snet-agents$/),
      useMicrosoftManagedNetwork: false,
    },
  ]
  test('travels with the first write', () => {
    expect(properties(sent(account))['networkInjections']).toEqual(injections)
  })
  test('travels with every later one, whatever is being changed', () => {
    const there = { ...sent(account), tags: { owner: 'somebody' } }
    expect(properties(sent(account, there))['networkInjections']).toEqual(injections)
  })
  test('travels when Azure has lost it, and its loss is drift', () => {
    for (const lost of [null, []] as const) {
      const there = {
        ...sent(account),
        properties: { ...properties(sent(account)), networkInjections: lost },
      }
      expect(properties(sent(account, there as JsonObject))['networkInjections']).toEqual(injections)
      expect(changesOf(account, there as JsonObject)).toEqual(['properties.networkInjections'])
    }
  })
  test('is not spoken of where there are no agents: an explicit nothing is refused', () => {
    expect(properties(sent(named(resources, 'account/contoso-eus2')))).not.toHaveProperty('networkInjections')
  })
})

test('an account has no keys, no public access, and a subdomain of its own', () => {
  expect(properties(sent(account))).toMatchObject({
    disableLocalAuth: true,
    publicNetworkAccess: 'Disabled',
    customSubDomainName: 'contoso-eus',
  })
})

test('an account that went back to Accepted is waited for', () => {
  const there = {
    ...sent(account),
    properties: { ...properties(sent(account)), provisioningState: 'Accepted' },
  }
  expect(stateOf(account, there)).toBe('settling')
})

describe('the version of a model', () => {
  const deployment = named(resources, 'model-deployment/contoso-eus/gpt-4o')
  const pinned = named(
    expanded('contoso', [['capacity: 100 }', 'capacity: 100, upgrade: never }']]),
    'model-deployment/contoso-eus/gpt-4o',
  )
  const at = (of: typeof deployment, version: string) => {
    const body = sent(of)
    return {
      ...body,
      properties: { ...properties(body), model: { ...(properties(body)['model'] as JsonObject), version } },
    }
  }
  test('is born as described', () => {
    expect(properties(sent(deployment))['model']).toEqual({
      format: 'OpenAI',
      name: 'gpt-4o',
      version: '2024-11-20',
    })
  })
  test('is Azure’s from then on: a later one is no drift, and is not taken back', () => {
    const later = at(deployment, '2025-06-01')
    expect(changesOf(deployment, later)).toEqual([])
    expect(properties(sent(deployment, { ...later, tags: {} }))['model']).toMatchObject({
      version: '2025-06-01',
    })
  })
  test('is moved on when the document asks for a later one than there is', () => {
    expect(changesOf(deployment, at(deployment, '2024-05-13'))).toEqual(['properties.model.version'])
  })
  test('is the document’s where it says never', () => {
    expect(changesOf(pinned, at(pinned, '2025-06-01'))).toEqual(['properties.model.version'])
    expect(properties(sent(pinned))).toMatchObject({ versionUpgradeOption: 'NoAutoUpgrade' })
  })
})

describe('connections', () => {
  test('are named within Azure’s 3 to 33 characters, differently for different things', () => {
    const names = ['contoso-eus', `${'a'.repeat(60)}1`, `${'a'.repeat(60)}2`, 'x'].map((of) =>
      connectionName('account', of),
    )
    for (const name of names) expect(name).toMatch(/^[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}$/)
    expect(new Set(names).size).toBe(names.length)
  })
  test('to the gateway say everything in strings', () => {
    const { metadata } = properties(sent(named(resources, 'connection/contoso-eus/main/gateway')))
    for (const value of Object.values(metadata as JsonObject)) expect(typeof value).toBe('string')
    expect(JSON.parse(String((metadata as JsonObject)['models']))).toEqual([
      { name: 'gpt-4o', properties: { model: { name: 'gpt-4o', version: '2024-11-20', format: 'OpenAI' } } },
    ])
  })
  test('are as described in either spelling of their category', () => {
    const gateway = named(resources, 'connection/contoso-eus/main/search')
    const there = { properties: { ...properties(sent(gateway)), category: 'cognitivesearch' } }
    expect(changesOf(gateway, there)).toEqual([])
  })
})
