import type { Azure } from '../arm/azure.ts'
import { keyOf, parentOf } from '../arm/ids.ts'
import type { Resource } from '../arm/kind.ts'
import type { Arrival } from '../data/call.ts'
import { type Held, networkInterfaces } from '../providers/network/private-endpoints-interfaces.ts'
import { connectionOf, type Endpoint } from '../providers/network/private-endpoints-shape.ts'
import { GATEWAYS, gatewayHosts, isConnected, type PublicName, publicNames } from './public-names.ts'

/** Who stands at an address, and for which names it has certificates. */
export type Inhabitant = {
  names: string[]
  arrival: Arrival
  /** The subnet it stands in; Azure's own fronts stand in none. */
  subnetId?: string
  /** Why it does not answer although it is there. */
  deaf?: string
}

/** All addresses of one moment. Address spaces of networks may overlap, so inside ones are told apart by network. */
export type Inhabitants = {
  names: Map<string, PublicName>
  onInternet(address: string): Inhabitant[]
  inNetwork(networkId: string, address: string): Inhabitant | undefined
}

export function inhabitants(azure: Azure): Inhabitants {
  const names = publicNames(azure)
  const outside = new Map<string, Inhabitant[]>()
  for (const [address, named] of Map.groupBy(names, ({ address }) => address))
    outside.set(address, [...frontsAt(named, azure)])
  const within = new Map<string, Inhabitant>()
  for (const [address, inhabitant] of [...endpointsOf(azure), ...gatewaysOf(azure)])
    within.set(keyIn(parentOf(inhabitant.subnetId), address), inhabitant)
  return {
    names: new Map(names.map((named) => [named.name, named])),
    onInternet: (address) => outside.get(address) ?? [],
    inNetwork: (networkId, address) => within.get(keyIn(networkId, address)),
  }
}

const keyIn = (networkId: string, address: string) => `${keyOf(networkId)} ${address}`

type Inside = Inhabitant & { subnetId: string }

function* frontsAt(named: PublicName[], azure: Azure): Iterable<Inhabitant> {
  for (const [id, own] of Map.groupBy(named, ({ resourceId }) => resourceId)) {
    const gateway = id ? azure.find(id) : undefined
    const subnetId = gateway && keyOf(gateway.type) === keyOf(GATEWAYS) ? subnetOf(gateway) : undefined
    yield {
      names: own.filter(({ isAlias }) => !isAlias).map(({ name }) => name),
      arrival: { by: 'internet' },
      ...(subnetId ? { subnetId } : {}),
    }
  }
}

/** Each of an endpoint's addresses answers for all of its names. */
const endpointsOf = (azure: Azure): [string, Inside][] =>
  azure.all(networkInterfaces.type).flatMap(({ hidden }): [string, Inside][] => {
    const { endpoint: endpointId, subnet: subnetId, held } = hidden as unknown as Interface
    const endpoint = azure.find(endpointId) as Resource<Endpoint> | undefined
    if (!endpoint) return []
    const targetId = connectionOf(endpoint).target
    const isUp = isConnected(endpoint as unknown as Resource, azure.find(targetId))
    const inhabitant: Inside = {
      names: held.map(({ fqdn }) => fqdn.toLowerCase()),
      arrival: { by: 'private-endpoint', endpointId: endpoint.id, targetId },
      subnetId,
      ...(isUp ? {} : { deaf: `the connection of ${endpoint.id} to ${targetId} is not approved, or gone` }),
    }
    return held.map(({ address }) => [address, inhabitant])
  })

type Interface = { endpoint: string; subnet: string; held: Held[] }

const gatewaysOf = (azure: Azure): [string, Inside][] =>
  azure.all(GATEWAYS).flatMap((gateway): [string, Inside][] => {
    const subnetId = subnetOf(gateway)
    if (gateway.properties['virtualNetworkType'] !== 'Internal' || !subnetId || gateway.settledAt === null)
      return []
    const arrival: Arrival = { by: 'virtual-network', serviceId: gateway.id }
    const addresses = (gateway.assigned['privateIPAddresses'] ?? []) as string[]
    return addresses.map((address) => [address, { names: gatewayHosts(gateway), arrival, subnetId }])
  })

/** Where it is, not where it wants to be: an update that moves it takes its time. */
const subnetOf = ({ hidden }: Resource) => hidden?.['subnetId'] as string | undefined
