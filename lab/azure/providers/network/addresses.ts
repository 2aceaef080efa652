import ipaddr from 'ipaddr.js'
import { badRequest } from '../../arm/errors.ts'
import { nameOf } from '../../arm/ids.ts'
import type { Resource } from '../../arm/kind.ts'

/** An IPv4 prefix as numbers. */
export type Block = { first: number; last: number }

function blockOf(prefix: string, owner: string): Block {
  if (!/^\d+(\.\d+){3}\/\d+$/.test(prefix) || !ipaddr.IPv4.isValidCIDR(prefix))
    throw badRequest(
      'InvalidAddressPrefixFormat',
      `Address prefix ${prefix} of resource ${owner} is not formatted correctly. It should follow CIDR notation, for example 10.0.0.0/24.`,
    )
  const network = ipaddr.IPv4.networkAddressFromCIDR(prefix).toString()
  const [address, length] = prefix.split('/')
  if (network !== address)
    throw badRequest(
      'InvalidCIDRNotation',
      `The address prefix ${prefix} in resource ${owner} has an invalid CIDR notation. For the given prefix length, the address prefix should be ${network}/${length}.`,
    )
  const first = numberOf(network)
  return { first, last: first + 2 ** (32 - Number(length)) - 1 }
}

export function blocksOf({ id, properties }: Resource): Block[] {
  const { addressPrefix, addressPrefixes } = properties as {
    addressPrefix?: string
    addressPrefixes?: string[]
  }
  return (addressPrefixes ?? (addressPrefix ? [addressPrefix] : [])).map((prefix) => blockOf(prefix, id))
}

export const addressSpaceOf = ({ id, properties }: Resource): Block[] => {
  const { addressSpace } = properties as { addressSpace?: { addressPrefixes?: string[] } }
  return (addressSpace?.addressPrefixes ?? []).map((prefix) => blockOf(prefix, id))
}

const within = (inner: Block, outer: Block) => inner.first >= outer.first && inner.last <= outer.last
export const overlap = (one: Block, other: Block) => one.first <= other.last && other.first <= one.last
export const sizeOf = ({ first, last }: Block) => last - first + 1

/** A subnet lies inside its network's space and apart from its siblings. */
export function checkPlace(subnet: Resource, network: Resource, siblings: Resource[]): void {
  const space = addressSpaceOf(network)
  const taken = siblings.flatMap(blocksOf)
  for (const block of blocksOf(subnet)) {
    if (!space.some((outer) => within(block, outer)))
      throw badRequest(
        'NetcfgSubnetRangeOutsideVnet',
        `Subnet '${nameOf(subnet.id)}' is not valid because its IP address range is outside the IP address range of virtual network '${nameOf(network.id)}'.`,
      )
    if (taken.some((other) => overlap(block, other)))
      throw badRequest(
        'NetcfgSubnetRangesOverlap',
        `Subnet '${nameOf(subnet.id)}' is not valid because its IP address range overlaps with that of an existing subnet in virtual network '${nameOf(network.id)}'.`,
      )
  }
}

/** Azure keeps the first four addresses of a subnet and the last one. */
export const RESERVED_FIRST = 4
export const RESERVED = 5

export const numberOf = (address: string) =>
  address.split('.').reduce((value, part) => value * 256 + Number(part), 0)

export const addressOf = (value: number) =>
  [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.')
