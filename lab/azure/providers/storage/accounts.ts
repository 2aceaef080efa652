import type { Azure } from '../../arm/azure.ts'
import { badRequest, conflict, Refusal } from '../../arm/errors.ts'
import { identityShown, rememberBirth } from '../../arm/identities.ts'
import { nameOf, parentOf } from '../../arm/ids.ts'
import { type Action, defineKind, type Kind, type Resource } from '../../arm/kind.ts'
import { iso } from '../../clock.ts'
import { isTakenElsewhere, namesakeOf } from '../global-names.ts'
import { blobServiceOf } from './blobs.ts'
import { operationInProgress, STORAGE } from './common.ts'
import { ACCOUNT_KINDS, SKUS, StorageAccount } from './shape.ts'

/** azure-facts 7.3. */
const WITHOUT_ZONES = ['southindia', 'westus']
const SERVICES = ['blob', 'queue', 'table', 'file', 'dfs', 'web']

export const storageAccounts: Kind = defineKind<StorageAccount>({
  ...STORAGE,
  type: 'Microsoft.Storage/storageAccounts',
  name: { pattern: /^[a-z0-9]+$/, least: 3, most: 24 },
  methods: ['PUT', 'PATCH', 'DELETE'],
  region: 'own',
  shape: StorageAccount,
  readOnly: [
    'primaryEndpoints',
    'primaryLocation',
    'statusOfPrimary',
    'secondaryEndpoints',
    'secondaryLocation',
    'statusOfSecondary',
    'creationTime',
    'keyCreationTime',
  ],
  patched: 'merge',
  revived: rememberBirth,
  born: ({ createdAt }) => ({
    creationTime: iso(createdAt),
    keyCreationTime: { key1: iso(createdAt), key2: iso(createdAt) },
  }),
  check: (draft, before, azure) => {
    const name = nameOf(draft.id)
    if (namesakeOf(draft, azure))
      throw conflict(
        'StorageAccountInAnotherResourceGroup',
        `The account ${name} is already in another resource group in this subscription.`,
      )
    if (isTakenElsewhere(name))
      throw conflict('StorageAccountAlreadyTaken', `The storage account named ${name} is already taken.`)
    checkSku(draft)
    if (!before) return
    for (const [property, now, then] of [
      ['kind', draft.beside['kind'], before.beside['kind']],
      ['isHnsEnabled', draft.properties.isHnsEnabled ?? false, before.properties.isHnsEnabled ?? false],
    ])
      if (now !== then)
        throw badRequest(
          'AccountPropertyCannotBeUpdated',
          `The property '${property}' was specified in the input, but it cannot be updated.`,
          String(property),
        )
  },
  settled: (account, verb, azure) => {
    if (verb === 'delete') return {}
    const blobService = blobServiceOf(account)
    if (!azure.find(blobService.id)) azure.keep(blobService)
    return {
      primaryLocation: account.location,
      statusOfPrimary: 'available',
      primaryEndpoints: Object.fromEntries(
        SERVICES.map((service) => [service, `https://${hostOf(account, service)}/`]),
      ),
    }
  },
  shown: (account, azure) => {
    const sku = account.beside['sku'] as { name: string }
    return {
      ...identityShown(account as unknown as Resource, azure),
      sku: { ...sku, tier: sku.name.split('_')[0] },
    }
  },
  privateLink: {
    groups: (account) =>
      Object.fromEntries(
        SERVICES.map((service) => [
          service,
          [
            {
              member: service,
              fqdn: hostOf(account, service),
              zone: `privatelink.${service}.core.windows.net`,
            },
          ],
        ]),
      ),
    unready: ({ state }) => (state === 'Succeeded' ? undefined : operationInProgress()),
  },
})

/** Static websites live under a zone of their region; the rest under the service's own name. */
const hostOf = ({ id }: Pick<Resource, 'id'>, service: string) =>
  service === 'web' ? `${nameOf(id)}.z13.web.core.windows.net` : `${nameOf(id)}.${service}.core.windows.net`

function checkSku({ beside, location }: Resource<StorageAccount>): void {
  const { name } = (beside['sku'] ?? {}) as { name?: unknown }
  if (typeof name !== 'string' || !SKUS.includes(name)) throw invalidValue('sku.name', name, SKUS)
  if (typeof beside['kind'] !== 'string' || !ACCOUNT_KINDS.includes(beside['kind']))
    throw invalidValue('kind', beside['kind'], ACCOUNT_KINDS)
  if (name.endsWith('ZRS') && WITHOUT_ZONES.includes(location ?? ''))
    throw badRequest(
      'RedundancyConfigurationNotAvailableInRegion',
      `The specified redundancy configuration '${name}' is not available in region '${location}'.`,
      'sku.name',
    )
}

const invalidValue = (property: string, value: unknown, allowed: string[]) =>
  badRequest(
    'InvalidRequestPropertyValue',
    `The value '${value ?? ''}' is not allowed for property ${property}. Allowed values: ${allowed.join(', ')}.`,
    property,
  )

/** Keys exist only while the account lets them be used. */
export const listKeys: Action = {
  method: 'POST',
  path: '/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Storage/storageAccounts/{}/listKeys',
  run: ({ path }, azure: Azure) => {
    const account = azure.find(parentOf(`${path}/-`))
    if (!account)
      throw new Refusal(404, 'ResourceNotFound', `The Resource '${parentOf(`${path}/-`)}' was not found.`)
    if (account.properties['allowSharedKeyAccess'] === false)
      throw new Refusal(
        403,
        'KeyBasedAuthenticationNotPermitted',
        'Key based authentication is not permitted on this storage account.',
      )
    const key = (keyName: string) => ({
      keyName,
      value: Buffer.from(azure.draw.uuid('key', account.id, keyName).repeat(2)).toString('base64'),
      permissions: 'FULL',
    })
    return { status: 200, body: { keys: [key('key1'), key('key2')] } }
  },
}
