import { conflict } from '../../arm/errors.ts'
import { subscriptionOf } from '../../arm/ids.ts'
import type { Kind, Resource } from '../../arm/kind.ts'

const operationsAt = ({ id, location }: Resource) =>
  `/subscriptions/${subscriptionOf(id)}/providers/Microsoft.Storage/locations/${location ?? 'eastus'}/asyncoperations/operationResults`

export const operationInProgress = () =>
  conflict(
    'StorageAccountOperationInProgress',
    'An operation is currently performing on this storage account that requires exclusive access.',
  )

/** What the types of Microsoft.Storage share. Only the creation of an account takes time, followed by Location. */
export const STORAGE = {
  since: '2019-06-01',
  etag: 'header',
  asynchrony: {
    create: 202,
    headers: ['Location'],
    retryAfterSeconds: 17,
    status: operationsAt,
    result: operationsAt,
  },
  busy: [{ share: 1, refuse: operationInProgress }],
} satisfies Partial<Kind>
