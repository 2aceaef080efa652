import { z } from 'zod'
import { keyOf } from '../../arm/ids.ts'
import { type Asynchrony, defineKind, type Kind, type Provider } from '../../arm/kind.ts'
import { iso } from '../../clock.ts'

const NAMESPACE = 'Microsoft.OperationalInsights'

const asynchrony: Asynchrony = {
  create: 201,
  headers: [],
  retryAfterSeconds: 10,
  status: ({ id }) => `${id}/operationStatuses`,
  result: ({ id }) => `${id}/operationResults`,
}

/** Only to be pointed at: infra/ makes it, and no request does. */
const workspaces: Kind = defineKind({
  type: `${NAMESPACE}/workspaces`,
  name: { pattern: /^[a-z0-9][a-z0-9-]*[a-z0-9]$/i, least: 4, most: 63 },
  since: '2015-11-01-preview',
  methods: [],
  region: 'own',
  shape: z.looseObject({
    sku: z.looseObject({ name: z.string() }).default({ name: 'PerGB2018' }),
    retentionInDays: z.int().min(4).max(730).default(30),
    publicNetworkAccessForIngestion: z.enum(['Enabled', 'Disabled']).default('Enabled'),
    publicNetworkAccessForQuery: z.enum(['Enabled', 'Disabled']).default('Enabled'),
  }),
  readOnly: ['customerId', 'createdDate', 'modifiedDate'],
  etag: 'plain',
  asynchrony,
  busy: [],
  born: ({ id, createdAt }, azure) => ({
    customerId: azure.draw.uuid('workspace', keyOf(id)),
    createdDate: iso(createdAt),
  }),
})

export const operationalInsights: Provider = {
  namespace: NAMESPACE,
  kinds: [workspaces],
  later: [`${NAMESPACE}/workspaces/`],
}
