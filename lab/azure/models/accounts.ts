import type { Azure } from '../arm/azure.ts'
import type { Resource } from '../arm/kind.ts'
import { perRevision } from '../arm/per-revision.ts'
import type { Account } from '../providers/cognitive-services/account-shape.ts'
import { ACCOUNT } from '../providers/cognitive-services/common.ts'
import { privateNamesOf } from '../providers/cognitive-services/endpoints.ts'

export type AccountResource = Resource<Account>

/** A soft-deleted account answers nothing, nor one that has a name by its region only: no private endpoint leads there. */
const byHost = perRevision((azure) => {
  const accounts = azure.all(ACCOUNT) as unknown as AccountResource[]
  const born = accounts.filter(
    ({ settledAt, properties }) => settledAt !== null && properties.customSubDomainName,
  )
  return new Map(born.flatMap((account) => privateNamesOf(account).map(({ fqdn }) => [fqdn, account])))
})

/** The account behind one of its three names (azure-facts 2.1); `host` in lower case. */
export const accountAt = (host: string, azure: Azure): AccountResource | undefined => byHost(azure).get(host)

export const isProjectHost = (host: string) => host.endsWith('.services.ai.azure.com')

/** What is stored belongs to one life of a resource: not to a namesake born after it. */
export const birthIdOf = ({ id, assigned }: Resource | AccountResource): string =>
  String(assigned['internalId'] ?? id)
