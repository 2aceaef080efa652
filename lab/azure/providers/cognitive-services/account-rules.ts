import type { Azure } from '../../arm/azure.ts'
import { badRequest, conflict } from '../../arm/errors.ts'
import { keyOf, nameOf, sameId } from '../../arm/ids.ts'
import type { Resource } from '../../arm/kind.ts'
import { type Account, agentSubnetOf, checkKindAndSku, hasIdentity } from './account-shape.ts'
import { checkAgentSubnet } from './agent-subnet.ts'
import { ACCOUNT, DELETED_ACCOUNT, DEPLOYMENT, PROJECT } from './common.ts'

/** Subdomains that someone else on Earth holds. */
const TAKEN_ELSEWHERE = ['contoso', 'fabrikam', 'openai']
const MOST_PER_REGION = 30

export function checkAccount(
  draft: Resource<Account>,
  before: Resource<Account> | undefined,
  azure: Azure,
): void {
  checkKindAndSku(draft)
  const { allowProjectManagement, networkInjections } = draft.properties
  if (allowProjectManagement && !hasIdentity(draft))
    throw badRequest(
      'InvalidResourceProperties',
      'allowProjectManagement requires a managed identity on the account.',
      'identity',
    )
  if (networkInjections?.length && draft.beside['kind'] !== 'AIServices')
    throw badRequest(
      'InvalidResourceProperties',
      'networkInjections is only supported for the kind AIServices.',
    )
  if (
    networkInjections?.some(
      ({ scenario, subnetArmId, useMicrosoftManagedNetwork }) =>
        scenario === 'agent' && !subnetArmId && !useMicrosoftManagedNetwork,
    )
  )
    throw badRequest(
      'InvalidResourceProperties',
      'A network injection of the scenario agent needs a subnetArmId.',
    )
  checkSubdomain(draft, before, azure)
  checkMove(draft, before)
  checkAgentSubnet(draft, azure)
  const peers = azure.all(ACCOUNT).filter(({ location }) => location === draft.location)
  if (!before && peers.length > MOST_PER_REGION)
    throw badRequest(
      'InsufficientQuota',
      `This operation require 1 new capacity in quota Account Count, which is bigger than the current available capacity 0. The current quota usage is ${MOST_PER_REGION} and the quota limit is ${MOST_PER_REGION} for quota Account Count.`,
    )
}

function checkSubdomain(draft: Resource<Account>, before: Resource<Account> | undefined, azure: Azure): void {
  const wanted = draft.properties.customSubDomainName
  const had = before?.properties.customSubDomainName
  if (had && wanted && keyOf(had) !== keyOf(wanted))
    throw badRequest('CustomSubDomainNameImmutable', `The customSubDomainName '${had}' cannot be changed.`)
  if (wanted && isSubdomainTaken(wanted, draft.id, azure))
    throw conflict(
      'CustomDomainInUse',
      `Please pick a different name. The subdomain name '${wanted}' is not available as it's already used by a resource.`,
    )
}

export function isSubdomainTaken(name: string, exceptId: string | undefined, azure: Azure): boolean {
  const graves = azure.all(DELETED_ACCOUNT).map(({ hidden }) => hidden?.['account'] as Resource)
  return (
    TAKEN_ELSEWHERE.includes(keyOf(name)) ||
    [...azure.all(ACCOUNT), ...graves].some(
      ({ id, properties }) =>
        !sameId(id, exceptId) && keyOf(String(properties['customSubDomainName'] ?? '')) === keyOf(name),
    )
  )
}

/** Another subnet for a standing account: azure-facts 7.1 says to take it for immutable. */
function checkMove(draft: Resource<Account>, before: Resource<Account> | undefined): void {
  const [from, to] = [before && agentSubnetOf(before), agentSubnetOf(draft)]
  if (from && to && !sameId(from, to))
    throw badRequest(
      'InvalidResourceProperties',
      `The agent subnet '${from}' of the account cannot be changed.`,
    )
}

/** Deployments first, then projects, then the account. */
export function accountBlocked({ id }: Resource<Account>, azure: Azure) {
  const deployments = azure.children(id, DEPLOYMENT)
  if (deployments.length > 0)
    return conflict(
      'CannotDeleteAccountWithDeployments',
      `Cannot delete account '${nameOf(id)}' with deployments: ${deployments.map((one) => nameOf(one.id)).join(', ')}. Please delete all the deployments first.`,
    )
  const projects = azure.children(id, PROJECT)
  if (projects.length > 0)
    return conflict(
      'CannotDeleteResource',
      `Cannot delete resource while nested resources exist. Some existing nested resource IDs include: '${projects.map((one) => `${ACCOUNT}/${nameOf(id)}/projects/${nameOf(one.id)}`).join(', ')}'. Please delete all nested resources before deleting this resource.`,
    )
  return undefined
}
