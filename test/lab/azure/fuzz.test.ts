import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openAzure, VNET } from './open.ts'

const network = 'Microsoft.Network'
const paths = [
  `${network}/virtualNetworks/${VNET}`,
  `${network}/virtualNetworks/${VNET}/subnets/snet-ops-endpoints`,
  `${network}/networkSecurityGroups/nsg-agents`,
  `${network}/networkSecurityGroups/nsg-agents/securityRules/r`,
  `${network}/routeTables/rt-agents`,
  `${network}/routeTables/rt-agents/routes/r`,
  `${network}/publicIPAddresses/pip`,
  `${network}/privateDnsZones/a.b`,
  `${network}/privateDnsZones/privatelink.blob.core.windows.net/virtualNetworkLinks/l`,
  `${network}/privateDnsZones/privatelink.blob.core.windows.net/A/x`,
  'Microsoft.ApiManagement/service/contoso-apim',
]
const names = [
  'location sku identity tags properties name addressPrefix addressPrefixes addressSpace subnets delegations',
  'networkSecurityGroup routeTable id securityRules routes priority direction access protocol nextHopType',
  'sourceAddressPrefix destinationPortRange publicIPAllocationMethod dnsSettings domainNameLabel virtualNetwork',
  'aRecords ttl ipv4Address publisherName publisherEmail virtualNetworkType virtualNetworkConfiguration',
  'subnetResourceId capacity restore serviceName',
].flatMap((line) => line.split(' '))

const words = [
  'eastus',
  'global',
  'Standard',
  'Developer',
  'Internal',
  'Static',
  '192.168.9.0/24',
  '10.0.0.0/8',
  '*',
  'Tcp',
  'Allow',
  'Inbound',
  '80',
  '::1',
  'x@y',
]
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(...words),
    fc.constantFrom(null, true, -1, 100, 1.5, ''),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 6 }),
  ),
}))
const body = fc.record(
  {
    location: fc.constantFrom('eastus', 'global', 5),
    properties: fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 8 }),
    sku: value,
    tags: value,
    identity: value,
  },
  { requiredKeys: ['location'] },
)

test('whatever is sent is answered, never with 500, and what is refused changes nothing', async () => {
  const { arm, group, lab } = await openAzure({ temper: 'fast' })
  const world = () => lab('GET', 'resources')
  const call = fc.record({
    path: fc.constantFrom(...paths),
    method: fc.constantFrom('PUT', 'PUT', 'PUT', 'PATCH', 'GET', 'DELETE'),
    body,
  })
  await fc.assert(
    fc.asyncProperty(call, async ({ path, method, body }) => {
      const before = await world()
      const answer = await arm(method, `${group}/providers/${path}`, method === 'GET' ? {} : { body })
      expect([path, body, answer.status, answer.body]).toSatisfy(([, , status]) => status < 500)
      if (answer.status >= 400) expect(await world()).toEqual(before)
      expect((await lab('GET', 'resources')).length).toBeGreaterThan(0)
      await lab('POST', 'clock', { advanceSeconds: 3 })
    }),
    { numRuns: 250 },
  )
}, 60_000)
