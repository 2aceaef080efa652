import { z } from 'zod'
import type { Azure } from '../../arm/azure.ts'
import { badRequest, type Refusal } from '../../arm/errors.ts'
import { keyOf, nameOf, parentOf } from '../../arm/ids.ts'
import { defineKind, type Kind, type Reference, type Resource } from '../../arm/kind.ts'
import { etagOf } from '../../arm/show.ts'
import { blocksOf, checkPlace, sizeOf } from './addresses.ts'
import { CHILD, Pointer, referrersAs } from './common.ts'

const Delegation = z.looseObject({
  name: z.string(),
  properties: z.looseObject({ serviceName: z.string() }),
})

const Subnet = z
  .looseObject({
    addressPrefix: z.string().optional(),
    addressPrefixes: z.array(z.string()).min(1).optional(),
    networkSecurityGroup: Pointer.nullish(),
    routeTable: Pointer.nullish(),
    natGateway: Pointer.nullish(),
    delegations: z.array(Delegation).default([]),
    serviceEndpoints: z.array(z.unknown()).optional(),
    privateEndpointNetworkPolicies: z
      .enum(['Disabled', 'Enabled', 'NetworkSecurityGroupEnabled', 'RouteTableEnabled'])
      .default('Disabled'),
    privateLinkServiceNetworkPolicies: z.enum(['Enabled', 'Disabled']).default('Enabled'),
  })
  .refine(({ addressPrefix, addressPrefixes }) => addressPrefix || addressPrefixes, {
    path: ['addressPrefix'],
    message: 'a subnet needs an address prefix',
  })
  .transform(({ networkSecurityGroup, routeTable, natGateway, ...rest }) => ({
    ...rest,
    // Of what is pointed at only the id counts, even when a caller sends the whole body along.
    ...(networkSecurityGroup ? { networkSecurityGroup: { id: networkSecurityGroup.id } } : {}),
    ...(routeTable ? { routeTable: { id: routeTable.id } } : {}),
    ...(natGateway ? { natGateway: { id: natGateway.id } } : {}),
  }))
type Subnet = z.infer<typeof Subnet>

/** A service that lives in a delegated subnet and lets go of it when it pleases; assigned, never written. */
export type ServiceAssociationLink = { name: string; linkedResourceType: string; link: string }

export const subnets: Kind = defineKind<Subnet>({
  ...CHILD,
  type: 'Microsoft.Network/virtualNetworks/subnets',
  shape: Subnet,
  readOnly: [
    'ipConfigurations',
    'ipConfigurationProfiles',
    'serviceAssociationLinks',
    'resourceNavigationLinks',
    'privateEndpoints',
    'purpose',
  ],
  locks: (id) => [parentOf(id)],
  check: (draft, before, azure) => {
    const network = azure.find(parentOf(draft.id))
    if (!network) return
    const tooSmall = blocksOf(draft).some((block) => sizeOf(block) < 8)
    if (tooSmall)
      throw badRequest(
        'NetcfgInvalidSubnet',
        `Subnet '${nameOf(draft.id)}' is not valid in virtual network '${nameOf(network.id)}': the smallest subnet is a /29.`,
      )
    const siblings = azure
      .children(network.id, draft.type)
      .filter((other) => keyOf(other.id) !== keyOf(draft.id))
    checkPlace(draft, network, siblings)
    if (before) checkOccupied(draft, before, azure)
  },
  references: ({ properties: { networkSecurityGroup, routeTable } }) => {
    const pointers = [networkSecurityGroup, routeTable].filter((pointer) => pointer !== undefined)
    return pointers.map(({ id }): Reference => ({ to: id, as: 'subnets' }))
  },
  blocked: (resource, azure) => occupants(resource, azure).map((by) => inUse(resource, by))[0],
  shown: (resource, azure) => {
    const links = linksOf(resource)
    const ipConfigurations = referrersAs(resource.id, 'ipConfigurations', azure)
    const privateEndpoints = referrersAs(resource.id, 'privateEndpoints', azure)
    return {
      properties: {
        ...(ipConfigurations.length ? { ipConfigurations } : {}),
        ...(privateEndpoints.length ? { privateEndpoints } : {}),
        ...(links.length ? { serviceAssociationLinks: links.map((link) => shownLink(resource, link)) } : {}),
        delegations: resource.properties.delegations.map(({ name, properties }) => ({
          name,
          id: `${resource.id}/delegations/${name}`,
          etag: etagOf(resource, azure),
          type: 'Microsoft.Network/virtualNetworks/subnets/delegations',
          properties: {
            actions: ['Microsoft.Network/virtualNetworks/subnets/join/action'],
            ...properties,
            provisioningState: 'Succeeded',
          },
        })),
      },
    }
  },
})

const linksOf = (resource: Resource<Subnet> | Resource) =>
  (resource.assigned['serviceAssociationLinks'] ?? []) as ServiceAssociationLink[]

const occupants = (resource: Resource<Subnet> | Resource, azure: Azure): string[] => [
  ...linksOf(resource).map(({ name }) => `${resource.id}/serviceAssociationLinks/${name}`),
  ...['ipConfigurations', 'privateEndpoints'].flatMap((as) =>
    referrersAs(resource.id, as, azure).map(({ id }) => id),
  ),
]

/** What an occupied subnet may not lose: its addresses, and the delegation its occupant stands on. */
function checkOccupied(draft: Resource<Subnet>, before: Resource<Subnet>, azure: Azure): void {
  const [occupant] = occupants(draft, azure)
  if (!occupant) return
  const prefixes = ({ properties }: Resource<Subnet>) =>
    properties.addressPrefixes ?? [properties.addressPrefix]
  const lost = prefixes(before).find((prefix) => !prefixes(draft).includes(prefix))
  if (lost)
    throw badRequest(
      'InUsePrefixCannotBeDeleted',
      `IP prefix ${lost} on resource ${draft.id} is in use by ${occupant} and cannot be deleted.`,
    )
  const delegatedTo = draft.properties.delegations.map(({ properties }) => keyOf(properties.serviceName))
  const unmet = linksOf(draft).find(
    ({ linkedResourceType }) => !delegatedTo.includes(keyOf(linkedResourceType)),
  )
  if (unmet)
    throw badRequest(
      'SubnetMissingRequiredDelegation',
      `Subnet ${draft.id} requires any of the following delegation(s) [${unmet.linkedResourceType}] to reference service association link ${draft.id}/serviceAssociationLinks/${unmet.name}.`,
    )
}

const inUse = ({ id }: Resource<Subnet>, by: string): Refusal =>
  badRequest(
    'InUseSubnetCannotBeDeleted',
    `Subnet ${nameOf(id)} is in use by ${by} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.`,
  )

const shownLink = ({ id }: Resource<Subnet>, { name, linkedResourceType, link }: ServiceAssociationLink) => ({
  name,
  id: `${id}/serviceAssociationLinks/${name}`,
  type: 'Microsoft.Network/virtualNetworks/subnets/serviceAssociationLinks',
  properties: {
    provisioningState: 'Succeeded',
    linkedResourceType,
    link,
    enabledForArmDeployments: false,
    allowDelete: false,
    subnetId: id,
    locations: [],
  },
})
