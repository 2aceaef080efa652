import { apimHostNames, managedApiManagement } from '../resources/api-management.ts'
import { type Resource, ref } from '../resources/kind.ts'
import { existingZone, managedApexRecord, managedLink, managedZone } from '../resources/private-dns.ts'
import { managedPublicIp } from '../resources/public-ip.ts'
import { managedSecurityGroup } from '../resources/security-group.ts'
import { apimRules, privateEndpointRules } from '../resources/security-rules.ts'
import { containerAppsDelegation, existingSubnet, managedSubnet } from '../resources/subnet.ts'
import { existingVirtualNetwork, managedVirtualNetwork } from '../resources/virtual-network.ts'
import type { Area, Network } from './area.ts'
import type { Document } from './schema.ts'
import { cloudOf } from './surroundings.ts'
import { type Service, zonesOf } from './zones.ts'

/** The network, the gateway's service in it, and the names by which things in it are found. */
export function expandNetwork(area: Area): Network {
  const { document, surroundings, place } = area
  const { vnet, subnets, agents } = document.network
  const network =
    'existing' in vnet
      ? existingVirtualNetwork(place, vnet.existing)
      : managedVirtualNetwork(place, vnet.name, vnet.addressSpace)

  const apimGroup = managedSecurityGroup(place, 'nsg-apim', apimRules)
  const endpointGroup = managedSecurityGroup(place, 'nsg-private-endpoints', privateEndpointRules)
  const apimSubnet = managedSubnet(
    network,
    'snet-apim',
    // Classic API Management refuses a delegated subnet, and reaches its dependencies by default outbound access.
    { addressPrefix: subnets.apim, networkSecurityGroup: { id: apimGroup.id }, defaultOutboundAccess: true },
    [apimGroup],
  )
  const endpointSubnet = managedSubnet(
    network,
    'snet-private-endpoints',
    {
      addressPrefix: subnets.privateEndpoints,
      networkSecurityGroup: { id: endpointGroup.id },
      privateEndpointNetworkPolicies: 'NetworkSecurityGroupEnabled',
      defaultOutboundAccess: false,
    },
    [endpointGroup],
  )
  const ofAgents = agents ? agentSubnets(network, agents) : []
  const address = managedPublicIp(place, `pip-${document.gateway.apim.name}`)
  const apim = managedApiManagement(place, document.gateway.apim, apimSubnet, address)
  const names = apimHostNames(document.gateway.apim.name, surroundings.gatewaySuffix).flatMap((name) => {
    const [zone, ...link] = ownedZone(area, network, name)
    return zone
      ? [zone, ...link, managedApexRecord(zone, ref(apim, 'properties', 'privateIPAddresses', 0), apim)]
      : []
  })
  const privateLink = zonesNeeded(area).flatMap((name) => ownedZone(area, network, name))
  const ours = [network, apimGroup, endpointGroup, apimSubnet, endpointSubnet, ...ofAgents, address, apim]
  const resources = [...ours, ...names, ...privateLink]
  return {
    resources,
    endpointSubnet,
    agentSubnet: ofAgents.at(-1),
    apim,
    zones: new Map(
      privateLink
        .filter(({ kind }) => kind === 'dns-zone')
        .map((zone) => [zone.id.split('/').at(-1) ?? '', zone]),
    ),
  }
}

/** The zone and its link, where they are ours to make; whoever owns a zone links it too. */
function ownedZone({ document, place }: Area, network: Resource, name: string): Resource[] {
  const owner = document.network.dns[name] ?? 'managed'
  if (owner === 'existing') return [existingZone(place, name)]
  if (typeof owner === 'object') return [existingZone(place, name, owner.existing)]
  const zone = managedZone(place, name)
  return [zone, managedLink(place, zone, network)]
}

/** Zones of the services whose endpoints the environment makes. */
function zonesNeeded({ document, surroundings }: Area): string[] {
  const { foundry, data } = document
  const makes = (service: typeof data.storage) => typeof service === 'string'
  const needed: [Service, boolean][] = [
    ['account', foundry.accounts.some(({ existing }) => !existing)],
    ['storage', makes(data.storage)],
    ['search', makes(data.search)],
    ['cosmos', makes(data.cosmos)],
    ['keyVault', makes(data.keyVault)],
  ]
  return needed.flatMap(([service, is]) => (is ? zonesOf[cloudOf(surroundings)][service] : []))
}

/**
 * The agents' subnet beside the app's. They share one security group and one route table, which belong to the home, so that what a
 * probe of the app can reach speaks for the agents.
 */
function agentSubnets(network: Resource, agents: NonNullable<Document['network']['agents']>): Resource[] {
  const ops = existingSubnet(network, agents.ops.existing)
  const shared = (property: string) => ({ ...ref(ops, 'properties', property), optional: true as const })
  return [
    ops,
    managedSubnet(
      network,
      'snet-agents',
      {
        addressPrefix: agents.subnet,
        networkSecurityGroup: shared('networkSecurityGroup'),
        routeTable: shared('routeTable'),
        delegations: [containerAppsDelegation],
        defaultOutboundAccess: true,
      },
      [ops],
    ),
  ]
}
