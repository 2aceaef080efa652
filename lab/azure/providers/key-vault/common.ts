import { conflict } from '../../arm/errors.ts'
import { nameOf, subscriptionOf } from '../../arm/ids.ts'
import type { Kind, Resource } from '../../arm/kind.ts'

const operationsAt = ({ id, location }: Resource) =>
  `/subscriptions/${subscriptionOf(id)}/providers/Microsoft.KeyVault/locations/${location ?? 'eastus'}/operationResults`

/** What the types of Microsoft.KeyVault share. A vault says itself when it is there; only a purge has an operation. */
export const KEY_VAULT = {
  since: '2019-09-01',
  etag: 'header',
  malformed: 'BadRequest',
  asynchrony: {
    create: 200,
    headers: [],
    retryAfterSeconds: 10,
    status: operationsAt,
    result: operationsAt,
  },
  busy: [
    {
      share: 1,
      refuse: (id) =>
        conflict(
          'ConflictError',
          `A conflict occurred that prevented the operation from completing. The operation failed because the key vault '${nameOf(id)}' changed from the point the operation began. This can happen if parallel operations are being performed on the key vault. To prevent this error, serialize the operations so that only one operation is performed on the key vault at a time.`,
        ),
    },
  ],
} satisfies Partial<Kind>
