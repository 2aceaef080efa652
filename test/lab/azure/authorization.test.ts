import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { APP_CLIENT_ID } from '../../../lab/azure/worlds/world.ts'
import { type Foundry, openFoundry } from './foundry.ts'

const OPENAI_USER = '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd'
const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
const someone = 'bbbbbbbb-0000-4000-8000-000000000001'

const roleId = ({ subscriptionId }: Foundry, guid: string) =>
  `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${guid}`

type Wanted = {
  principalId?: string
  role?: string
  name?: string
  principalType?: string
  condition?: string
}

function assign(
  lab: Foundry,
  scope: string,
  { principalId = someone, role = OPENAI_USER, name = randomUUID(), ...more }: Wanted = {},
) {
  return lab.arm('PUT', `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`, {
    apiVersion: '2022-04-01',
    body: { properties: { roleDefinitionId: roleId(lab, role), principalId, ...more } },
  })
}

const list = async (lab: Foundry, scope: string, filter = '') => {
  const { body } = await lab.arm(
    'GET',
    `${scope}/providers/Microsoft.Authorization/roleAssignments${filter ? `?$filter=${encodeURIComponent(filter)}` : ''}`,
  )
  return body.value.map(({ properties }: { properties: { scope: string } }) => properties.scope)
}

test('a role is assigned at any scope, read, and listed from above and from below', async () => {
  const lab = await openFoundry({ temper: 'fast' })
  await lab.putAccount()
  const subscription = `/subscriptions/${lab.subscriptionId}`
  const scopes = [subscription, lab.group, lab.account]
  const answers = []
  for (const scope of scopes) answers.push(await assign(lab, scope))
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
  expect(answers[2]?.body).toMatchObject({
    type: 'Microsoft.Authorization/roleAssignments',
    properties: { scope: lab.account, principalId: someone, principalType: 'ServicePrincipal' },
  })
  expect((await lab.get(answers[2]?.body.id)).properties.roleDefinitionId).toBe(roleId(lab, OPENAI_USER))
  expect(await list(lab, lab.group)).toEqual(scopes)
  expect(await list(lab, lab.group, 'atScope()')).toEqual([subscription, lab.group])
  expect(await list(lab, lab.account, `principalId eq '${someone}'`)).toEqual(scopes)
  expect(await list(lab, lab.account, `atScope() and assignedTo('${randomUUID()}')`)).toEqual([])
  expect((await lab.arm('DELETE', answers[1]?.body.id)).status).toBe(200)
  expect((await lab.arm('DELETE', answers[1]?.body.id)).status).toBe(204)
  expect(await lab.code(lab.arm('GET', answers[1]?.body.id))).toBe('404 RoleAssignmentNotFound')
})

test('the same again is fine; under another name it exists already; another principal is no update', async () => {
  const lab = await openFoundry({ temper: 'fast' })
  const name = randomUUID()
  expect((await assign(lab, lab.group, { name })).status).toBe(201)
  expect((await assign(lab, lab.group, { name })).status).toBe(200)
  const twin = await assign(lab, lab.group)
  expect([twin.status, twin.body.error.code]).toEqual([409, 'RoleAssignmentExists'])
  expect(twin.body.error.message).toContain(name.replaceAll('-', ''))
  const notPermitted = '400 RoleAssignmentUpdateNotPermitted'
  expect(await lab.code(assign(lab, lab.group, { name, role: READER }))).toBe(notPermitted)
  expect(await lab.code(assign(lab, lab.group, { name, principalId: randomUUID() }))).toBe(notPermitted)
  expect(await lab.code(assign(lab, `/subscriptions/${lab.subscriptionId}`, { name }))).toBe(notPermitted)
})

test.each([
  ['under a name that is no GUID', { name: 'mine' }, '400 InvalidRoleAssignmentId'],
  [
    'of a role that does not exist',
    { role: '53ca6127-dc72-4874-b2ec-3e57e4e8293f' },
    '400 RoleDefinitionDoesNotExist',
  ],
  ['to a client id', { principalId: APP_CLIENT_ID }, '400 PrincipalNotFound'],
  ['to a name', { principalId: 'me' }, '400 InvalidPrincipalId'],
  ['with half a condition', { condition: 'true' }, '400 InvalidConditionVersion'],
])('an assignment %s is refused', async (_what, wanted, expected) => {
  const lab = await openFoundry()
  expect(await lab.code(assign(lab, lab.group, wanted))).toBe(expected)
})

test('a scope has to exist, and takes its assignments along', async () => {
  const lab = await openFoundry({ temper: 'fast' })
  expect(await lab.code(assign(lab, lab.account))).toBe('404 ResourceNotFound')
  await lab.putAccount()
  const before = (await lab.arm('GET', lab.account)).headers.get('etag')
  await assign(lab, lab.account)
  expect((await lab.arm('GET', lab.account)).headers.get('etag')).toBe(before)
  await lab.arm('DELETE', lab.account)
  expect(await list(lab, lab.group)).toEqual([])
})

test('a new identity is a stranger for its first seconds, and dead ones stay strangers', async () => {
  const lab = await openFoundry()
  await lab.putAccount()
  const { principalId } = (await lab.settled(lab.account)).identity
  expect((await assign(lab, lab.group, { principalId })).status).toBe(201)
  await lab.putProject()
  await lab.advance(3)
  const project = (await lab.get(lab.project)).identity.principalId
  expect(await lab.code(assign(lab, lab.group, { principalId: project }))).toBe('400 PrincipalNotFound')
  await lab.advance(40)
  expect(await lab.code(assign(lab, lab.group, { principalId: project, principalType: 'User' }))).toBe(
    '400 UnmatchedPrincipalType',
  )
  expect((await assign(lab, lab.group, { principalId: project })).status).toBe(201)
  await lab.settled(lab.project)
  await lab.arm('DELETE', lab.project)
  await lab.advance(60)
  expect(await lab.code(assign(lab, lab.account, { principalId: project }))).toBe('400 PrincipalNotFound')
})

test('an assignment can be invisible for a moment', async () => {
  const lab = await openFoundry()
  const names = Array.from({ length: 6 }, (_, index) => `00000000-0000-4000-8000-00000000000${index}`)
  const seen = []
  for (const name of names) {
    const { body } = await assign(lab, lab.group, { name, principalId: randomUUID() })
    seen.push((await lab.arm('GET', body.id)).status)
  }
  expect(seen).toContain(404)
  await lab.advance(5)
  expect(await list(lab, lab.group)).toHaveLength(6)
})

test('built-in roles are read by id and by name, at any scope', async () => {
  const lab = await openFoundry()
  const definitions = `${lab.group}/providers/Microsoft.Authorization/roleDefinitions`
  const named = await lab.get(`${definitions}?$filter=${encodeURIComponent("roleName eq 'Foundry User'")}`)
  expect(named.value.map(({ name }: { name: string }) => name)).toEqual([
    '53ca6127-db72-4b80-b1b0-d745d6d5456d',
  ])
  expect(
    (await lab.get(`/providers/Microsoft.Authorization/roleDefinitions/${READER}`)).properties.roleName,
  ).toBe('Reader')
  expect((await lab.get(definitions)).value.length).toBeGreaterThan(40)
  expect(await lab.code(lab.arm('GET', `${definitions}/${randomUUID()}`))).toBe(
    '404 RoleDefinitionDoesNotExist',
  )
})
