import { expand } from '../../src/environment/expand.ts'
import { asExisting } from '../../src/resources/kind.ts'
import type { Fault, Harmless } from './fault.ts'
import {
  at,
  blobZone,
  group,
  inNetwork,
  link,
  network,
  opsSubnet,
  rule,
  subnet,
  subscription,
  vnet,
  type World,
} from './world.ts'

type Item = { [name: string]: unknown }

const subnets = (world: World, ...all: Item[]) => {
  world.azure[network] = vnet({ subnets: [opsSubnet(), ...all] })
}
const ops = (world: World, properties: Item, range?: string) => {
  world.azure[network] = vnet({ subnets: [opsSubnet(properties, range)] })
}
const peering = (name: string, prefix: string, peeringState = 'Connected') => ({
  name,
  properties: { peeringState, remoteAddressSpace: { addressPrefixes: [prefix] } },
})
const user = (id: string) => ({ ipConfigurations: [{ id }] })
const heldBy = (path: string) => ({ serviceAssociationLinks: [{ properties: { link: path } }] })
const delegatedTo = (serviceName: string) => ({ delegations: [{ properties: { serviceName } }] })
const apimSubnet = (properties: Item = {}) => subnet('snet-apim', '192.168.1.0/27', properties)
const route = (addressPrefix: string, nextHopType: string) => ({ properties: { addressPrefix, nextHopType } })
const toFirewall = route('0.0.0.0/0', 'VirtualAppliance')
const there = (world: World, type: string, name: string) => {
  world.azure[at.contents] = [{ id: `${group}/providers/${type}/${name}`, type, name }]
}
const central = `${subscription}/resourceGroups/rg-dns/providers/Microsoft.Network/privateDnsZones/privatelink.search.windows.net`
const centralZone = (world: World, ...networks: string[]) => {
  const zones = world.azure[at.zones]
  world.azure[at.zones] = [
    ...(Array.isArray(zones) ? zones : []),
    { id: central, name: 'privatelink.search.windows.net' },
  ]
  world.azure[at.links(central)] = networks.map(link)
}
/** A resource of the environment becomes somebody else's, while another of ours is the same thing. */
const doubled = (world: World, key: string) => {
  const resources = expand(world.document, world.surroundings)
  const found = resources.find((resource) => resource.key === key)
  if (found) world.resources = [...resources, { ...asExisting(found), key: 'subnet/of-somebody-else' }]
}

