import { z } from 'zod'
import type { Azure } from '../../arm/azure.ts'
import { badRequest } from '../../arm/errors.ts'
import { groupIdOf, keyOf, nameOf, sameId } from '../../arm/ids.ts'
import { defineKind, type Kind, type PrivateName, type Resource } from '../../arm/kind.ts'
import { addressOf, blocksOf, RESERVED_FIRST } from './addresses.ts'
import { COMMON } from './common.ts'
import type { Endpoint } from './private-endpoints-shape.ts'

/** One address of a private endpoint and the name it stands for. */
export type Held = PrivateName & { address: string }

type Inside = { endpoint: string; subnet: string; groupId: string; held: Held[] }
const insideOf = ({ hidden }: Resource) => hidden as Inside

/** Interfaces of private endpoints, the only ones there are: they come and go with their endpoint. */
export const networkInterfaces: Kind = defineKind({
  ...COMMON,
  type: 'Microsoft.Network/networkInterfaces',
  methods: ['DELETE'],
  shape: z.looseObject({}),
  readOnly: [],
  references: (resource) =>
    configurationsOf(resource).map(({ id }) => ({
      to: insideOf(resource).subnet,
      as: 'ipConfigurations',
      by: id,
    })),
  blocked: (resource, azure) => {
    const { endpoint } = insideOf(resource)
    return azure.find(endpoint)
      ? badRequest(
          'NicInUseWithPrivateEndpoint',
          `Network interface ${resource.id} cannot be deleted because it is currently in use with an private endpoint (${endpoint}).`,
        )
      : undefined
  },
  shown: (resource) => ({
    properties: {
      privateEndpoint: { id: insideOf(resource).endpoint },
      ipConfigurations: configurationsOf(resource),
      dnsSettings: { dnsServers: [], appliedDnsServers: [] },
      enableAcceleratedNetworking: false,
      enableIPForwarding: false,
      macAddress: '',
      nicType: 'Standard',
    },
  }),
})

const configurationsOf = (resource: Resource) =>
  insideOf(resource).held.map(({ member, fqdn, address }, index) => {
    const name = `privateEndpointIpConfig.${member}`
    return {
      name,
      id: `${resource.id}/ipConfigurations/${name}`,
      type: 'Microsoft.Network/networkInterfaces/ipConfigurations',
      properties: {
        provisioningState: 'Succeeded',
        privateIPAddress: address,
        privateIPAllocationMethod: 'Dynamic',
        privateIPAddressVersion: 'IPv4',
        subnet: { id: insideOf(resource).subnet },
        primary: index === 0,
        privateLinkConnectionProperties: {
          groupId: insideOf(resource).groupId,
          requiredMemberName: member,
          fqdns: [fqdn],
        },
      },
    }
  })

export const interfaceIdOf = ({ id, properties, assigned }: Resource<Endpoint>) =>
  `${groupIdOf(id)}/providers/Microsoft.Network/networkInterfaces/${
    properties.customNetworkInterfaceName || `${nameOf(id)}.nic.${assigned['resourceGuid']}`
  }`

const interfaceOf = (endpointId: string, azure: Azure) =>
  azure.all(networkInterfaces.type).find((one) => sameId(insideOf(one).endpoint, endpointId))

export const heldAddresses = (endpointId: string, azure: Azure): Held[] => {
  const found = interfaceOf(endpointId, azure)
  return found ? insideOf(found).held : []
}

/** From the subnet's first usable address upwards. */
export function freeAddresses(subnet: Resource, azure: Azure): string[] {
  const taken = new Set([
    ...azure.all(networkInterfaces.type).flatMap((one) => insideOf(one).held.map(({ address }) => address)),
    ...azure
      .all('Microsoft.ApiManagement/service')
      .flatMap(({ assigned }) => (assigned['privateIPAddresses'] ?? []) as string[]),
  ])
  const free: string[] = []
  for (const { first, last } of blocksOf(subnet))
    for (let number = first + RESERVED_FIRST; number < last && free.length < 256; number++)
      if (!taken.has(addressOf(number))) free.push(addressOf(number))
  return free
}

/** Gives an endpoint its interface, with an address for every name; undefined when the subnet has too few. */
export function attachInterface(
  endpoint: Resource<Endpoint>,
  groupId: string,
  names: PrivateName[],
  azure: Azure,
): Resource | undefined {
  const present = interfaceOf(endpoint.id, azure)
  if (present) return present
  const subnet = azure.find(endpoint.properties.subnet.id)
  if (!subnet) return undefined
  const fixed = new Map(
    endpoint.properties.ipConfigurations.map(({ properties }) => [
      properties.memberName,
      properties.privateIPAddress,
    ]),
  )
  const wanted = new Set(fixed.values())
  const free = freeAddresses(subnet, azure).filter((address) => !wanted.has(address))
  const held = names.map((name): Held => ({ ...name, address: fixed.get(name.member) ?? free.shift() ?? '' }))
  if (held.some(({ address }) => !address)) return undefined
  const now = azure.clock.now()
  return azure.keep({
    id: interfaceIdOf(endpoint),
    type: networkInterfaces.type,
    ...(endpoint.location ? { location: endpoint.location } : {}),
    beside: {},
    properties: {},
    assigned: { resourceGuid: azure.draw.uuid('resourceGuid', keyOf(interfaceIdOf(endpoint))) },
    hidden: { endpoint: endpoint.id, subnet: subnet.id, groupId, held },
    state: 'Succeeded',
    revision: 0,
    createdAt: now,
    visibleAt: now,
    settledAt: now,
  })
}

export function detachInterface(endpointId: string, azure: Azure): void {
  const found = interfaceOf(endpointId, azure)
  if (found) azure.erase(found.id)
}
