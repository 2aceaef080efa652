import { overlap, type Range, range, within } from '../environment/ranges.ts'
import type { Document } from '../environment/schema.ts'
import type { Resource } from '../resources/kind.ts'
import { type Check, inDocument, type Said } from './check.ts'

/** The document's ranges: what Azure or Foundry would refuse, and what will be too small one day (azure-facts 1.1 to 1.3). */

/** Ranges no virtual network may have: link-local, loopback, multicast, broadcast, the platform's own address. */
const takenByAzure = [
  '169.254.0.0/16',
  '127.0.0.0/8',
  '224.0.0.0/4',
  '255.255.255.255/32',
  '168.63.129.16/32',
].map(range)
export const classA = range('10.0.0.0/8')
const privateRanges = [classA, range('172.16.0.0/12'), range('192.168.0.0/16')]

const reservedPerSubnet = 5
/** Endpoints one may want to add without moving everything. */
const headroom = 8

interface Named {
  path: string
  range: Range
}

/** Every range of the document that is a subnet or the whole network. */
function rangesIn({ network }: Document): Named[] {
  const { vnet, subnets, agents } = network
  return [
    ...('addressSpace' in vnet ? [['network.vnet.addressSpace', vnet.addressSpace] as const] : []),
    ['network.subnets.apim', subnets.apim] as const,
    ['network.subnets.privateEndpoints', subnets.privateEndpoints] as const,
    ...(agents ? [['network.agents.subnet', agents.subnet] as const] : []),
  ].map(([path, text]) => ({ path, range: range(text) }))
}

export const ofRange = (
  document: Document,
  path: string,
  say: (range: Range) => string | undefined,
): Said[] =>
  rangesIn(document)
    .filter((named) => named.path === path)
    .flatMap((named) => say(named.range) ?? [])
    .map((message) => inDocument(path, message))

export const agentsPath = 'network.agents.subnet'
const endpointsPath = 'network.subnets.privateEndpoints'

const endpointCount = (resources: Resource[]): number =>
  resources.filter(({ kind }) => kind === 'private-endpoint').length

const roomIn = ({ first, last }: Range): number => last - first + 1 - reservedPerSubnet

export const rangeRules: Check[] = [
  {
    code: 'NET-001',
    title: 'the subnets lie inside the network and apart from each other',
    why: 'Azure refuses a subnet outside its network or over another one.',
    remedy: 'give each subnet a range of its own inside the network’s address space',
    severity: 'FAIL',
    run: ({ document }) => {
      const { agents, vnet } = document.network
      const space = 'addressSpace' in vnet ? range(vnet.addressSpace) : undefined
      const subnets = rangesIn(document).filter(({ path }) => path !== 'network.vnet.addressSpace')
      const block = agents ? range(agents.block) : undefined
      return subnets.flatMap(({ path, range: own }, index) => [
        ...(space && !within(own, space)
          ? [inDocument(path, `${own.text} is not inside ${space.text}`)]
          : []),
        ...subnets
          .slice(0, index)
          .filter((other) => overlap(own, other.range))
          .map((other) => inDocument(path, `${own.text} overlaps ${other.path} (${other.range.text})`)),
        ...(path === agentsPath && block && !within(own, block)
          ? [inDocument(path, `${own.text} is not inside network.agents.block (${block.text})`)]
          : []),
      ])
    },
  },
  {
    code: 'NET-002',
    title: 'no range is one that Azure keeps for itself',
    why: 'Azure refuses networks over link-local, loopback, multicast and its own platform address.',
    remedy: 'choose a range in 192.168.0.0/16 or 172.16.0.0/13',
    severity: 'FAIL',
    run: ({ document }) =>
      rangesIn(document).flatMap(({ path, range: own }) =>
        takenByAzure
          .filter((taken) => overlap(own, taken))
          .map((taken) => inDocument(path, `${own.text} overlaps ${taken.text}`)),
      ),
  },
  {
    code: 'NET-003',
    title: 'every range is a private one',
    why: 'Addresses of the Internet inside a network hide the real ones from everybody in it.',
    remedy: 'choose ranges in 192.168.0.0/16, 172.16.0.0/12 or 10.0.0.0/8',
    severity: 'WARN',
    run: ({ document }) =>
      rangesIn(document)
        .filter(({ range: own }) => !privateRanges.some((wide) => within(own, wide)))
        .map(({ path, range: own }) => inDocument(path, `${own.text} is not a private range (RFC 1918)`)),
  },
  {
    code: 'NET-004',
    title: 'the subnet of API Management can grow',
    why: 'The subnet of a running service cannot be widened: more units mean a new subnet and up to 45 minutes of change.',
    remedy: 'use a /27 or larger',
    severity: 'WARN',
    run: ({ document }) =>
      ofRange(document, 'network.subnets.apim', ({ prefix }) =>
        prefix > 27 ? `/${prefix} leaves no room for more units` : undefined,
      ),
  },
  {
    code: 'NET-005',
    title: 'the private endpoints fit into their subnet',
    why: 'Every endpoint takes an address, and Azure keeps five: the last endpoints would be refused.',
    remedy: 'use a larger range',
    severity: 'FAIL',
    run: ({ document, resources }) =>
      ofRange(document, endpointsPath, (own) =>
        endpointCount(resources) > roomIn(own)
          ? `${own.text} has room for ${roomIn(own)} endpoints, the document needs ${endpointCount(resources)}`
          : undefined,
      ),
  },
  {
    code: 'NET-006',
    title: 'the subnet of the private endpoints has room for more',
    why: 'A subnet in use cannot be widened in place: another account or data service would not fit.',
    remedy: 'use a /26',
    severity: 'WARN',
    run: ({ document, resources }) =>
      ofRange(document, endpointsPath, (own) => {
        const left = roomIn(own) - endpointCount(resources)
        return left >= 0 && left < headroom ? `leaves room for ${left} more endpoints` : undefined
      }),
  },
]
