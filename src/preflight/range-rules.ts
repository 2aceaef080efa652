import { overlap, type Range, range, within } from '../environment/ranges.ts'
import type { Document } from '../environment/schema.ts'
import type { Resource } from '../resources/kind.ts'
import { type Check, inDocument, type Said } from './check.ts'

/** The document's ranges: what Azure or Foundry would refuse, and what will be too small one day (azure-facts 1.1 to 1.3). */

/** Ranges that Foundry's agents cannot have. */
const takenByFoundry = [
  '169.254.0.0/16',
  '172.30.0.0/16',
  '172.31.0.0/16',
  '192.0.2.0/24',
  '0.0.0.0/8',
  '127.0.0.0/8',
  '100.100.0.0/17',
  '100.100.192.0/19',
  '100.100.224.0/19',
  '100.64.0.0/11',
].map(range)
/** Ranges no virtual network may have: link-local, loopback, multicast, broadcast, the platform's own address. */
const takenByAzure = [
  '169.254.0.0/16',
  '127.0.0.0/8',
  '224.0.0.0/4',
  '255.255.255.255/32',
  '168.63.129.16/32',
].map(range)
const classA = range('10.0.0.0/8')
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

const of = (document: Document, path: string, say: (range: Range) => string | undefined): Said[] =>
  rangesIn(document)
    .filter((named) => named.path === path)
    .flatMap((named) => say(named.range) ?? [])
    .map((message) => inDocument(path, message))

const agentsPath = 'network.agents.subnet'
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
      of(document, 'network.subnets.apim', ({ prefix }) =>
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
      of(document, endpointsPath, (own) =>
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
      of(document, endpointsPath, (own) => {
        const left = roomIn(own) - endpointCount(resources)
        return left >= 0 && left < headroom ? `leaves room for ${left} more endpoints` : undefined
      }),
  },
  {
    code: 'NET-007',
    title: 'the agents’ range is one that Foundry takes',
    why: 'Foundry refuses these ranges for agents, some only after minutes: its own network uses them.',
    remedy: 'choose a range in 192.168.0.0/16 or 172.16.0.0/13',
    severity: 'FAIL',
    run: ({ document }) =>
      of(document, agentsPath, (own) => {
        const taken = takenByFoundry.find((other) => overlap(own, other))
        if (taken) return `${own.text} overlaps ${taken.text}, which Foundry uses itself`
        return privateRanges.some((wide) => within(own, wide))
          ? undefined
          : `${own.text} is not a private range: Foundry takes no other`
      }),
  },
  {
    code: 'NET-008',
    title: 'the agents’ range works in every region',
    why: 'Ranges in 10.0.0.0/8 are taken for agents in some regions only.',
    remedy: 'choose a range in 192.168.0.0/16 or 172.16.0.0/13, or make sure that the region takes it',
    severity: 'WARN',
    run: ({ document }) =>
      of(document, agentsPath, (own) =>
        within(own, classA) ? `${own.text} is in 10.0.0.0/8, which not every region takes` : undefined,
      ),
  },
  {
    code: 'NET-009',
    title: 'the agents’ subnet is of the size Foundry recommends',
    why: 'Agents take an address for every ten sessions or so; at 80 % their data proxy begins to answer with 5xx.',
    remedy: 'use a /24',
    severity: 'WARN',
    run: ({ document }) =>
      of(document, agentsPath, ({ prefix }) => (prefix > 24 ? `/${prefix} is smaller than /24` : undefined)),
  },
  {
    code: 'NET-010',
    title: 'the agents’ block has room for the app beside the agents',
    why: 'The agents’ subnet takes one owner: the app needs one of its own in the same block.',
    remedy: 'widen the block, or make the agents’ subnet half of it',
    severity: 'FAIL',
    run: ({ document: { network } }) =>
      network.agents && range(network.agents.block).prefix === range(network.agents.subnet).prefix
        ? [inDocument('network.agents.block', 'is taken by the agents’ subnet whole')]
        : [],
  },
]
