import { z } from 'zod'
import type { Azure } from '../../arm/azure.ts'
import { conflict } from '../../arm/errors.ts'
import { keyOf, nameOf, subscriptionOf } from '../../arm/ids.ts'
import { type Asynchrony, defineKind, type Kind, type Resource } from '../../arm/kind.ts'
import { iso } from '../../clock.ts'
import { regionCode } from '../../regions.ts'

const TYPE = 'Microsoft.ApiManagement/locations/deletedservices'
const RETENTION_MS = 48 * 60 * 60 * 1000

const operationsAt = ({ id }: Resource) => id.slice(0, id.indexOf('/deletedservices/'))

const asynchrony: Asynchrony = {
  create: 202,
  headers: ['Azure-AsyncOperation', 'Location'],
  retryAfterSeconds: 30,
  status: (resource) => `${operationsAt(resource)}/operationStatuses`,
  result: (resource) => `${operationsAt(resource)}/operationResults`,
}

export const deletedServices: Kind = defineKind({
  type: TYPE,
  name: { pattern: /./, most: 50 },
  since: '2021-08-01',
  methods: ['DELETE'],
  region: 'none',
  shape: z.looseObject({}),
  readOnly: [],
  etag: 'header',
  stateless: true,
  asynchrony,
  busy: [
    { share: 1, refuse: (id) => conflict('ServiceLocked', `The service ${nameOf(id)} is being purged.`) },
  ],
})

/** What is left of a deleted service for 48 hours: its name, and enough to bring it back. */
export function graveFor(service: Resource, azure: Azure): { resource: Resource; purgedAt: number } {
  const now = azure.clock.now()
  const location = regionCode(service.location ?? '')
  const purgedAt = now + RETENTION_MS
  return {
    purgedAt,
    resource: {
      id: `/subscriptions/${subscriptionOf(service.id)}/providers/Microsoft.ApiManagement/locations/${location}/deletedservices/${nameOf(service.id)}`,
      type: TYPE,
      ...(service.location ? { location: service.location } : {}),
      beside: {},
      properties: { serviceId: service.id, scheduledPurgeDate: iso(purgedAt), deletionDate: iso(now) },
      assigned: {},
      hidden: { service },
      state: 'Succeeded',
      revision: 0,
      createdAt: now,
      visibleAt: now,
      settledAt: now,
    },
  }
}

/** Names are global: a soft-deleted one blocks its name in every group and region. */
export function graveOf(name: string, azure: Azure): { id: string; service: Resource } | undefined {
  const grave = azure.all(TYPE).find(({ id }) => keyOf(nameOf(id)) === keyOf(name))
  const service = grave?.hidden?.['service'] as Resource | undefined
  return grave && service && { id: grave.id, service }
}
