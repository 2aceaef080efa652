import { createHash } from 'node:crypto'
import { addressOf, type Block, numberOf } from '../providers/network/addresses.ts'
import { REGIONS, regionCode } from '../regions.ts'

/**
 * The public addresses of the simulated Azure: 240.{service tag}.{region}.0/24, from the space reserved for nobody. Azure publishes
 * the ranges behind its service tags; here they follow from the name, so that a tag, with or without a region, is a prefix.
 */
const TAGS = [
  'AzureResourceManager',
  'AzureActiveDirectory',
  'AzureMonitor',
  'Storage',
  'CognitiveServicesManagement',
  'AzureCosmosDB',
  'AzureKeyVault',
  'EventHub',
  // The data plane of Search has a range and no tag of its own: only AzureCloud and Internet hold it.
  'Search',
] as const

export type PublicTag = (typeof TAGS)[number]

const TAGLESS: PublicTag[] = ['Search']

/** Where providers put the addresses they hand out (public IP addresses; API Management without one). */
const HANDED_OUT = ['198.18.0.0/15', '203.0.0.0/16']

const REGION_CODES = Object.keys(REGIONS)

const block = (first: number, bits: number): Block => ({ first, last: first + 2 ** (32 - bits) - 1 })
const startOf = (tag: PublicTag) => numberOf(`240.${TAGS.indexOf(tag) + 1}.0.0`)

/** 0 stands for what has no region. */
const regionNumber = (location: string | undefined) => REGION_CODES.indexOf(regionCode(location ?? '')) + 1

/** A front serves many resources: two of them may well share an address. */
export function publicAddress(tag: PublicTag, location: string | undefined, name: string): string {
  const drawn = createHash('sha256').update(name).digest().readUInt8() || 1
  return addressOf(startOf(tag) + regionNumber(location) * 256 + Math.min(drawn, 254))
}

/** The public addresses a service tag stands for, regional forms (`Storage.EastUS`) too; none for one that no service here has. */
export function blocksOfTag(text: string): Block[] {
  const [name = '', region] = text.toLowerCase().split('.')
  if (name === 'azurecloud')
    return [block(numberOf('240.0.0.0'), 8), ...HANDED_OUT.map((prefix) => cidr(prefix))]
  const tag = TAGS.find((known) => known.toLowerCase() === name)
  if (!tag || TAGLESS.includes(tag)) return []
  if (!region) return [block(startOf(tag), 16)]
  return regionNumber(region) > 0 ? [block(startOf(tag) + regionNumber(region) * 256, 24)] : []
}

function cidr(prefix: string): Block {
  const [address = '', bits] = prefix.split('/')
  return block(numberOf(address), Number(bits))
}
