import { expect, test } from 'vitest'
import { GROUP } from './open.ts'
import { openSdk, settle } from './sdk.ts'

const rule = (name: string, changed: object = {}) => ({
  name,
  protocol: 'Tcp',
  access: 'Allow',
  direction: 'Inbound',
  priority: 100,
  sourceAddressPrefix: 'ApiManagement',
  sourcePortRange: '*',
  destinationAddressPrefix: 'VirtualNetwork',
  destinationPortRange: '3443',
  ...changed,
})

test('a PUT of a group replaces its rules, and each rule is a resource of its own', async () => {
  const lab = await openSdk({ temper: 'fast' })
  const put = (securityRules: object[]) =>
    settle(
      lab,
      lab.network.networkSecurityGroups.createOrUpdate(GROUP, 'nsg-apim', {
        location: 'eastus',
        securityRules,
      }),
    )
  await put([rule('a'), rule('b', { priority: 110 })])
  const one = await lab.network.securityRules.get(GROUP, 'nsg-apim', 'a')
  expect(one).toMatchObject({ priority: 100, sourceAddressPrefixes: [], destinationPortRanges: [] })
  expect(one.etag).toMatch(/^W\//)
  const group = await put([rule('b', { priority: 110 })])
  expect(group.securityRules?.map(({ name }) => name)).toEqual(['b'])
  await settle(
    lab,
    lab.network.securityRules.createOrUpdate(GROUP, 'nsg-apim', 'c', rule('c', { priority: 120 })),
  )
  const after = await lab.network.networkSecurityGroups.get(GROUP, 'nsg-apim')
  expect(after.securityRules?.map(({ name }) => name)).toEqual(['b', 'c'])
  expect(after.etag).not.toBe(group.etag)
})

test.each([
  ['a priority below 100', { priority: 99 }, 'SecurityRuleInvalidPriority'],
  ['a priority above 4096', { priority: 4097 }, 'SecurityRuleInvalidPriority'],
  ['the priority of another in the same direction', { priority: 200 }, 'SecurityRuleConflict'],
  ['an unknown tag', { sourceAddressPrefix: 'ApiMangement' }, 'SecurityRuleInvalidAddressPrefix'],
  ['a port above 65535', { destinationPortRange: '70000' }, 'SecurityRuleInvalidPortRange'],
  ['no port at all', { destinationPortRange: undefined }, 'SecurityRuleInvalidPortRange'],
  ['an unknown protocol', { protocol: 'Quic' }, 'InvalidRequestFormat'],
])('a rule with %s is refused', async (_what, changed, code) => {
  const lab = await openSdk({ temper: 'fast' })
  const path = `${lab.group}/providers/Microsoft.Network/networkSecurityGroups/nsg-agents/securityRules`
  const put = (name: string, properties: object) =>
    lab.arm('PUT', `${path}/${name}`, { body: { properties } })
  expect((await put('first', rule('first', { priority: 200 }))).status).toBe(201)
  const { status, body } = await put('second', rule('second', changed))
  expect([status, body.error.code]).toEqual([400, code])
})

test('the same priority in the other direction is fine', async () => {
  const lab = await openSdk({ temper: 'fast' })
  const path = `${lab.group}/providers/Microsoft.Network/networkSecurityGroups/nsg-agents/securityRules/in`
  expect((await lab.arm('PUT', path, { body: { properties: rule('in') } })).status).toBe(201)
})

test('two inline rules with one priority refuse the group', async () => {
  const lab = await openSdk({ temper: 'fast' })
  const securityRules = [rule('a'), rule('b')].map(({ name, ...properties }) => ({ name, properties }))
  const path = `${lab.group}/providers/Microsoft.Network/networkSecurityGroups/nsg-apim`
  const { body } = await lab.arm('PUT', path, { body: { location: 'eastus', properties: { securityRules } } })
  expect(body.error.code).toBe('SecurityRuleConflict')
  expect((await lab.arm('GET', path)).status).toBe(404)
})

test('a group and a route table in use by a subnet name it and stay', async () => {
  const lab = await openSdk()
  const network = `${lab.group}/providers/Microsoft.Network`
  const group = await lab.arm('DELETE', `${network}/networkSecurityGroups/nsg-agents`)
  const table = await lab.arm('DELETE', `${network}/routeTables/rt-agents`)
  expect(group.body.error.code).toBe('InUseNetworkSecurityGroupCannotBeDeleted')
  expect(group.body.error.message).toContain('subnets/snet-agents-ops')
  expect(table.body.error.code).toBe('InUseRouteTableCannotBeDeleted')
  const shown = await lab.network.networkSecurityGroups.get(GROUP, 'nsg-agents')
  expect(shown.subnets?.map(({ id }) => id?.split('/').at(-1))).toEqual(['snet-agents-ops'])
})

test('routes know where they may lead', async () => {
  const lab = await openSdk({ temper: 'fast' })
  const put = async (properties: object) =>
    (
      await lab.arm('PUT', `${lab.group}/providers/Microsoft.Network/routeTables/rt-agents/routes/r`, {
        body: { properties },
      })
    ).body.error?.code
  expect(await put({ addressPrefix: '0.0.0.0/0', nextHopType: 'VirtualAppliance' })).toBe(
    'InvalidNextHopIpAddress',
  )
  expect(await put({ addressPrefix: 'nowhere', nextHopType: 'Internet' })).toBe('InvalidAddressPrefixFormat')
  expect(await put({ addressPrefix: 'ApiManagement', nextHopType: 'Internet' })).toBeUndefined()
})
