import { z } from 'zod'
import { badRequest, conflict } from '../../arm/errors.ts'
import { keyOf, nameOf } from '../../arm/ids.ts'
import { type Asynchrony, defineKind, type Kind, type Provider, type Resource } from '../../arm/kind.ts'
import { iso } from '../../clock.ts'
import { checkNameAvailability, isTakenElsewhere, namesakeOf } from '../global-names.ts'

const NAMESPACE = 'Microsoft.EventHub'

/** A namespace tells by its own provisioningState when it is done; hubs are done at once. */
const asynchrony: Asynchrony = {
  create: 201,
  headers: [],
  retryAfterSeconds: 10,
  status: ({ id }) => `${id}/operationStatuses`,
  result: ({ id }) => `${id}/operationResults`,
}

const SHARED = {
  since: '2017-04-01',
  methods: ['PUT', 'PATCH', 'DELETE'],
  etag: 'header',
  asynchrony,
  patched: 'merge',
  malformed: 'BadRequest',
  busy: [
    {
      share: 1,
      refuse: (id: string) =>
        conflict('Conflict', `Namespace '${nameOf(id)}' is transitioning. Please try again later.`),
    },
  ],
} satisfies Partial<Kind>

const namespaces: Kind = defineKind({
  ...SHARED,
  type: `${NAMESPACE}/namespaces`,
  name: { pattern: /^[a-z][a-z0-9-]*[a-z0-9]$/i, least: 6, most: 50 },
  region: 'own',
  regionStyle: 'display',
  readOnly: [
    'metricId',
    'serviceBusEndpoint',
    'createdAt',
    'updatedAt',
    'status',
    'privateEndpointConnections',
  ],
  shape: z.looseObject({
    minimumTlsVersion: z.enum(['1.0', '1.1', '1.2']).default('1.2'),
    publicNetworkAccess: z.enum(['Enabled', 'Disabled', 'SecuredByPerimeter']).default('Enabled'),
    disableLocalAuth: z.boolean().default(false),
    zoneRedundant: z.boolean().default(true),
    isAutoInflateEnabled: z.boolean().default(false),
    maximumThroughputUnits: z.int().min(0).max(40).default(0),
    kafkaEnabled: z.boolean().default(true),
  }),
  check: (draft, before, azure) => {
    const name = nameOf(draft.id)
    if (!before && (isTakenElsewhere(name) || namesakeOf(draft as Resource, azure)))
      throw badRequest('BadRequest', `Namespace name '${name}' is not available.`)
    const { name: sku } = (draft.beside['sku'] ?? {}) as { name?: string }
    if (!['Basic', 'Standard', 'Premium'].includes(sku ?? ''))
      throw badRequest('BadRequest', `The sku '${sku}' is not Basic, Standard or Premium.`)
  },
  settled: (namespace, verb, azure) =>
    verb === 'delete'
      ? {}
      : {
          metricId: `${azure.subscriptionId}:${keyOf(nameOf(namespace.id))}`,
          serviceBusEndpoint: `https://${nameOf(namespace.id)}.servicebus.windows.net:443/`,
          createdAt: iso(namespace.createdAt),
          status: 'Active',
        },
  shown: ({ beside }) => {
    const sku = beside['sku'] as { name: string; capacity?: number }
    return { sku: { tier: sku.name, capacity: 1, ...sku } }
  },
  privateLink: {
    groups: ({ id }) => ({
      namespace: [
        {
          member: 'namespace',
          fqdn: `${nameOf(id)}.servicebus.windows.net`,
          zone: 'privatelink.servicebus.windows.net',
        },
      ],
    }),
  },
})

const Hub = z.looseObject({
  partitionCount: z.int().min(1).max(32).default(4),
  messageRetentionInDays: z.int().min(1).max(7).default(7),
  status: z.enum(['Active', 'Disabled', 'SendDisabled', 'ReceiveDisabled']).default('Active'),
})
type Hub = z.infer<typeof Hub>

const hubs: Kind = defineKind<Hub>({
  ...SHARED,
  type: `${NAMESPACE}/namespaces/eventhubs`,
  name: { pattern: /^[a-z0-9]([\w.-]*[a-z0-9])?$/i, most: 256 },
  methods: ['PUT', 'DELETE'],
  region: 'none',
  stateless: true,
  apart: true,
  asynchrony: { ...asynchrony, create: 200 },
  shape: Hub,
  readOnly: ['partitionIds', 'createdAt', 'updatedAt'],
  check: ({ properties }, before) => {
    if (before && before.properties.partitionCount !== properties.partitionCount)
      throw badRequest('BadRequest', 'The partition count of an event hub cannot be changed.')
  },
  shown: ({ createdAt, properties: { partitionCount } }) => ({
    properties: {
      partitionIds: Array.from({ length: partitionCount }, (_, index) => String(index)),
      createdAt: iso(createdAt),
    },
  }),
})

export const eventHubs: Provider = {
  namespace: NAMESPACE,
  kinds: [namespaces, hubs],
  actions: [checkNameAvailability(namespaces, 'InvalidName')],
  later: [
    'authorizationRules',
    'networkRuleSets',
    'eventhubs/consumergroups',
    'eventhubs/authorizationRules',
  ].map((type) => `${NAMESPACE}/namespaces/${type}`),
}
