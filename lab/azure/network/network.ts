import { isIPv6 } from 'node:net'
import type { Azure } from '../arm/azure.ts'
import { keyOf, nameOf, parentOf } from '../arm/ids.ts'
import type { Arrival, Unreached, Vantage } from '../data/call.ts'
import { HOME } from '../worlds/world.ts'
import { type Inhabitants, inhabitants } from './inhabitants.ts'
import { type Resolution, resolve } from './names.ts'
import { follow, type Place } from './paths.ts'
import { isAddressV4 } from './prefixes.ts'

/** What stands at the other end of a connection that came about. */
export type Destination = {
  address: string
  /** More than one where Azure's fronts share an address: each with its way in and the names it has certificates for. */
  fronts: { arrival: Arrival; names: string[] }[]
}

export type Network = {
  /** From a vantage to a name or address and a port. */
  dial(from: Vantage, host: string, port: number): Destination | Unreached
  /** As a virtual network's DNS answers, or the internet's. */
  resolve(name: string, networkId: string | 'internet'): Resolution
  /** A subnet by its name or id, `internet`, or nothing: where the app stands. Undefined when there is no such subnet. */
  vantage(named?: string): Vantage | undefined
  /** The address a name has from there; an address is its own. */
  addressOf(from: Vantage, host: string): string | undefined
  /** The resource whose public name it is. */
  ownerOf(host: string): string | undefined
  /** Whose DNS a vantage asks. */
  networkOf(vantage: Vantage): string | 'internet'
}

const SUBNETS = 'Microsoft.Network/virtualNetworks/subnets'
const MOST_REMEMBERED = 10_000

/** The private network as it follows from the resources of this moment; remembered until one of them changes. */
export function createNetwork(azure: Azure): Network {
  const { resources } = azure.world
  let revision = -1
  let known: Inhabitants | undefined
  const dialled = new Map<string, Destination | Unreached>()
  const resolved = new Map<string, Resolution>()

  const refresh = (): Inhabitants => {
    if (!known || revision !== resources.revision) {
      revision = resources.revision
      known = inhabitants(azure)
      dialled.clear()
      resolved.clear()
    }
    if (dialled.size + resolved.size > MOST_REMEMBERED) {
      dialled.clear()
      resolved.clear()
    }
    return known
  }

  const resolveName = (name: string, networkId: string): Resolution => {
    const { names } = refresh()
    return remembered(resolved, `${networkId} ${name}`, () => resolve(name, networkId, names, azure))
  }

  const placeOf = (from: Vantage): Place | 'internet' | undefined => {
    if (from === 'internet') return from
    const subnet = azure.find(from.subnetId)
    const network = subnet && azure.find(parentOf(subnet.id))
    return network && { subnet, network }
  }

  const connect = (from: Vantage, host: string, port: number): Destination | Unreached => {
    const place = placeOf(from)
    if (!place) return { unreached: 'ETIMEDOUT', because: `there is no subnet ${JSON.stringify(from)}` }
    if (isIPv6(host)) return { unreached: 'ETIMEDOUT', because: 'there is no IPv6 in this network' }
    const address = isAddressV4(host) ? host : addressOf(host, place)
    if (typeof address !== 'string') return address
    const end = follow(place, address, port, refresh(), azure)
    if (!('reached' in end)) return end
    return { address, fronts: end.reached.map(({ arrival, names }) => ({ arrival, names })) }
  }

  const addressOf = (host: string, place: Place | 'internet'): string | Unreached => {
    const { answers, because } = resolveName(host, place === 'internet' ? place : place.network.id)
    const record = answers.find(({ type }) => type === 'A')
    return record?.data ?? { unreached: 'ENOTFOUND', because }
  }

  return {
    dial: (from, host, port) => {
      refresh()
      const where = from === 'internet' ? from : from.subnetId
      return remembered(dialled, `${where} ${host} ${port}`, () => connect(from, host.toLowerCase(), port))
    },
    resolve: resolveName,
    addressOf: (from, host) => {
      if (isAddressV4(host)) return host
      const { answers } = resolveName(host, networkOf(from))
      return answers.find(({ type }) => type === 'A')?.data
    },
    ownerOf: (host) => refresh().names.get(host)?.resourceId,
    vantage: (named) => {
      if (named === 'internet') return named
      const subnets = azure.all(SUBNETS)
      const wanted = keyOf(named ?? HOME.opsSubnet)
      const found = subnets.find(({ id }) => keyOf(id) === wanted || keyOf(nameOf(id)) === wanted)
      if (found) return { subnetId: found.id }
      // A world without the app's home: it stands outside.
      return named === undefined ? 'internet' : undefined
    },
    networkOf,
  }
}

const networkOf = (from: Vantage): string | 'internet' =>
  from === 'internet' ? from : parentOf(from.subnetId)

function remembered<T>(memory: Map<string, T>, key: string, work: () => T): T {
  const before = memory.get(key)
  if (before !== undefined) return before
  const value = work()
  memory.set(key, value)
  return value
}
