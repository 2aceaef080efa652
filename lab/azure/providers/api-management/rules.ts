import type { Azure } from '../../arm/azure.ts'
import { badRequest } from '../../arm/errors.ts'
import { keyOf, nameOf, parentOf } from '../../arm/ids.ts'
import type { Resource } from '../../arm/kind.ts'
import { regionCode } from '../../regions.ts'
import { blocksOf, RESERVED, sizeOf } from '../network/addresses.ts'
import { skuOf } from '../network/public-ips.ts'
import { invalid, type Service, type Sku, skuOfService } from './shape.ts'

/** The skus that can stand inside a virtual network the classic way. */
const INJECTED = ['Developer', 'Premium']
const MOST_UNITS = 31

/** What APIM refuses at once. What it finds out only while activating is in activation.ts. */
export function checkService(
  draft: Resource<Service>,
  before: Resource<Service> | undefined,
  azure: Azure,
): void {
  const sku = skuOfService(draft)
  const { virtualNetworkType, publicNetworkAccess, publicIpAddressId } = draft.properties
  if (sku.name === 'Developer' && sku.capacity !== 1)
    throw invalid('sku.capacity', 'Developer has exactly one unit.')
  if (sku.capacity < (sku.name === 'Consumption' ? 0 : 1) || sku.capacity > MOST_UNITS)
    throw invalid('sku.capacity', `${sku.name} has 1 to ${MOST_UNITS} units.`)
  if (!before && publicNetworkAccess === 'Disabled')
    throw invalid('publicNetworkAccess', 'It must be Enabled when the service is created.')
  if (virtualNetworkType === 'None') return
  if (!INJECTED.includes(sku.name))
    throw invalid('virtualNetworkType', `${virtualNetworkType} is not supported for the sku ${sku.name}.`)
  checkSubnet(draft, sku, azure)
  if (publicIpAddressId) checkPublicIp(draft, publicIpAddressId, azure)
}

function checkSubnet(draft: Resource<Service>, sku: Sku, azure: Azure): void {
  const id = draft.properties.virtualNetworkConfiguration?.subnetResourceId
  if (!id)
    throw invalid('virtualNetworkConfiguration.subnetResourceId', 'It is required in a virtual network.')
  const subnet = azure.find(id)
  const network = subnet && azure.find(parentOf(subnet.id))
  if (!subnet || !network) throw badRequest('SubnetNotFound', `The subnet ${id} could not be found.`)
  if (network.location !== regionCode(draft.location ?? ''))
    throw invalid(
      'virtualNetworkConfiguration',
      `The virtual network must be in the service's region ${draft.location}.`,
    )
  const { delegations, networkSecurityGroup } = subnet.properties as Delegated
  if (delegations?.length) throw badRequest('SubnetIsDelegated', `The subnet ${id} must not be delegated.`)
  if (!networkSecurityGroup)
    throw badRequest('NetworkSecurityGroupRequired', `The subnet ${id} has no network security group.`)
  const free =
    blocksOf(subnet).reduce((sum, block) => sum + sizeOf(block) - RESERVED, 0) - others(draft, id, azure)
  if (free < addressesNeeded(draft, sku))
    throw badRequest(
      'SubnetTooSmall',
      `The subnet ${id} has ${free} free addresses; ${sku.name} with ${sku.capacity} unit(s) needs ${addressesNeeded(draft, sku)}.`,
    )
}

/** azure-facts 1.2: two addresses a unit, one for Developer, one more for the internal load balancer. */
const addressesNeeded = ({ properties }: Resource<Service>, { name, capacity }: Sku) =>
  (name === 'Developer' ? 1 : 2 * capacity) + (properties.virtualNetworkType === 'Internal' ? 1 : 0)

const others = (draft: Resource<Service>, subnetId: string, azure: Azure) =>
  azure.referrers(subnetId).filter(({ resource }) => keyOf(resource.id) !== keyOf(draft.id)).length

function checkPublicIp(draft: Resource<Service>, id: string, azure: Azure): void {
  const address = azure.find(id)
  if (!address) throw badRequest('PublicIpAddressNotFound', `The public IP address ${id} could not be found.`)
  const isFit =
    skuOf(address) === 'Standard' &&
    address.properties['publicIPAllocationMethod'] === 'Static' &&
    address.location === regionCode(draft.location ?? '')
  if (!isFit)
    throw badRequest(
      'InvalidPublicIpAddress',
      `The public IP address ${nameOf(id)} must be Standard, Static and in the region ${draft.location}.`,
    )
  const rival = azure
    .referrers(id)
    .find(
      ({ reference, resource }) =>
        reference.as === 'ipConfiguration' && keyOf(resource.id) !== keyOf(draft.id),
    )
  if (rival)
    throw badRequest(
      'PublicIpAddressInUse',
      `The public IP address ${nameOf(id)} is in use by ${rival.resource.id}.`,
    )
}

type Delegated = { delegations?: unknown[]; networkSecurityGroup?: { id: string } }
