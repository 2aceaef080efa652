import { z } from 'zod'
import type { Azure } from '../../arm/azure.ts'
import { Refusal } from '../../arm/errors.ts'
import { keyOf, subscriptionOf } from '../../arm/ids.ts'
import type { Asynchrony, Kind, Properties, Resource } from '../../arm/kind.ts'

/** What all types of Microsoft.Network share. */

/** azure-facts 13: starts with a letter or digit, ends with one or `_`. */
export const NAME: Kind['name'] = { pattern: /^[a-z0-9]([\w.-]*\w)?$/i, most: 80 }

const SINCE = '2015-06-15'

export const Pointer = z.looseObject({ id: z.string() })

const operationsAt = (resource: Resource) =>
  `/subscriptions/${subscriptionOf(resource.id)}/providers/Microsoft.Network/locations/${resource.location ?? 'eastus'}`

const ASYNCHRONY: Asynchrony = {
  create: 201,
  headers: ['Azure-AsyncOperation'],
  retryAfterSeconds: 10,
  status: (resource) => `${operationsAt(resource)}/operations`,
  result: (resource) => `${operationsAt(resource)}/operationResults`,
}

export const BUSY: Kind['busy'] = [
  {
    share: 0.7,
    refuse: (id) =>
      new Refusal(
        409,
        'AnotherOperationInProgress',
        `Another operation on this or dependent resource is in progress. To retrieve status of the operation use uri: ${id}.`,
      ),
  },
  {
    share: 0.3,
    refuse: (id) =>
      new Refusal(
        429,
        'RetryableErrorDueToAnotherOperation',
        `Operation on resource ${id} could not be started because another operation is in progress. Please retry later.`,
        { headers: { 'Retry-After': '10' } },
      ),
  },
]

/** The parts of a description that all resources of the provider have in common. */
export const COMMON = {
  name: NAME,
  since: SINCE,
  methods: ['PUT', 'PATCH', 'DELETE'],
  region: 'own',
  etag: 'weak',
  asynchrony: ASYNCHRONY,
  busy: BUSY,
  patched: 'tags',
} satisfies Partial<Kind>

export const CHILD = {
  ...COMMON,
  methods: ['PUT', 'DELETE'],
  region: 'none',
} satisfies Partial<Kind>

export const resourceGuid = (draft: Resource, azure: Azure): Properties => ({
  resourceGuid: azure.draw.uuid('resourceGuid', keyOf(draft.id)),
})

/** What points here, as a GET of the pointed-at resource lists it. */
export const referrersAs = (id: string, as: string, azure: Azure): { id: string }[] =>
  azure
    .referrers(id)
    .filter(({ reference }) => reference.as === as)
    .map(({ resource, reference }) => ({ id: reference.by ?? resource.id }))
