import { overlap, within } from '../environment/ranges.ts'
import { textAt } from '../environment/raw.ts'
import { shortLocation } from '../resources/kind.ts'
import { type Check, inWorld, type Said, type Subject } from './check.ts'
import { told } from './facts.ts'
import { addressSpaceOf, list, peeringsOf, plannedSubnets, subnetsOf } from './live-network.ts'
import { ask, networkName } from './questions.ts'
import { isSameName, listText, plural } from './words.ts'

/** The virtual network as it stands, against the subnets the document wants in it. */

const networkKey = (it: Subject) => `virtual-network/${networkName(it.document)}`

/** Speaks of the network where it is there; its absence is VNT-001's to tell. */
export const inNetwork = (it: Subject, say: (network: unknown) => Said[]): Said[] =>
  told(it.facts, ask.network(it), (network) => (network ? say(network) : []))

export const networkRules: Check[] = [
  {
    code: 'VNT-001',
    title: 'the existing virtual network is there',
    why: 'The network is the home’s; the service adds subnets to it and does not make it.',
    remedy: 'deploy infra first, or correct network.vnet.existing',
    severity: 'FAIL',
    run: (it) =>
      'existing' in it.document.network.vnet
        ? told(it.facts, ask.network(it), (network) =>
            network ? [] : [inWorld(networkKey(it), `is not in ${it.document.resourceGroup}`)],
          )
        : [],
  },
  {
    code: 'VNT-002',
    title: 'the virtual network is in the document’s location',
    why: 'What joins a subnet is in the network’s region: API Management and the agents would be refused.',
    remedy: 'set location to the network’s region, or use another network',
    severity: 'FAIL',
    run: (it) =>
      inNetwork(it, (network) => {
        const location = shortLocation(textAt(network, 'location') ?? it.document.location)
        return location === it.document.location
          ? []
          : [inWorld(networkKey(it), `is in ${location}, the document says ${it.document.location}`)]
      }),
  },
  {
    code: 'VNT-003',
    title: 'the subnets lie inside the network’s address space',
    why: 'Azure refuses a subnet outside its network (NetcfgSubnetRangeOutsideVnet).',
    remedy: 'choose ranges inside the address space, or add one to the network',
    severity: 'FAIL',
    run: (it) =>
      inNetwork(it, (network) => {
        const space = addressSpaceOf(network)
        return plannedSubnets(it.resources)
          .filter(({ range }) => !space.some((block) => within(range, block)))
          .map(({ resource, range }) =>
            inWorld(
              resource.key,
              `${range.text} is not inside ${listText(space.map(({ text }) => text)) || 'any range of the network'}`,
            ),
          )
      }),
  },
  {
    code: 'VNT-004',
    title: 'the subnets overlap nobody else’s',
    why: 'Azure refuses a subnet over another one (NetcfgSubnetRangesOverlap).',
    remedy: 'choose a free range, or have the other subnet moved',
    severity: 'FAIL',
    run: (it) =>
      inNetwork(it, (network) => {
        const planned = plannedSubnets(it.resources)
        const others = subnetsOf(network).filter(
          ({ name }) => !planned.some((own) => isSameName(own.name, name)),
        )
        return planned.flatMap(({ resource, range }) =>
          others.flatMap((other) =>
            other.ranges
              .filter((taken) => overlap(range, taken))
              .map((taken) => inWorld(resource.key, `${range.text} overlaps ${other.name} (${taken.text})`)),
          ),
        )
      }),
  },
  {
    code: 'VNT-005',
    title: 'no subnet in use is to get another range',
    why: 'Azure refuses to move a subnet that something has an address in (InUsePrefixCannotBeDeleted).',
    remedy: 'write the range it has, or move what is in it first',
    severity: 'FAIL',
    run: (it) =>
      inNetwork(it, (network) => {
        const live = subnetsOf(network)
        return plannedSubnets(it.resources).flatMap(({ resource, name, range }) => {
          const found = live.find((subnet) => isSameName(subnet.name, name))
          const users = (found?.users.length ?? 0) + (found?.links.length ?? 0)
          return found && users > 0 && !found.ranges.some(({ text }) => text === range.text)
            ? [
                inWorld(
                  resource.key,
                  `is ${listText(found.ranges.map(({ text }) => text))} and has ${plural(users, 'user')}, the document says ${range.text}`,
                ),
              ]
            : []
        })
      }),
  },
  {
    code: 'VNT-006',
    title: 'no peered network has the same addresses',
    why: 'Addresses that are in a peered network too are reached on one side only.',
    remedy: 'choose ranges that no peered network has',
    severity: 'WARN',
    run: (it) =>
      inNetwork(it, (network) =>
        plannedSubnets(it.resources).flatMap(({ resource, range }) =>
          peeringsOf(network).flatMap((peering) =>
            peering.ranges
              .filter((remote) => overlap(range, remote))
              .map((remote) =>
                inWorld(resource.key, `${range.text} overlaps ${remote.text} of peering ${peering.name}`),
              ),
          ),
        ),
      ),
  },
  {
    code: 'VNT-007',
    title: 'every peering is connected',
    why: 'Over a peering that is not connected on both sides nobody reaches the gateway, and nobody is told why.',
    remedy: 'make the peering on the other side, or delete it here',
    severity: 'WARN',
    run: (it) =>
      inNetwork(it, (network) =>
        peeringsOf(network)
          .filter(({ state }) => !isSameName(state, 'Connected'))
          .map(({ name, state }) => inWorld(networkKey(it), `its peering ${name} is ${state}`)),
      ),
  },
  {
    code: 'VNT-008',
    title: 'the network asks Azure’s DNS',
    why: 'A DNS server of one’s own does not know the private zones, unless it forwards to 168.63.129.16.',
    remedy: 'have the server forward the private zones to 168.63.129.16 from inside the network',
    severity: 'WARN',
    run: (it) =>
      inNetwork(it, (network) => {
        const servers = list(network, 'properties.dhcpOptions.dnsServers').map(String)
        return servers.length > 0 && !servers.includes('168.63.129.16')
          ? [inWorld(networkKey(it), `asks ${listText(servers)}`)]
          : []
      }),
  },
]
