import { Refusal } from '../../arm/errors.ts'
import { nameOf, parentOf, subscriptionOf } from '../../arm/ids.ts'
import type { Kind, Resource } from '../../arm/kind.ts'
import { regionCode } from '../../regions.ts'

export const ACCOUNTS = 'Microsoft.DocumentDB/databaseAccounts'

const operationsAt = ({ id, location }: Resource) =>
  `/subscriptions/${subscriptionOf(id)}/providers/Microsoft.DocumentDB/locations/${regionCode(location ?? 'eastus')}/operationsStatus`

/** Not a condition of the caller's that failed: somebody else is at work on the account. */
export const lockedBySomeone = (account: string) =>
  new Refusal(
    412,
    'PreconditionFailed',
    `There is another user operation in progress which requires an exclusive lock on [${account}]. Please retry after sometime.`,
  )

/** What the types of Microsoft.DocumentDB share. */
export const DOCUMENT_DB = {
  since: '2020-04-01',
  etag: 'header',
  malformed: 'BadRequest',
  asynchrony: {
    create: 200,
    headers: ['Azure-AsyncOperation', 'Location'],
    retryAfterSeconds: 15,
    status: operationsAt,
    result: ({ id }) => `${id}/operationResults`,
  },
  busy: [{ share: 1, refuse: (id) => lockedBySomeone(nameOf(id)) }],
} satisfies Partial<Kind>

/** One write at a time in the whole account, whichever child it is to. */
export const CHILD = {
  ...DOCUMENT_DB,
  asynchrony: { ...DOCUMENT_DB.asynchrony, create: 202 },
  region: 'none',
  stateless: true,
  apart: true,
  locks: (id: string) => [accountOf(id)],
  busy: [{ share: 1, refuse: (id: string) => lockedBySomeone(nameOf(accountOf(id))) }],
} satisfies Partial<Kind>

export const accountOf = (id: string): string => {
  const parent = parentOf(id)
  return /\/databaseAccounts\/[^/]+$/i.test(parent) ? parent : accountOf(parent)
}
