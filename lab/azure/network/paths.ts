import type { Azure } from '../arm/azure.ts'
import { parentOf } from '../arm/ids.ts'
import type { Resource } from '../arm/kind.ts'
import type { Unreached } from '../data/call.ts'
import {
  addressOf,
  addressSpaceOf,
  blocksOf,
  numberOf,
  RESERVED_FIRST,
} from '../providers/network/addresses.ts'
import type { Inhabitant, Inhabitants } from './inhabitants.ts'
import { inside, isPrivate } from './prefixes.ts'
import { lostOnTheWay } from './routes.ts'
import { deniedBy } from './security.ts'

/** A subnet and the network it is in. */
export type Place = { subnet: Resource; network: Resource }

const LISTENS = 443
/** Whoever comes from outside: no tag but Internet holds it. */
const SOMEWHERE = '192.0.2.1'

/**
 * Whether a connection from a place to an address and port comes about: the routes and rules of where it starts, the rules of where it
 * ends, and somebody there. Who it was that decided is in `because`.
 */
export function follow(
  from: Place | 'internet',
  address: string,
  port: number,
  known: Inhabitants,
  azure: Azure,
): { reached: Inhabitant[] } | Unreached {
  const candidates = inhabitantsAt(from, address, known)
  const [first] = candidates
  const why = from === 'internet' ? lostOutside(address) : stoppedLeaving(from, address, port, first, azure)
  if (why) return timedOut(why)
  const open = candidates.filter((one) => !stoppedEntering(from, address, port, one, azure))
  const [heard] = open
  if (first && !heard) return timedOut(stoppedEntering(from, address, port, first, azure) ?? '')
  if (!heard) return timedOut(`nobody has the address ${address}`)
  if (heard.deaf) return timedOut(heard.deaf)
  if (port !== LISTENS)
    return { unreached: 'ECONNREFUSED', because: `nothing listens on port ${port} of ${address}` }
  return { reached: open }
}

const timedOut = (because: string): Unreached => ({ unreached: 'ETIMEDOUT', because })

function inhabitantsAt(from: Place | 'internet', address: string, known: Inhabitants): Inhabitant[] {
  const within = from === 'internet' ? undefined : known.inNetwork(from.network.id, address)
  return within ? [within] : known.onInternet(address)
}

const lostOutside = (address: string) =>
  isPrivate(numberOf(address)) ? `${address} is a private address: the internet has no way there` : undefined

function stoppedLeaving(
  from: Place,
  destination: string,
  port: number,
  inhabitant: Inhabitant | undefined,
  azure: Azure,
): string | undefined {
  const { subnet, network } = from
  const space = addressSpaceOf(network)
  return (
    deniedBy(subnet, { direction: 'Outbound', source: firstOf(subnet), destination, port, space }, azure) ??
    lostOnTheWay(subnet, network, destination, inhabitant, azure)
  )
}

/** Rules are asked where it ends, too; in front of a private endpoint only where its subnet says so (azure-facts 1.3). */
function stoppedEntering(
  from: Place | 'internet',
  destination: string,
  port: number,
  { subnetId, arrival }: Inhabitant,
  azure: Azure,
): string | undefined {
  const subnet = subnetId ? azure.find(subnetId) : undefined
  const network = subnet && azure.find(parentOf(subnet.id))
  if (!subnet || !network) return undefined
  const policies = String(subnet.properties['privateEndpointNetworkPolicies'])
  if (arrival.by === 'private-endpoint' && !['Enabled', 'NetworkSecurityGroupEnabled'].includes(policies))
    return undefined
  const space = addressSpaceOf(network)
  const isLocal = inside(space, numberOf(destination))
  const source = from === 'internet' || !isLocal ? SOMEWHERE : firstOf(from.subnet)
  // A gateway's rules speak of its private side: behind the balancer a packet bears an address of the subnet.
  const to = isLocal ? destination : firstOf(subnet)
  return deniedBy(subnet, { direction: 'Inbound', source, destination: to, port, space }, azure)
}

/** Whoever calls from a subnet has its first address. */
function firstOf(subnet: Resource): string {
  const [block] = blocksOf(subnet)
  return addressOf((block?.first ?? 0) + RESERVED_FIRST)
}
