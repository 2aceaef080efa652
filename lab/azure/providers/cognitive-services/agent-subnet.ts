import type { Azure } from '../../arm/azure.ts'
import { badRequest } from '../../arm/errors.ts'
import { birthOf } from '../../arm/identities.ts'
import { keyOf, nameOf, parentOf, sameId } from '../../arm/ids.ts'
import type { Resource } from '../../arm/kind.ts'
import { regionCode } from '../../regions.ts'
import { type Block, blocksOf, numberOf, overlap, sizeOf } from '../network/addresses.ts'
import type { ServiceAssociationLink } from '../network/subnets.ts'
import { type Account, agentSubnetOf } from './account-shape.ts'
import { ACCOUNT, DELETED_ACCOUNT } from './common.ts'

const DELEGATION = 'Microsoft.App/environments'
const LINK = 'legionservicelink'
const LEAST_ADDRESSES = 32

const block = (prefix: string): Block => {
  const [address = '', length] = prefix.split('/')
  const first = numberOf(address)
  return { first, last: first + 2 ** (32 - Number(length)) - 1 }
}

/** azure-facts 1.1. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(block)
const TAKEN = ['172.30.0.0/16', '172.31.0.0/16'].map(block)

/** What the agents' subnet has to be, before an account is let into it. */
export function checkAgentSubnet(draft: Resource<Account>, azure: Azure): void {
  const id = agentSubnetOf(draft)
  if (!id) return
  const subnet = azure.find(id)
  const network = subnet && azure.find(parentOf(subnet.id))
  if (!subnet || !network) throw invalid('SubnetNotFound', `The subnet '${id}' could not be found.`)
  if (network.location !== regionCode(draft.location ?? ''))
    throw invalid(
      'InvalidSubnetLocation',
      `The subnet '${id}' must be in the account's region ${draft.location}.`,
    )
  const { delegations = [] } = subnet.properties as {
    delegations?: { properties: { serviceName: string } }[]
  }
  if (!delegations.some(({ properties }) => keyOf(properties.serviceName) === keyOf(DELEGATION)))
    throw invalid('SubnetMissingRequiredDelegation', `The subnet '${id}' must be delegated to ${DELEGATION}.`)
  const blocks = blocksOf(subnet)
  if (blocks.some((one) => sizeOf(one) < LEAST_ADDRESSES))
    throw invalid('InvalidSubnetSize', `The subnet '${id}' must be a /27 or larger.`)
  if (
    blocks.some(
      (one) => !PRIVATE.some((range) => overlap(one, range)) || TAKEN.some((range) => overlap(one, range)),
    )
  )
    throw invalid('InvalidSubnetAddressRange', `The subnet '${id}' lies in a range that agents cannot use.`)
  const rival = azure
    .all(ACCOUNT)
    .find((other) => !sameId(other.id, draft.id) && sameId(agentSubnetOf(other), id))
  const holder =
    rival?.id ?? linksOf(subnet).find(({ link }) => !sameId(link, draft.id) || !isHeldBy(draft, id))?.link
  if (holder)
    throw invalid(
      'SubnetAlreadyInUse',
      `The subnet '${nameOf(id)}' is already in use by '${holder}' and is exclusive to it.`,
    )
}

/** A namesake of the former account has no part in what that one left behind, unless it was restored. */
const isHeldBy = (account: Resource<Account> | Resource | undefined, subnetId: string) =>
  account !== undefined && heldBy(account).includes(keyOf(subnetId))

const heldBy = ({ hidden }: Resource<Account> | Resource) => (hidden?.['holds'] ?? []) as string[]

const invalid = (code: string, message: string) => badRequest(code, message, 'properties.networkInjections')

const linksOf = (subnet: Resource) =>
  (subnet.assigned['serviceAssociationLinks'] ?? []) as ServiceAssociationLink[]

function withLinks(subnet: Resource, links: ServiceAssociationLink[]): Resource {
  const { serviceAssociationLinks: _, ...assigned } = subnet.assigned
  return { ...subnet, assigned: links.length ? { ...assigned, serviceAssociationLinks: links } : assigned }
}

/** The platform's hold on the subnet; false when there is nothing left to hold. */
export function holdSubnet(account: Resource<Account>, azure: Azure): boolean {
  const id = agentSubnetOf(account)
  if (id === undefined || isHeldBy(account, id)) return true
  const subnet = azure.find(id)
  if (!subnet) return false
  const link = { name: LINK, linkedResourceType: DELEGATION, link: account.id }
  azure.keep(withLinks(subnet, [...linksOf(subnet), link]))
  const holds = [...heldBy(account), keyOf(id)]
  azure.keep({ ...account, hidden: { ...account.hidden, holds } } as unknown as Resource)
  return true
}

/** The account is purged: the platform lets go of its subnets when it pleases. */
export function releaseSubnetsOf(accountId: string, azure: Azure): void {
  for (const subnet of azure.all('Microsoft.Network/virtualNetworks/subnets'))
    if (linksOf(subnet).some(({ link }) => sameId(link, accountId)))
      azure.agenda.add({
        at: azure.clock.now() + azure.delayMs('subnetReleased', keyOf(accountId), birthOf(accountId, azure)),
        what: 'releaseSubnet',
        subject: subnet.id,
      })
}

/** Drops the links of accounts that are neither there nor to be brought back. */
export function releaseSubnet(subnetId: string, azure: Azure): void {
  const subnet = azure.find(subnetId)
  if (!subnet) return
  const graves = azure.all(DELETED_ACCOUNT)
  const isHeld = ({ link }: ServiceAssociationLink) =>
    !link.includes(`/providers/${ACCOUNT}/`) ||
    isHeldBy(azure.find(link), subnetId) ||
    graves.some(({ hidden }) => sameId((hidden?.['account'] as Resource | undefined)?.id, link))
  azure.keep(withLinks(subnet, linksOf(subnet).filter(isHeld)))
}
