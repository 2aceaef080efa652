import { expect, test } from 'vitest'
import { expand } from '../../src/environment/expand.ts'
import { isRef } from '../../src/resources/kind.ts'
import { contosoDocument, surroundings } from '../fixtures.ts'

const resources = expand(contosoDocument(), surroundings)
const find = (key: string) => resources.find((resource) => resource.key === key)

test('each resource comes after what it depends on, and keys are unique', () => {
  const seen = new Set<string>()
  for (const { key, dependsOn } of resources) {
    for (const needed of dependsOn) expect(seen, `${key} needs ${needed}`).toContain(needed)
    expect(seen).not.toContain(key)
    seen.add(key)
  }
})

test('the security group of API Management has every rule its documentation asks for in internal mode', () => {
  const group = find('security-group/nsg-apim')?.body['properties'] as {
    securityRules: { properties: Record<string, unknown> }[]
  }
  const rules = group.securityRules.map(({ properties: rule }) =>
    [
      rule['direction'] === 'Inbound' ? 'in' : 'out',
      rule['protocol'],
      rule['sourceAddressPrefix'],
      rule['destinationAddressPrefix'],
      [rule['destinationPortRange'] ?? rule['destinationPortRanges']].flat().join(','),
    ].join(' '),
  )
  // azure-facts 1.4, by row; without 5 and 6 (external mode), 7 (external Redis), 18 (the platform's own DNS).
  const table = {
    1: ['in Tcp ApiManagement VirtualNetwork 3443'],
    2: ['in Tcp AzureLoadBalancer VirtualNetwork 6390'],
    3: ['in Tcp AzureLoadBalancer VirtualNetwork 6391'],
    4: ['in Tcp VirtualNetwork VirtualNetwork 443'],
    8: ['in Tcp VirtualNetwork VirtualNetwork 6381-6383', 'out Tcp VirtualNetwork VirtualNetwork 6381-6383'],
    9: ['in Udp VirtualNetwork VirtualNetwork 4290', 'out Udp VirtualNetwork VirtualNetwork 4290'],
    10: ['out Tcp VirtualNetwork Internet 80'],
    11: ['out Tcp VirtualNetwork Storage 443'],
    12: ['out Tcp VirtualNetwork Sql 1433'],
    13: ['out Tcp VirtualNetwork AzureKeyVault 443'],
    14: ['out Tcp VirtualNetwork AzureMonitor 1886,443'],
    15: ['out Tcp VirtualNetwork AzureActiveDirectory 443'],
    16: ['out Tcp VirtualNetwork AzureConnectors 443'],
    17: ['out Tcp VirtualNetwork EventHub 5671,5672,443'],
    19: ['out Udp VirtualNetwork Internet 123'],
    20: ['out Tcp VirtualNetwork AzureCloud 12000,443'],
    21: ['out Tcp VirtualNetwork Internet 443'],
    22: ['out Tcp VirtualNetwork VirtualNetwork 443'],
  }
  expect(rules.toSorted()).toEqual(Object.values(table).flat().toSorted())
})

test('priorities are unique per direction and leave room for other people’s rules', () => {
  for (const { body } of resources.filter(({ kind }) => kind === 'security-group')) {
    const { securityRules } = body['properties'] as {
      securityRules: { properties: { direction: string; priority: number } }[]
    }
    const seats = securityRules.map(({ properties: { direction, priority } }) => `${direction} ${priority}`)
    expect(new Set(seats).size).toBe(seats.length)
    for (const { properties } of securityRules) expect(properties.priority % 10).toBe(0)
  }
})

test('each of the five host names has a zone, a link and a record of its own', () => {
  const zones = resources.filter(({ kind }) => kind === 'dns-zone').map(({ id }) => id.split('/').at(-1))
  expect(zones).toEqual(
    ['', '.portal', '.developer', '.management', '.scm'].map((part) => `contoso-apim${part}.azure-api.net`),
  )
  for (const zone of zones) {
    expect(find(`dns-link/${zone}`)?.dependsOn).toContain('virtual-network/vnet-contoso-ai')
    expect(find(`dns-record/${zone}`)?.dependsOn).toContain('api-management/contoso-apim')
  }
})

test('what belongs to the home is referred to and never written', () => {
  expect(resources.filter(({ existing }) => existing).map(({ key }) => key)).toEqual([
    'virtual-network/vnet-contoso-ai',
    'subnet/snet-agents-ops',
  ])
  const agents = find('subnet/snet-agents')?.body['properties'] as Record<string, unknown>
  expect(isRef(agents['networkSecurityGroup'])).toBe(true)
  expect(isRef(agents['routeTable'])).toBe(true)
})

test('no network ever carries inline subnets', () => {
  const managed = expand(
    contosoDocument({ network: { vnet: { name: 'vnet-own', addressSpace: '192.168.0.0/16' } } }),
    surroundings,
  ).find(({ kind }) => kind === 'virtual-network')
  expect(managed?.existing).toBe(false)
  expect(managed?.body['properties']).toEqual({ addressSpace: { addressPrefixes: ['192.168.0.0/16'] } })
})

test('the tags of the document are on everything that can carry tags', () => {
  for (const { key, kind, existing, body } of resources)
    if (!existing && kind !== 'subnet' && kind !== 'dns-record')
      expect(body['tags'], key).toEqual({ owner: 'platform' })
})