export const networkFaults: Fault[] = [
  {
    code: 'VNT-001',
    fault: 'network-that-is-not-there',
    at: 'virtual-network/vnet-contoso-ai',
    given: ({ azure }) => void delete azure[network],
  },
  {
    code: 'VNT-002',
    fault: 'network-in-another-region',
    at: 'virtual-network/vnet-contoso-ai',
    says: /westeurope/,
    given: ({ azure }) => {
      azure[network] = vnet({}, 'West Europe')
    },
  },
  {
    code: 'VNT-003',
    fault: 'subnets-outside-the-address-space',
    at: 'subnet/snet-apim',
    given: ({ azure }) => {
      azure[network] = vnet({
        addressSpace: { addressPrefixes: ['192.168.2.0/23', '192.168.4.0/22'] },
      })
    },
  },
  {
    code: 'VNT-004',
    fault: 'subnet-of-a-stranger-in-the-way',
    at: 'subnet/snet-private-endpoints',
    says: /overlaps snet-jump-boxes \(192.168.2.32\/27\)/,
    given: (world) => subnets(world, subnet('snet-jump-boxes', '192.168.2.32/27')),
  },
  {
    code: 'VNT-005',
    fault: 'subnet-in-use-with-another-range',
    at: 'subnet/snet-apim',
    says: /192.168.9.0\/27 and has 1 user/,
    given: (world) => subnets(world, subnet('snet-apim', '192.168.9.0/27', user('apim'))),
  },
  {
    code: 'VNT-006',
    fault: 'peered-network-with-the-same-addresses',
    at: 'subnet/snet-agents',
    says: /peering hub/,
    given: ({ azure }) => {
      azure[network] = vnet({ virtualNetworkPeerings: [peering('hub', '192.168.4.0/22')] })
    },
  },
  {
    code: 'VNT-007',
    fault: 'peering-with-one-side',
    at: 'virtual-network/vnet-contoso-ai',
    says: /hub is Initiated/,
    given: ({ azure }) => {
      azure[network] = vnet({ virtualNetworkPeerings: [peering('hub', '10.0.0.0/16', 'Initiated')] })
    },
  },
  {
    code: 'VNT-008',
    fault: 'dns-server-of-ones-own',
    at: 'virtual-network/vnet-contoso-ai',
    says: /10.0.0.4/,
    given: ({ azure }) => {
      azure[network] = vnet({ dhcpOptions: { dnsServers: ['10.0.0.4'] } })
    },
  },
  {
    code: 'HOM-001',
    fault: 'planned-resource-that-is-existing-too',
    at: 'subnet/snet-apim',
    given: (world) => doubled(world, 'subnet/snet-apim'),
  },
  {
    code: 'HOM-002',
    fault: 'app-in-a-subnet-of-ours',
    at: 'subnet/snet-private-endpoints',
    says: /Microsoft.Web\/sites\/func/,
    given: (world) =>
      subnets(
        world,
        subnet(
          'snet-private-endpoints',
          '192.168.2.0/26',
          heldBy(`${group}/providers/Microsoft.Web/sites/func`),
        ),
      ),
  },
  {
    code: 'HOM-003',
    fault: 'security-group-of-ours-on-the-app',
    at: 'security-group/nsg-apim',
    says: /snet-agents-ops/,
    given: (world) => ops(world, { networkSecurityGroup: { id: at.apimRules } }),
  },
  {
    code: 'OPS-001',
    fault: 'no-subnet-for-the-app',
    at: 'subnet/snet-agents-ops',
    given: ({ azure }) => {
      azure[network] = vnet({ subnets: [] })
    },
  },
  {
    code: 'OPS-002',
    fault: 'app-subnet-not-delegated',
    at: 'subnet/snet-agents-ops',
    says: /nothing/,
    given: (world) => ops(world, { delegations: [] }),
  },
  {
    code: 'OPS-003',
    fault: 'app-subnet-outside-the-block',
    at: 'subnet/snet-agents-ops',
    given: (world) => ops(world, {}, '192.168.10.0/27'),
  },
  {
    code: 'OPS-004',
    fault: 'app-subnet-without-security-group',
    at: 'subnet/snet-agents-ops',
    given: (world) => ops(world, { networkSecurityGroup: undefined }),
  },
  {
    code: 'OPS-005',
    fault: 'app-subnet-without-routes',
    at: 'subnet/snet-agents-ops',
    given: (world) => ops(world, { routeTable: undefined }),
  },
  {
    code: 'SNT-001',
    fault: 'service-link-that-outlived-its-account',
    at: 'subnet/snet-agents',
    says: /legionservicelink/,
    given: (world) =>
      subnets(
        world,
        subnet('snet-agents', '192.168.4.0/24', { serviceAssociationLinks: [{ name: 'legionservicelink' }] }),
      ),
  },
  {
    code: 'SNT-002',
    fault: 'stranger-in-the-gateway-subnet',
    at: 'subnet/snet-apim',
    says: /vm-jump/,
    given: (world) => subnets(world, apimSubnet(user('vm-jump'))),
  },
  {
    code: 'SNT-003',
    fault: 'delegated-gateway-subnet',
    at: 'subnet/snet-apim',
    says: /Microsoft.Web\/serverFarms/,
    given: (world) => subnets(world, apimSubnet(delegatedTo('Microsoft.Web/serverFarms'))),
  },
  {
    code: 'NSG-001',
    fault: 'deny-before-the-gateway-rules',
    at: 'security-group/nsg-apim',
    says: /deny-storage \(priority 90\) denies Storage:443/,
    given: (world) => {
      subnets(world, apimSubnet({ networkSecurityGroup: { id: at.apimRules } }))
      world.azure[at.apimRules] = {
        properties: {
          securityRules: [
            rule('deny-storage', 90, 'Deny', {
              destinationAddressPrefix: 'Internet',
              destinationPortRange: '400-500',
            }),
          ],
        },
      }
    },
  },
  {
    code: 'NSG-002',
    fault: 'agents-cut-off-from-entra',
    at: 'security-group/nsg-agents',
    says: /AzureActiveDirectory:443: tokens/,
    given: ({ azure }) => {
      azure[at.rules] = {
        properties: {
          securityRules: [rule('deny-internet', 200, 'Deny', { destinationAddressPrefix: 'Internet' })],
        },
      }
    },
  },
  {
    code: 'NSG-003',
    fault: 'security-group-of-a-stranger',
    at: 'subnet/snet-apim',
    says: /nsg-of-a-stranger/,
    given: (world) => {
      const id = inNetwork('networkSecurityGroups/nsg-of-a-stranger')
      subnets(world, apimSubnet({ networkSecurityGroup: { id } }))
      world.azure[id] = { properties: { securityRules: [] } }
    },
  },
  {
    code: 'RTE-001',
    fault: 'firewall-between-the-gateway-and-its-control-plane',
    at: 'route-table/rt-agents',
    given: (world) => {
      subnets(world, apimSubnet({ routeTable: { id: at.routes } }))
      world.azure[at.routes] = { properties: { routes: [toFirewall] } }
    },
  },
  {
    code: 'RTE-002',
    fault: 'agents-behind-a-firewall',
    at: 'route-table/rt-agents',
    given: ({ azure }) => {
      azure[at.routes] = { properties: { routes: [toFirewall] } }
    },
  },
  {
    code: 'DNS-001',
    fault: 'existing-zone-that-is-not-there',
    at: 'dns-zone/privatelink.blob.core.windows.net',
    given: ({ azure }) => {
      azure[at.zones] = []
    },
  },
  {
    code: 'DNS-002',
    fault: 'other-zone-of-that-name-in-the-network',
    at: 'dns-zone/privatelink.search.windows.net',
    says: /rg-dns/,
    given: (world) => centralZone(world, network),
  },
  {
    code: 'DNS-003',
    fault: 'central-zone-kept-elsewhere',
    at: 'dns-zone/privatelink.search.windows.net',
    given: (world) => centralZone(world),
  },
  {
    code: 'DNS-004',
    fault: 'existing-zone-nobody-linked',
    at: 'dns-zone/privatelink.blob.core.windows.net',
    given: ({ azure }) => {
      azure[at.links(blobZone)] = []
    },
  },
  {
    code: 'DNS-005',
    fault: 'zone-that-nothing-needs',
    at: 'network.dns',
    says: /privatelink.blob.core.windows.net/,
    given: ({ document }) => {
      document.data.storage = { existing: true, name: 'contosoaidata' }
    },
  },
]

