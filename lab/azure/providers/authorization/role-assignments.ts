import type { Azure } from '../../arm/azure.ts'
import { badRequest, conflict, Refusal } from '../../arm/errors.ts'
import { isKnown } from '../../arm/identities.ts'
import { keyOf, nameOf, parentOf, sameId, subscriptionOf } from '../../arm/ids.ts'
import { defineKind, type Kind, type Resource } from '../../arm/kind.ts'
import { iso } from '../../clock.ts'
import { APP_CLIENT_ID, HOME } from '../../worlds/world.ts'
import { Assignment, assignedAt, ROLE_ASSIGNMENT } from './assigned.ts'
import { builtInRole, roleDefinitionId } from './role-definitions.ts'

/** The commonest wrong ids: client ids are no principals. */
const CLIENT_IDS = [APP_CLIENT_ID, HOME.probe.clientId, HOME.nobody.clientId]
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const operationsAt = ({ id }: Resource) => `/subscriptions/${subscriptionOf(id)}/operationresults`

export const roleAssignments: Kind = defineKind<Assignment>({
  type: ROLE_ASSIGNMENT,
  name: { pattern: /./, most: 90 },
  since: '2015-07-01',
  methods: ['PUT', 'DELETE'],
  region: 'none',
  shape: Assignment,
  readOnly: ['scope', 'createdOn', 'updatedOn', 'createdBy', 'updatedBy'],
  etag: 'header',
  stateless: true,
  extension: true,
  asynchrony: {
    create: 201,
    headers: [],
    retryAfterSeconds: 5,
    status: operationsAt,
    result: operationsAt,
  },
  busy: [],
  missing: (id) =>
    new Refusal(404, 'RoleAssignmentNotFound', `The role assignment '${nameOf(id)}' is not found.`),
  listed: assignedAt,
  check: (draft, before, azure) => {
    checkForm(draft)
    checkPlace(draft, before, azure)
    checkPrincipal(draft, azure)
  },
  settled: (assignment, _verb, azure) => {
    const { id, hidden } = assignment
    const effectiveAt =
      hidden?.['effectiveAt'] ??
      azure.clock.now() + azure.delayMs('roleEffective', keyOf(id), attemptsAt(id, azure))
    azure.keep({ ...assignment, hidden: { ...hidden, effectiveAt } } as unknown as Resource)
    return {}
  },
  shown: ({ id, properties, createdAt, settledAt }, azure) => ({
    properties: {
      roleDefinitionId: roleDefinitionId(builtInRole(properties.roleDefinitionId) ?? '', azure),
      principalType: properties.principalType ?? 'ServicePrincipal',
      condition: properties.condition ?? null,
      conditionVersion: properties.conditionVersion ?? null,
      description: properties.description ?? null,
      scope: parentOf(id) || '/',
      createdOn: iso(createdAt),
      updatedOn: iso(settledAt ?? createdAt),
    },
  }),
})

const attemptsAt = (id: string, azure: Azure) => azure.world.attempts.get(keyOf(`create ${id}`)) ?? 0

function checkForm({ id, properties }: Resource<Assignment>): void {
  const name = nameOf(id)
  if (!GUID.test(name))
    throw badRequest(
      'InvalidRoleAssignmentId',
      `The role assignment ID '${name}' is not valid. The role assignment ID must be a GUID.`,
    )
  if (!GUID.test(properties.principalId))
    throw badRequest(
      'InvalidPrincipalId',
      `The principal ID '${properties.principalId}' is not valid. Principal ID must be a GUID.`,
    )
  if (!builtInRole(properties.roleDefinitionId))
    throw badRequest(
      'RoleDefinitionDoesNotExist',
      `The specified role definition with ID '${nameOf(properties.roleDefinitionId).replaceAll('-', '')}' does not exist.`,
    )
  if (properties.condition && properties.conditionVersion !== '2.0')
    throw badRequest('InvalidConditionVersion', "A condition needs the conditionVersion '2.0'.")
}

/** Names are unique in the tenant; principal and role at a scope are assigned once. */
function checkPlace(
  draft: Resource<Assignment>,
  before: Resource<Assignment> | undefined,
  azure: Azure,
): void {
  const others = azure.all(ROLE_ASSIGNMENT) as unknown as Resource<Assignment>[]
  const namesake =
    before ?? others.find(({ id }) => !sameId(id, draft.id) && sameId(nameOf(id), nameOf(draft.id)))
  if (namesake && !(isSame(namesake, draft) && sameId(namesake.id, draft.id)))
    throw badRequest(
      'RoleAssignmentUpdateNotPermitted',
      'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.',
    )
  const twin = others.find(
    (other) =>
      !sameId(other.id, draft.id) && sameId(parentOf(other.id), parentOf(draft.id)) && isSame(other, draft),
  )
  if (twin)
    throw conflict(
      'RoleAssignmentExists',
      `The role assignment already exists. The ID of the existing role assignment is ${nameOf(twin.id).replaceAll('-', '')}.`,
    )
}

const isSame = ({ properties: one }: Resource<Assignment>, { properties: other }: Resource<Assignment>) =>
  keyOf(one.principalId) === keyOf(other.principalId) &&
  builtInRole(one.roleDefinitionId) === builtInRole(other.roleDefinitionId)

function checkPrincipal({ properties }: Resource<Assignment>, azure: Azure): void {
  const principalId = keyOf(properties.principalId)
  if (CLIENT_IDS.includes(principalId) || !isKnown(principalId, azure))
    throw badRequest(
      'PrincipalNotFound',
      `Principal ${principalId.replaceAll('-', '')} does not exist in the directory ${azure.tenantId}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group. See https://aka.ms/docs-principaltype`,
    )
  const isIdentity = azure.world.principals.get(principalId) !== undefined
  if (isIdentity && (properties.principalType ?? 'ServicePrincipal') !== 'ServicePrincipal')
    throw badRequest(
      'UnmatchedPrincipalType',
      `The PrincipalId '${principalId.replaceAll('-', '')}' has type 'ServicePrincipal', which is different from specified PrincipalType '${properties.principalType}'.`,
    )
}
