import { describe, expect, test } from 'vitest'
import { callerOf, may, type Role } from '../../functions/caller.ts'
import { routes } from '../../functions/routes.ts'

const header = (principal: unknown) => Buffer.from(JSON.stringify(principal)).toString('base64')
const claims = (...pairs: [string, string][]) => ({
  auth_typ: 'aad',
  role_typ: 'roles',
  claims: pairs.map(([typ, val]) => ({ typ, val })),
})

describe('the principal header', () => {
  test('names the caller and the roles, under either name a role claim can have', () => {
    const long = 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role'
    expect(
      callerOf(header(claims(['oid', 'o1'], ['name', 'Ada'], ['roles', 'Ops.Read'], [long, 'Ops.Approve']))),
    ).toEqual({
      id: 'o1',
      name: 'Ada',
      roles: ['Ops.Read', 'Ops.Approve'],
    })
  })
  test.each([
    null,
    '',
    'not base64 at all',
    header('text'),
    header({ claims: 'x' }),
    header(claims(['name', 'nobody'])),
  ])('that vouches for nobody lets nobody in (%#)', (value) => {
    expect(callerOf(value)).toBeUndefined()
  })
})

test('operating and approving include reading; nothing else includes anything', () => {
  const roles: Role[] = ['Ops.Read', 'Ops.Operate', 'Ops.Approve']
  const table = roles.map((has) => roles.map((asks) => may({ id: 'i', name: 'n', roles: [has] }, asks)))
  expect(table).toEqual([
    [true, false, false],
    [true, true, false],
    [true, false, true],
  ])
  for (const asks of roles)
    expect(may({ id: 'i', name: 'n', roles: ['Admin', 'ops.read'] }, asks)).toBe(false)
})

describe('the route table', () => {
  test('is open to anybody for health alone', () => {
    expect(routes.filter(({ role }) => role === 'anonymous').map(({ path }) => path)).toEqual(['api/health'])
  })
  /** They take a document to look into, hence POST. */
  const readers = new Set(['planEnvironment', 'preflightEnvironment', 'importEnvironment'])
  test('asks for more than reading wherever something is changed', () => {
    for (const { name, method, role } of routes)
      if (method !== 'GET' && !readers.has(name)) expect(role, name).not.toBe('Ops.Read')
  })
  test('has no route that hides another: same method, same number of segments, and a parameter where the other has a word', () => {
    const segments = (path: string) => path.split('/')
    for (const a of routes)
      for (const b of routes) {
        if (a === b || a.method !== b.method || segments(a.path).length !== segments(b.path).length) continue
        const apart = segments(a.path).some((part, index) => {
          const other = segments(b.path)[index] ?? ''
          return !part.startsWith('{') && !other.startsWith('{') && part !== other
        })
        expect(apart, `${a.name} and ${b.name}`).toBe(true)
      }
  })
})
