import type { Lifecycle, Mishap, Range, Temper } from './temper.ts'
import { usual } from './usual.ts'

const RETRY_LATER =
  'The request failed due to conflict with a concurrent request. To resolve it, please refer to https://aka.ms/activitylog to get more details on the conflicting requests.'

/** On top of what is wrong everywhere below. */
const LATE: Record<string, Mishap[]> = {
  'Microsoft.Network': [
    {
      chance: 0.05,
      what: 'failed',
      code: 'InternalServerError',
      message: 'An error occurred.',
    },
    { chance: 0.04, what: 'failed', code: 'RetryableError', message: 'A retryable error occurred.' },
  ],
  'Microsoft.CognitiveServices': [
    {
      chance: 0.06,
      what: 'refused',
      status: 412,
      code: 'IfMatchPreconditionFailed',
      message: 'The condition specified in the If-Match header was not satisfied.',
    },
    { chance: 0.04, what: 'failed', code: 'InternalServerError', message: 'An error occurred.' },
  ],
  'Microsoft.Network/privateEndpoints': [
    {
      chance: 0.08,
      what: 'failed',
      code: 'StorageAccountOperationInProgress',
      message:
        'Call to Microsoft.Storage/storageAccounts failed. Error message: An operation is currently performing on this storage account that requires exclusive access.',
    },
  ],
  'Microsoft.DocumentDB/databaseAccounts': [
    {
      chance: 0.06,
      what: 'failed',
      code: 'ServiceUnavailable',
      message:
        'Sorry, we are currently experiencing high demand in this region, and cannot fulfill your request at this time.',
    },
  ],
  'Microsoft.ApiManagement': [
    {
      chance: 0.15,
      what: 'failed',
      code: 'ActivationFailed',
      message: 'The service could not be activated because of an internal error. Please try again later.',
    },
    { chance: 0.1, what: 'slower', times: 1.6 },
  ],
}

/** Writes of related entities meet inside the service. */
const IN_GATEWAY: Mishap[] = [
  {
    chance: 0.08,
    what: 'refused',
    status: 409,
    code: 'PessimisticConcurrencyConflict',
    message: 'Operation on the API is in progress',
  },
]
const isInGateway = ({ of }: Lifecycle) => of.startsWith('Microsoft.ApiManagement/service/')

const ANYWHERE: Mishap[] = [
  { chance: 0.05, what: 'reset' },
  { chance: 0.05, what: 'lost' },
  {
    chance: 0.05,
    what: 'refused',
    status: 429,
    code: 'TooManyRequests',
    message: 'The request is being throttled as the limit has been reached for operation type.',
    retryAfterSeconds: 15,
  },
  {
    chance: 0.03,
    what: 'refused',
    status: 429,
    code: 'RetryableErrorDueToAnotherOperation',
    message: RETRY_LATER,
  },
  { chance: 0.04, what: 'refused', status: 500, code: 'InternalServerError', message: 'An error occurred.' },
  {
    chance: 0.02,
    what: 'refused',
    status: 503,
    code: 'ServiceUnavailable',
    message: 'The service is unavailable.',
    retryAfterSeconds: 5,
  },
  { chance: 0.05, what: 'slower', times: 4 },
]

const stretched = ([least, most]: Range): Range => [least / 2, most * 1.5]

/** A bad day: everything that Azure does to its users, often. Each attempt draws anew, so persistence wins. */
export const chaos: Temper = {
  lifecycles: usual.lifecycles.map((lifecycle) => ({
    ...lifecycle,
    seconds: stretched(lifecycle.seconds),
    ...(lifecycle.invisibleSeconds ? { invisibleSeconds: [0, 20] as Range } : {}),
    mishaps: [
      ...ANYWHERE,
      ...(isInGateway(lifecycle) ? IN_GATEWAY : (LATE[lifecycle.of.split('/')[0] ?? ''] ?? [])),
      ...(lifecycle.verb === 'delete' ? [] : (LATE[lifecycle.of] ?? [])),
    ],
  })),
  delays: Object.fromEntries(
    Object.entries(usual.delays).map(([wait, seconds]) => [wait, stretched(seconds)]),
  ),
  reads: [
    { chance: 0.01, what: 'reset' },
    {
      chance: 0.01,
      what: 'refused',
      status: 500,
      code: 'InternalServerError',
      message: 'An error occurred.',
    },
    {
      chance: 0.01,
      what: 'refused',
      status: 429,
      code: 'TooManyRequests',
      message: 'The request is being throttled as the limit has been reached for operation type.',
      retryAfterSeconds: 10,
    },
  ],
}