export const networkHarmless: Harmless[] = [
  {
    code: 'SNT-001',
    because: 'the account that holds the agents’ subnet is ours',
    given: (world) => {
      subnets(
        world,
        subnet('snet-agents', '192.168.4.0/24', { serviceAssociationLinks: [{ name: 'legionservicelink' }] }),
      )
      there(world, 'Microsoft.CognitiveServices/accounts', 'Contoso-EUS')
    },
  },
  {
    code: 'SNT-002',
    because: 'the service in its subnet is ours',
    given: (world) => {
      subnets(world, apimSubnet(user('gateway')))
      there(world, 'Microsoft.ApiManagement/service', 'contoso-apim')
    },
  },
  {
    code: 'SNT-003',
    because: 'the agents’ subnet has the delegation it will have',
    given: (world) =>
      subnets(world, subnet('snet-agents', '192.168.4.0/24', delegatedTo('Microsoft.App/environments'))),
  },
  {
    code: 'VNT-004',
    because: 'a subnet of ours that stands already is in nobody’s way',
    given: (world) => subnets(world, apimSubnet()),
  },
  {
    code: 'NSG-001',
    because: 'a deny behind the rule that allows is never reached',
    given: (world) => {
      subnets(world, apimSubnet({ networkSecurityGroup: { id: at.apimRules } }))
      world.azure[at.apimRules] = {
        properties: {
          securityRules: [
            rule('deny-all', 4000, 'Deny'),
            rule('allow-all-out', 300, 'Allow'),
            rule('allow-all-in', 300, 'Allow', { direction: 'Inbound' }),
            rule('deny-all-in', 4000, 'Deny', { direction: 'Inbound' }),
          ],
        },
      }
    },
  },
  {
    code: 'NSG-001',
    because: 'the gateway does without network time',
    given: (world) => {
      subnets(world, apimSubnet({ networkSecurityGroup: { id: at.apimRules } }))
      world.azure[at.apimRules] = {
        properties: {
          securityRules: [rule('deny-time', 90, 'Deny', { destinationPortRange: '123' })],
        },
      }
    },
  },
  {
    code: 'NSG-002',
    because: 'a deny for another port cuts nothing',
    given: ({ azure }) => {
      azure[at.rules] = {
        properties: { securityRules: [rule('deny-smtp', 100, 'Deny', { destinationPortRange: '25' })] },
      }
    },
  },
  {
    code: 'RTE-001',
    because: 'the control plane has a route of its own',
    given: (world) => {
      subnets(world, apimSubnet({ routeTable: { id: at.routes } }))
      world.azure[at.routes] = { properties: { routes: [toFirewall, route('ApiManagement', 'Internet')] } }
    },
  },
  {
    code: 'VNT-008',
    because: 'Azure’s own resolver is one of the servers',
    given: ({ azure }) => {
      azure[network] = vnet({ dhcpOptions: { dnsServers: ['168.63.129.16'] } })
    },
  },
]
