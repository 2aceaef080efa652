import type { Azure } from '../../arm/azure.ts'
import { badRequest } from '../../arm/errors.ts'
import { identityShown, rememberBirth } from '../../arm/identities.ts'
import { keyOf, nameOf } from '../../arm/ids.ts'
import { type Action, defineKind, type Kind, type Resource } from '../../arm/kind.ts'
import { REGIONS, regionCode } from '../../regions.ts'
import { isTakenElsewhere, namesakeOf } from '../global-names.ts'
import { ACCOUNTS, DOCUMENT_DB, lockedBySomeone } from './common.ts'
import { builtInRoles } from './roles.ts'
import { Account } from './shape.ts'

const ACCOUNT_KINDS = ['GlobalDocumentDB', 'MongoDB', 'Parse']

export const databaseAccounts: Kind = defineKind<Account>({
  ...DOCUMENT_DB,
  type: ACCOUNTS,
  name: { pattern: /^[a-z0-9]+(-[a-z0-9]+)*$/, least: 3, most: 50 },
  methods: ['PUT', 'PATCH', 'DELETE'],
  region: 'own',
  regionStyle: 'display',
  shape: Account,
  readOnly: [
    'documentEndpoint',
    'sqlEndpoint',
    'instanceId',
    'writeLocations',
    'readLocations',
    'failoverPolicies',
    'keysMetadata',
  ],
  patched: 'merge',
  revived: rememberBirth,
  born: ({ id }, azure) => ({ instanceId: azure.draw.uuid('instance', keyOf(id)) }),
  check: (draft, before, azure) => {
    const name = nameOf(draft.id)
    if (!before && (isTakenElsewhere(name) || namesakeOf(draft, azure)))
      throw badRequest('BadRequest', `Dns record for ${name} under zone Document is already taken.`)
    if (before?.state === 'Failed' && before.settledAt === null)
      throw badRequest(
        'BadRequest',
        `DatabaseAccount ${name} is in a failed provisioning state because the previous attempt to create it was not successful. Please delete the previous instance before attempting to recreate this account.`,
      )
    const kind = kindOf(draft)
    if (!ACCOUNT_KINDS.includes(kind))
      throw badRequest('BadRequest', `Invalid database account kind ${kind}.`)
    if (before && kindOf(before) !== kind)
      throw badRequest('BadRequest', `The kind of database account ${name} cannot be changed.`)
    checkLocations(draft)
  },
  settled: (account, verb, azure) => {
    if (verb === 'delete') return {}
    for (const role of builtInRoles(account)) if (!azure.find(role.id)) azure.keep(role)
    const documentEndpoint = `https://${hostOf(account)}:443/`
    return { documentEndpoint, sqlEndpoint: documentEndpoint }
  },
  shown: (account, azure) => ({
    ...identityShown(account as unknown as Resource, azure),
    kind: kindOf(account),
    properties: shownLocations(account),
  }),
  privateLink: {
    // One name for the account and one for each of its regions, each with an address.
    groups: (account) => ({
      Sql: [
        { member: nameOf(account.id), fqdn: hostOf(account), zone: 'privatelink.documents.azure.com' },
        ...ordered(account).map(({ locationName }) => ({
          member: `${nameOf(account.id)}-${regionCode(locationName)}`,
          fqdn: hostOf(account, locationName),
          zone: 'privatelink.documents.azure.com',
        })),
      ],
    }),
    unready: ({ id, state }) => (state === 'Succeeded' ? undefined : lockedBySomeone(nameOf(id))),
  },
})

const kindOf = ({ beside }: Resource<Account>) => String(beside['kind'] ?? 'GlobalDocumentDB')

const hostOf = ({ id }: Resource<Account>, location?: string) =>
  `${nameOf(id)}${location ? `-${regionCode(location)}` : ''}.documents.azure.com`

const ordered = ({ properties }: Resource<Account>) =>
  properties.locations.toSorted((one, other) => one.failoverPriority - other.failoverPriority)

function checkLocations(draft: Resource<Account>): void {
  const locations = ordered(draft)
  const unknown = locations.find(({ locationName }) => !(regionCode(locationName) in REGIONS))
  if (unknown) throw badRequest('BadRequest', `The location '${unknown.locationName}' is not supported.`)
  if (new Set(locations.map(({ locationName }) => regionCode(locationName))).size < locations.length)
    throw badRequest('BadRequest', 'A location is listed more than once.')
  if (locations.some(({ failoverPriority }, index) => failoverPriority !== index))
    throw badRequest('BadRequest', 'Failover priorities must be unique and count up from 0.')
}

function shownLocations(account: Resource<Account>) {
  const described = ordered(account).map(({ locationName, ...rest }) => ({
    id: `${nameOf(account.id)}-${regionCode(locationName)}`,
    locationName: REGIONS[regionCode(locationName)],
    documentEndpoint: `https://${hostOf(account, locationName)}:443/`,
    provisioningState: account.state,
    ...rest,
  }))
  const writers = account.properties.enableMultipleWriteLocations ? described : described.slice(0, 1)
  return {
    locations: described,
    readLocations: described,
    writeLocations: writers,
    failoverPolicies: described.map(({ id, locationName, failoverPriority }) => ({
      id,
      locationName,
      failoverPriority,
    })),
  }
}

/** 200: somebody has it; 404: nobody. There is no other question to ask about a name. */
export const nameExists: Action = {
  method: 'HEAD',
  path: '/providers/Microsoft.DocumentDB/databaseAccountNames/{}',
  run: ({ params: [name = ''] }, azure: Azure) => {
    const isTaken =
      isTakenElsewhere(name) || azure.all(ACCOUNTS).some(({ id }) => keyOf(nameOf(id)) === keyOf(name))
    return { status: isTaken ? 200 : 404 }
  },
}
