import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/resources/kind.ts'
import { expanded, named } from '../environment/reference.ts'
import { changesOf, sent, stateOf } from './described.ts'

const resources = expanded('contoso')
const shown = (key: string, change: JsonObject): JsonObject => {
  const body = sent(named(resources, key))
  return { ...body, properties: { ...(body['properties'] as JsonObject), ...change } }
}
const state = (key: string, change: JsonObject) => stateOf(named(resources, key), shown(key, change))

describe('Azure’s words for being done', () => {
  test.each([
    ['search/contoso-search', 'succeeded', 'ready'],
    ['search/contoso-search', 'provisioning', 'settling'],
    ['search/contoso-search', 'failed', 'failed'],
    ['cosmos/contoso-cosmos', 'Online', 'ready'],
    ['cosmos/contoso-cosmos', 'Succeeded', 'ready'],
    ['cosmos/contoso-cosmos', 'Creating', 'settling'],
    ['key-vault/contoso-kv', 'RegisteringDns', 'settling'],
    ['storage/contosoaidata', 'ResolvingDNS', 'settling'],
    ['model-deployment/contoso-eus/gpt-4o', 'Disabled', 'failed'],
  ])('%s says %s: %s', (key, provisioningState, expected) => {
    expect(state(key, { provisioningState })).toBe(expected)
  })
})

test('a word in another case is the same word', () => {
  const search = named(resources, 'search/contoso-search')
  expect(
    changesOf(
      search,
      shown('search/contoso-search', { publicNetworkAccess: 'Disabled', hostingMode: 'Default' }),
    ),
  ).toEqual([])
})

test('a location in its long form is the same place, in a list too', () => {
  const cosmos = named(resources, 'cosmos/contoso-cosmos')
  const locations = [
    {
      id: 'contoso-cosmos-eastus',
      locationName: 'East US',
      failoverPriority: 0,
      isZoneRedundant: false,
      provisioningState: 'Succeeded',
    },
  ]
  expect(changesOf(cosmos, shown('cosmos/contoso-cosmos', { locations }))).toEqual([])
})

test('no service has keys, and none is public', () => {
  const properties = (key: string) => sent(named(resources, key))['properties']
  expect(properties('storage/contosoaidata')).toMatchObject({
    allowSharedKeyAccess: false,
    publicNetworkAccess: 'Disabled',
  })
  expect(properties('search/contoso-search')).toMatchObject({
    disableLocalAuth: true,
    publicNetworkAccess: 'disabled',
  })
  expect(properties('cosmos/contoso-cosmos')).toMatchObject({
    disableLocalAuth: true,
    publicNetworkAccess: 'Disabled',
  })
  expect(properties('key-vault/contoso-kv')).toMatchObject({
    enableRbacAuthorization: true,
    publicNetworkAccess: 'Disabled',
  })
})

test('a public door that somebody opened is drift', () => {
  for (const key of ['storage/contosoaidata', 'search/contoso-search', 'cosmos/contoso-cosmos'])
    expect(changesOf(named(resources, key), shown(key, { publicNetworkAccess: 'Enabled' })), key).toEqual([
      'properties.publicNetworkAccess',
    ])
})
