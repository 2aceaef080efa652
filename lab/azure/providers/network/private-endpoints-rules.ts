import type { Azure } from '../../arm/azure.ts'
import { badRequest, invalidResourceReference, type Refusal } from '../../arm/errors.ts'
import { nameOf, parentOf, sameId } from '../../arm/ids.ts'
import type { PrivateName, Resource } from '../../arm/kind.ts'
import { blocksOf, numberOf } from './addresses.ts'
import { freeAddresses, heldAddresses, interfaceIdOf } from './private-endpoints-interfaces.ts'
import { connectionOf, type Endpoint } from './private-endpoints-shape.ts'

/** What is refused at once; what goes wrong on the way is chance. */
export function checkEndpoint(
  draft: Resource<Endpoint>,
  before: Resource<Endpoint> | undefined,
  azure: Azure,
): void {
  const subnet = subnetFor(draft, azure)
  if (before?.settledAt) checkUnchanged(draft, before)
  const names = namesFor(draft, azure)
  if (before?.settledAt) return
  const [held] = heldAddresses(draft.id, azure)
  if (held) return
  const rival = azure.find(interfaceIdOf(draft))
  if (rival)
    throw badRequest(
      'NetworkInterfaceNameInUse',
      `The network interface ${rival.id} of private endpoint ${draft.id} already exists.`,
    )
  if (freeAddresses(subnet, azure).length < names.length)
    throw badRequest(
      'SubnetIsFull',
      `Subnet ${nameOf(subnet.id)} with address prefix ${subnet.properties['addressPrefix']} does not have enough capacity for ${names.length} IP addresses.`,
    )
  checkFixedAddresses(draft, subnet, azure)
}

function subnetFor(draft: Resource<Endpoint>, azure: Azure): Resource {
  const { id } = draft.properties.subnet
  const subnet = azure.find(id)
  const network = subnet && azure.find(parentOf(subnet.id))
  if (!subnet || network?.location !== draft.location) throw invalidResourceReference(id, draft.id)
  const { delegations } = subnet.properties as { delegations?: unknown[] }
  if (delegations?.length)
    throw badRequest(
      'PrivateEndpointCannotBeInDelegatedSubnet',
      `Private endpoint ${draft.id} cannot be created in subnet ${id}: the subnet has a delegation.`,
    )
  return subnet
}

function checkUnchanged(draft: Resource<Endpoint>, before: Resource<Endpoint>): void {
  const [now, then] = [connectionOf(draft), connectionOf(before)]
  const changed = !sameId(draft.properties.subnet.id, before.properties.subnet.id)
    ? 'subnet'
    : !sameId(now.target, then.target) || String(now.groupIds) !== String(then.groupIds)
      ? 'privateLinkServiceConnections'
      : undefined
  if (changed)
    throw badRequest(
      'PrivateEndpointPropertyCannotBeChanged',
      `Property ${changed} of private endpoint ${draft.id} cannot be changed. Delete the private endpoint and create it again.`,
      changed,
    )
}

/** The names behind the group it asks for; throws when the target cannot be joined, or not now. */
function namesFor(draft: Resource<Endpoint>, azure: Azure): PrivateName[] {
  const { target: targetId, groupIds, name } = connectionOf(draft)
  const target = azure.find(targetId)
  if (!target) throw invalidResourceReference(targetId, draft.id)
  const connection = `Private link service connection ${draft.id}/privateLinkServiceConnections/${name}`
  const link = azure.kind(target.type)?.privateLink
  if (!link)
    throw badRequest(
      'InvalidPrivateLinkServiceId',
      `${connection}: a resource of type ${target.type} cannot be the target of a private endpoint.`,
    )
  const [groupId] = groupIds
  if (!groupId)
    throw badRequest(
      'MissingParameterOnPrivateLinkServiceConnection',
      `${connection} is missing required parameter 'group Id'.`,
    )
  if (groupIds.length > 1)
    throw badRequest(
      'OnlyOneGroupIdPermitted',
      `${connection} has the following group Ids: ${groupIds.join(', ')}. Only one group Id is permitted when connecting to a first-party resource (${targetId}).`,
    )
  const refusal = link.unready ? link.unready(target, azure) : unsettled(target)
  if (refusal) throw calledInVain(target, refusal.code, refusal.message)
  const names = link.groups(target)[groupId]
  if (!names) throw calledInVain(target, 'BadRequest', `Invalid groupId ${groupId}`)
  return names
}

/** The network asks the target's provider, and passes on in its own words what that one refuses. */
const calledInVain = ({ type }: Resource, code: string, message: string) =>
  badRequest(code, `Call to ${type} failed. Error message: ${message}`)

const unsettled = ({ id, state }: Resource): Refusal | undefined =>
  state === 'Succeeded' ? undefined : badRequest('BadRequest', `The resource ${id} is in state ${state}.`)

function checkFixedAddresses(draft: Resource<Endpoint>, subnet: Resource, azure: Azure): void {
  const free = new Set(freeAddresses(subnet, azure))
  for (const { properties } of draft.properties.ipConfigurations) {
    const address = properties.privateIPAddress
    if (free.has(address)) continue
    const isInside = blocksOf(subnet).some(
      ({ first, last }) => numberOf(address) >= first && numberOf(address) <= last,
    )
    throw isInside
      ? badRequest(
          'PrivateIPAddressIsAllocated',
          `IP address ${address} is already allocated in ${subnet.id}.`,
        )
      : badRequest(
          'PrivateIPAddressNotInSubnet',
          `Private static IP address ${address} does not belong to the range of subnet prefix ${subnet.id}.`,
        )
  }
}
