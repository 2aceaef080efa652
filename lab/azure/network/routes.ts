import type { Azure } from '../arm/azure.ts'
import { nameOf } from '../arm/ids.ts'
import type { Resource } from '../arm/kind.ts'
import { addressSpaceOf, type Block, numberOf, sizeOf } from '../providers/network/addresses.ts'
import type { Inhabitant } from './inhabitants.ts'
import { blocksOfText, inside, isPrivate } from './prefixes.ts'

/** The way a packet takes out of a subnet: the longest prefix wins, and of equals the table's (azure-facts 1.3, 1.6). */
type Candidate = { block: Block; hop: string; name: string; isOwn: boolean }

/** undefined: it goes where it should; else why it does not. */
export function lostOnTheWay(
  subnet: Resource,
  network: Resource,
  address: string,
  inhabitant: Inhabitant | undefined,
  azure: Azure,
): string | undefined {
  const target = numberOf(address)
  const space = addressSpaceOf(network)
  const own = tableOf(subnet, azure)
  const isEndpoint = inhabitant?.arrival.by === 'private-endpoint'
  const isLocal = inside(space, target)
  const system: Candidate[] = [
    ...space.map((block) => ({ block, hop: 'VnetLocal', name: 'the route of the network', isOwn: false })),
    isPrivate(target)
      ? { block: EVERYWHERE, hop: 'None', name: 'the system route for private addresses', isOwn: false }
      : { block: EVERYWHERE, hop: 'Internet', name: 'the default route', isOwn: false },
  ]
  const candidates = [...own, ...system].filter(({ block }) => inside([block], target))
  // The implicit /32 of an endpoint gives way to the table only where its subnet says so, and then only to routes at
  // least as specific as the network's own.
  if (isEndpoint && !heedsRoutes(inhabitant, azure)) return undefined
  const networkSize = Math.max(...space.filter((block) => inside([block], target)).map(sizeOf), 0)
  const open = isEndpoint ? candidates.filter(({ block }) => sizeOf(block) <= networkSize) : candidates
  const [route] = open.sort(
    (one, other) => sizeOf(one.block) - sizeOf(other.block) || Number(other.isOwn) - Number(one.isOwn),
  )
  if (!route) return `no route from ${nameOf(subnet.id)} leads to ${address}`
  const arrives = route.hop === (isLocal ? 'VnetLocal' : 'Internet')
  return arrives ? undefined : `${route.name} leads ${address} to ${HOPS[route.hop] ?? route.hop}`
}

const EVERYWHERE: Block = { first: 0, last: 2 ** 32 - 1 }

const HOPS: Record<string, string> = {
  None: 'nowhere (next hop None)',
  VirtualAppliance: 'a virtual appliance, and none is there',
  VirtualNetworkGateway: 'a gateway, and none is there',
  Internet: 'the internet, where it is not',
  VnetLocal: 'the network, where it is not',
}

function tableOf(subnet: Resource, azure: Azure): Candidate[] {
  const pointer = subnet.properties['routeTable'] as { id: string } | undefined
  if (!pointer) return []
  return azure.children(pointer.id, 'Microsoft.Network/routeTables/routes').flatMap((route) => {
    const { addressPrefix, nextHopType } = route.properties as { addressPrefix: string; nextHopType: string }
    const name = `route ${nameOf(route.id)} of ${nameOf(pointer.id)}`
    return blocksOfText(addressPrefix).map((block) => ({ block, hop: nextHopType, name, isOwn: true }))
  })
}

const heedsRoutes = ({ subnetId }: Inhabitant, azure: Azure) =>
  ['Enabled', 'RouteTableEnabled'].includes(
    String(azure.find(subnetId ?? '')?.properties['privateEndpointNetworkPolicies']),
  )
