import { z } from 'zod'
import { badRequest, conflict } from '../../arm/errors.ts'
import { identityShown, rememberBirth } from '../../arm/identities.ts'
import { nameOf, subscriptionOf } from '../../arm/ids.ts'
import { defineKind, type Kind, type Resource } from '../../arm/kind.ts'
import { isTakenElsewhere, namesakeOf } from '../global-names.ts'

/** This service speaks in lower case where its neighbours write `Disabled` and `Succeeded`, and takes either. */
const lowerCase = <const Words extends [string, ...string[]]>(...words: Words) =>
  z.preprocess((value) => (typeof value === 'string' ? value.toLowerCase() : value), z.enum(words))

const Service = z.looseObject({
  replicaCount: z.int().min(1).max(12).default(1),
  partitionCount: z.literal([1, 2, 3, 4, 6, 12]).default(1),
  hostingMode: lowerCase('default', 'highdensity').default('default'),
  publicNetworkAccess: lowerCase('enabled', 'disabled', 'securedbyperimeter').default('enabled'),
  networkRuleSet: z
    .looseObject({ ipRules: z.array(z.unknown()).default([]), bypass: z.string().default('None') })
    .prefault({}),
  encryptionWithCmk: z.looseObject({}).default({ enforcement: 'Unspecified' }),
  disableLocalAuth: z.boolean().default(false),
  authOptions: z.looseObject({}).nullish(),
  semanticSearch: lowerCase('disabled', 'free', 'standard').default('disabled'),
  disabledDataExfiltrationOptions: z.array(z.string()).default([]),
})
type Service = z.infer<typeof Service>

const SKUS = [
  'free',
  'basic',
  'standard',
  'standard2',
  'standard3',
  'storage_optimized_l1',
  'storage_optimized_l2',
]
const MOST_UNITS = 36

const operationsAt = ({ id }: Resource) =>
  `/subscriptions/${subscriptionOf(id)}/providers/Microsoft.Search/locations/eastus/operationResults`

export const searchServices: Kind = defineKind<Service>({
  type: 'Microsoft.Search/searchServices',
  name: { pattern: /^[a-z0-9][a-z0-9]+(-[a-z0-9]+)*$/, least: 2, most: 60 },
  since: '2020-08-01',
  methods: ['PUT', 'PATCH', 'DELETE'],
  region: 'own',
  regionStyle: 'display',
  shape: Service,
  readOnly: ['status', 'statusDetails', 'sharedPrivateLinkResources', 'eTag', 'endpoint', 'upgradeAvailable'],
  etag: 'header',
  // No operation to follow: the service itself says when it is there.
  asynchrony: { create: 201, headers: [], retryAfterSeconds: 10, status: operationsAt, result: operationsAt },
  busy: [
    {
      share: 1,
      refuse: (id) => conflict('ServiceBusy', `The search service '${nameOf(id)}' is being provisioned.`),
    },
  ],
  patched: 'merge',
  revived: rememberBirth,
  check: (draft, before, azure) => {
    const name = nameOf(draft.id)
    if (isTakenElsewhere(name) || namesakeOf(draft, azure))
      throw conflict('ServiceNameUnavailable', `The service name '${name}' is already in use.`)
    const sku = skuOf(draft)
    if (!sku || !SKUS.includes(sku))
      throw badRequest(
        'InvalidSku',
        `The sku '${sku ?? ''}' of search service '${name}' is not valid.`,
        'sku',
      )
    if (before && skuOf(before) !== sku)
      throw badRequest('SkuCannotBeChanged', `The sku of search service '${name}' cannot be changed.`, 'sku')
    checkProperties(draft, sku)
  },
  shown: (service, azure) => ({
    ...identityShown(service as unknown as Resource, azure),
    properties: {
      status: STATUS[service.state] ?? 'running',
      statusDetails: '',
      provisioningState: service.state.toLowerCase(),
      endpoint: `https://${nameOf(service.id)}.search.windows.net`,
      eTag: `"0x8D${azure.draw.uuid('eTag', service.id, service.revision).slice(0, 13).toUpperCase()}"`,
      sharedPrivateLinkResources: [],
      // As with keys: with local authentication off there is nothing to choose.
      authOptions: service.properties.disableLocalAuth
        ? null
        : (service.properties.authOptions ?? { apiKeyOnly: {} }),
      networkRuleSet: service.properties.networkRuleSet,
    },
  }),
  privateLink: {
    groups: ({ id }) => ({
      searchService: [
        {
          member: 'searchService',
          fqdn: `${nameOf(id)}.search.windows.net`,
          zone: 'privatelink.search.windows.net',
        },
      ],
    }),
  },
})

const STATUS: Record<string, string> = { Provisioning: 'provisioning', Failed: 'error', Deleting: 'deleting' }

const skuOf = ({ beside }: Resource<Service>) =>
  (beside['sku'] as { name?: string } | undefined)?.name?.toString().toLowerCase()

function checkProperties({ id, beside, properties }: Resource<Service>, sku: string): void {
  const { replicaCount, partitionCount, publicNetworkAccess, disableLocalAuth, authOptions } = properties
  if (disableLocalAuth && authOptions)
    throw badRequest(
      'InvalidAuthOptions',
      `Property 'authOptions' of search service '${nameOf(id)}' cannot be set when 'disableLocalAuth' is true.`,
      'authOptions',
    )
  if (sku === 'free' && (beside['identity'] || publicNetworkAccess === 'disabled'))
    throw badRequest('InvalidSku', `The sku 'free' has neither an identity nor private endpoints.`, 'sku')
  if (replicaCount * partitionCount > MOST_UNITS)
    throw badRequest('InvalidReplicaCount', `At most ${MOST_UNITS} search units.`, 'replicaCount')
}
