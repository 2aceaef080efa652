import { parseRange, type Range } from '../environment/ranges.ts'
import { at, textAt } from '../environment/raw.ts'
import type { Resource } from '../resources/kind.ts'

/** A virtual network as Azure shows it, reduced to what checks ask of it. */

export interface LiveSubnet {
  id: string
  name: string
  ranges: Range[]
  /** Services it is delegated to. */
  delegations: string[]
  /** What holds it from outside: service association links, by what they link to. */
  links: string[]
  /** Ids of what has an address in it. */
  users: string[]
  securityGroupId?: string | undefined
  routeTableId?: string | undefined
}

export const subnetsOf = (network: unknown): LiveSubnet[] =>
  list(network, 'properties.subnets').map((subnet) => ({
    id: textAt(subnet, 'id') ?? '',
    name: textAt(subnet, 'name') ?? '',
    ranges: rangesOf([at(subnet, 'properties.addressPrefix'), ...list(subnet, 'properties.addressPrefixes')]),
    delegations: list(subnet, 'properties.delegations').flatMap(
      (delegation) => textAt(delegation, 'properties.serviceName') ?? [],
    ),
    links: list(subnet, 'properties.serviceAssociationLinks').map(
      (link) => textAt(link, 'properties.link') ?? textAt(link, 'name') ?? 'an unnamed link',
    ),
    users: ['ipConfigurations', 'privateEndpoints'].flatMap((users) =>
      list(subnet, `properties.${users}`).flatMap((user) => textAt(user, 'id') ?? []),
    ),
    securityGroupId: textAt(subnet, 'properties.networkSecurityGroup.id'),
    routeTableId: textAt(subnet, 'properties.routeTable.id'),
  }))

export const addressSpaceOf = (network: unknown): Range[] =>
  rangesOf(list(network, 'properties.addressSpace.addressPrefixes'))

export interface Peering {
  name: string
  state: string
  ranges: Range[]
}

export const peeringsOf = (network: unknown): Peering[] =>
  list(network, 'properties.virtualNetworkPeerings').map((peering) => ({
    name: textAt(peering, 'name') ?? 'an unnamed peering',
    state: textAt(peering, 'properties.peeringState') ?? 'Connected',
    ranges: rangesOf(list(peering, 'properties.remoteAddressSpace.addressPrefixes')),
  }))

/** A subnet the service will write, with the range the document gives it. */
export interface PlannedSubnet {
  resource: Resource
  name: string
  range: Range
}

export const plannedSubnets = (resources: Resource[]): PlannedSubnet[] =>
  resources.flatMap((resource) => {
    const [range] = rangesOf([at(resource.body, 'properties.addressPrefix')])
    return resource.kind === 'subnet' && !resource.existing && range
      ? [{ resource, name: resource.id.split('/').at(-1) ?? '', range }]
      : []
  })

export const list = (value: unknown, path: string): unknown[] => {
  const found = at(value, path)
  return Array.isArray(found) ? found : []
}

/** IPv6 ranges are left out: nothing of ours has one. */
const rangesOf = (texts: unknown[]): Range[] =>
  texts.flatMap((text) => {
    const parsed = typeof text === 'string' ? parseRange('', text) : undefined
    return parsed && 'first' in parsed ? [parsed] : []
  })
