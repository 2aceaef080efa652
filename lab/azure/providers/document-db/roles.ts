import { z } from 'zod'
import type { Azure } from '../../arm/azure.ts'
import { badRequest, conflict } from '../../arm/errors.ts'
import { isKnown } from '../../arm/identities.ts'
import { keyOf, nameOf, sameId } from '../../arm/ids.ts'
import { defineKind, type Kind, type Resource } from '../../arm/kind.ts'
import { ACCOUNTS, accountOf, CHILD } from './common.ts'

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The two built-in roles; those of one's own are not simulated. */
export const sqlRoleDefinitions: Kind = defineKind({
  ...CHILD,
  type: `${ACCOUNTS}/sqlRoleDefinitions`,
  name: { pattern: GUID, most: 36 },
  methods: [],
  shape: z.looseObject({}),
  readOnly: [],
})

const ITEMS = 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers'
const READ = [
  'Microsoft.DocumentDB/databaseAccounts/readMetadata',
  `${ITEMS}/executeQuery`,
  `${ITEMS}/readChangeFeed`,
  `${ITEMS}/items/read`,
]
const BUILT_IN = [
  { name: '00000000-0000-0000-0000-000000000001', roleName: 'Cosmos DB Built-in Data Reader', actions: READ },
  {
    name: '00000000-0000-0000-0000-000000000002',
    roleName: 'Cosmos DB Built-in Data Contributor',
    actions: ['Microsoft.DocumentDB/databaseAccounts/readMetadata', `${ITEMS}/*`, `${ITEMS}/items/*`],
  },
]

export const builtInRoles = (account: Omit<Resource, 'properties'>): Resource[] =>
  BUILT_IN.map(({ name, roleName, actions }) => ({
    id: `${account.id}/sqlRoleDefinitions/${name}`,
    type: sqlRoleDefinitions.type,
    beside: {},
    properties: {
      roleName,
      type: 'BuiltInRole',
      assignableScopes: [account.id],
      permissions: [{ dataActions: actions, notDataActions: [] }],
    },
    assigned: {},
    state: 'Succeeded',
    revision: 0,
    createdAt: account.createdAt,
    visibleAt: account.visibleAt,
    settledAt: account.createdAt,
  }))

const Assignment = z.looseObject({
  roleDefinitionId: z.string().min(1),
  scope: z.string().min(1),
  principalId: z.string().regex(GUID),
})
type Assignment = z.infer<typeof Assignment>

/** Who may touch data: the account's own, not Azure's roles. */
export const sqlRoleAssignments: Kind = defineKind<Assignment>({
  ...CHILD,
  type: `${ACCOUNTS}/sqlRoleAssignments`,
  name: { pattern: GUID, most: 36 },
  methods: ['PUT', 'DELETE'],
  shape: Assignment,
  readOnly: [],
  check: (draft, before, azure) => {
    const { roleDefinitionId, scope, principalId } = draft.properties
    const account = accountOf(draft.id)
    const role = azure.find(roleDefinitionId)
    if (
      keyOf(role?.type ?? '') !== keyOf(sqlRoleDefinitions.type) ||
      !role ||
      !sameId(accountOf(role.id), account)
    )
      throw badRequest(
        'BadRequest',
        `The provided role definition [${roleDefinitionId}] does not exist in the account.`,
      )
    const within = keyOf(scope).startsWith(keyOf(account)) ? scope.slice(account.length) : undefined
    if (within === undefined || !/^(\/dbs\/[^/]+(\/colls\/[^/]+)?)?$/i.test(within))
      throw badRequest(
        'BadRequest',
        `The provided scope [${scope}] is not the account's id, nor a database (/dbs/) or container (/colls/) in it.`,
      )
    if (!isKnown(principalId, azure))
      throw badRequest(
        'BadRequest',
        `The provided principal ID [${principalId}] was not found in the AAD tenant(s) [${azure.tenantId}] which are associated with the customer's subscription.`,
      )
    if (before && (before.properties.principalId !== principalId || !sameId(before.properties.scope, scope)))
      throw badRequest(
        'BadRequest',
        'Updating SQL Role Assignment Principal ID or scope is not permitted. You may only update the associated Role Definition.',
      )
    const twin = twinOf(draft, azure)
    if (twin)
      throw conflict(
        'Conflict',
        `A SQL Role Assignment with the same properties already exists: [${nameOf(twin.id)}].`,
      )
  },
  // Until it is done it cannot be found.
  settled: (assignment, verb, azure) => {
    if (verb === 'create')
      azure.keep({ ...(assignment as unknown as Resource), visibleAt: azure.clock.now() })
    return {}
  },
})

const twinOf = (draft: Resource<Assignment>, azure: Azure) =>
  azure.children(accountOf(draft.id), draft.type).find(({ id, properties }) => {
    const other = properties as Assignment
    return (
      !sameId(id, draft.id) &&
      sameId(other.principalId, draft.properties.principalId) &&
      sameId(other.scope, draft.properties.scope) &&
      sameId(other.roleDefinitionId, draft.properties.roleDefinitionId)
    )
  })
