import { conflict } from '../../arm/errors.ts'
import { subscriptionOf } from '../../arm/ids.ts'
import type { Asynchrony, Kind, Resource } from '../../arm/kind.ts'

/** What the types of Microsoft.CognitiveServices share. */
export const NAMESPACE = 'Microsoft.CognitiveServices'
export const ACCOUNT = `${NAMESPACE}/accounts`
export const DEPLOYMENT = `${ACCOUNT}/deployments`
export const PROJECT = `${ACCOUNT}/projects`
export const ACCOUNT_CONNECTION = `${ACCOUNT}/connections`
export const PROJECT_CONNECTION = `${PROJECT}/connections`
export const ACCOUNT_HOST = `${ACCOUNT}/capabilityHosts`
export const PROJECT_HOST = `${PROJECT}/capabilityHosts`
export const DELETED_ACCOUNT = `${NAMESPACE}/locations/resourceGroups/deletedAccounts`

const NAME: Kind['name'] = { pattern: /^[a-z0-9][a-z0-9_.-]*$/i, least: 2, most: 64 }

/** The account something of it belongs to. */
export const accountIdOf = (id: string) => id.split('/').slice(0, 9).join('/')

const operationsAt = ({ id }: Resource) =>
  `/subscriptions/${subscriptionOf(id)}/providers/${NAMESPACE}/locations/-`

/** No header to poll by but the resource's own provisioningState; deletions have Location. */
export const IN_BODY: Asynchrony = {
  create: 201,
  headers: [],
  retryAfterSeconds: 10,
  status: (resource) => `${operationsAt(resource)}/operationStatuses`,
  result: (resource) => `${operationsAt(resource)}/operationResults`,
}

/** One write at a time in the whole account. */
export const IN_TURN = {
  locks: (id: string) => [accountIdOf(id)],
  busy: [
    {
      share: 1,
      refuse: (id: string) =>
        conflict(
          'RequestConflict',
          `Another operation is being performed on the parent resource '${accountIdOf(id)}'. Please try the request again later.`,
        ),
    },
  ],
} satisfies Partial<Kind>

export const COMMON = {
  name: NAME,
  methods: ['PUT', 'PATCH', 'DELETE'],
  etag: 'header',
  asynchrony: IN_BODY,
  patched: 'merge',
} satisfies Partial<Kind>
