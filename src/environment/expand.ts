import { apimHostNames, managedApiManagement } from '../resources/api-management.ts'
import { type Resource, ref } from '../resources/kind.ts'
import type { Place } from '../resources/place.ts'
import { managedApexRecord, managedLink, managedZone } from '../resources/private-dns.ts'
import { managedPublicIp } from '../resources/public-ip.ts'
import { managedSecurityGroup } from '../resources/security-group.ts'
import { apimRules, privateEndpointRules } from '../resources/security-rules.ts'
import { containerAppsDelegation, existingSubnet, managedSubnet } from '../resources/subnet.ts'
import { existingVirtualNetwork, managedVirtualNetwork } from '../resources/virtual-network.ts'
import type { Document } from './schema.ts'

/** What differs between Azure's clouds (azure-facts 14) and between installations of the app. */
export interface Surroundings {
  subscriptionId: string
  /** `azure-api.net` in the public cloud. */
  gatewaySuffix: string
}

/** Every resource of an environment, in an order in which each comes after what it depends on. Pure. */
export function expand(document: Document, surroundings: Surroundings): Resource[] {
  const place: Place = {
    subscriptionId: surroundings.subscriptionId,
    resourceGroup: document.resourceGroup,
    location: document.location,
    tags: document.tags,
  }
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
  const address = managedPublicIp(place, `pip-${document.gateway.apim.name}`)
  const apim = managedApiManagement(place, document.gateway.apim, apimSubnet, address)
  const names = apimHostNames(document.gateway.apim.name, surroundings.gatewaySuffix).flatMap((name) => {
    const zone = managedZone(place, name)
    const record = managedApexRecord(zone, ref(apim, 'properties', 'privateIPAddresses', 0), apim)
    return [zone, managedLink(place, zone, network), record]
  })
  return [
    network,
    apimGroup,
    endpointGroup,
    apimSubnet,
    endpointSubnet,
    ...(agents ? agentSubnets(network, agents) : []),
    address,
    apim,
    ...names,
  ]
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
