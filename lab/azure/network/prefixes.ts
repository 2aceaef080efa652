import ipaddr from 'ipaddr.js'
import { type Block, numberOf } from '../providers/network/addresses.ts'
import { blocksOfTag } from './public-addresses.ts'

/** Azure's own address inside every network: its DNS, and the source of load balancers' probes. */
const PLATFORM = numberOf('168.63.129.16')

const EVERYTHING: Block[] = [{ first: 0, last: 2 ** 32 - 1 }]
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].map((text) => parsed(text))

export const inside = (blocks: Block[], address: number) =>
  blocks.some(({ first, last }) => address >= first && address <= last)

/** Ranges that belong to networks: nothing on the internet has such an address. */
export const isPrivate = (address: number) => inside(PRIVATE, address)

export const isAddressV4 = (text: string) => ipaddr.IPv4.isValidFourPartDecimal(text)

/** Whether a rule's address (`*`, a prefix, an address, a service tag) speaks of that address, seen from a network with that space. */
export function covers(text: string, address: number, space: Block[]): boolean {
  switch (text.toLowerCase()) {
    case 'virtualnetwork':
      return inside(space, address)
    case 'internet':
      return !inside(space, address) && !isPrivate(address) && address !== PLATFORM
    case 'azureloadbalancer':
      return address === PLATFORM
    default:
      return inside(blocksOfText(text), address)
  }
}

const known = new Map<string, Block[]>()

/** What a prefix or tag stands for, wherever one stands. IPv6 and tags without addresses here: nothing. */
export function blocksOfText(text: string): Block[] {
  let blocks = known.get(text)
  if (!blocks) {
    blocks = text === '*' ? EVERYTHING : /^[\d.]+(\/\d+)?$/.test(text) ? [parsed(text)] : blocksOfTag(text)
    known.set(text, blocks)
  }
  return blocks
}

function parsed(text: string): Block {
  const [address = '', bits = '32'] = text.split('/')
  const size = 2 ** (32 - Number(bits))
  const first = Math.floor(numberOf(address) / size) * size
  return { first, last: first + size - 1 }
}
