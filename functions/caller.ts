import * as z from 'zod'

/** What a caller may do. `Ops.Operate` and `Ops.Approve` both include reading. */
export type Role = 'Ops.Read' | 'Ops.Operate' | 'Ops.Approve'

export interface Caller {
  /** Object id in Entra ID. */
  id: string
  name: string
  roles: string[]
}

/** App roles can arrive under either name. */
const roleClaims = new Set(['roles', 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role'])
const idClaims = new Set(['oid', 'http://schemas.microsoft.com/identity/claims/objectidentifier'])
const nameClaims = new Set(['name', 'preferred_username', 'appid', 'azp'])

const Principal = z.object({
  role_typ: z.string().optional(),
  claims: z.array(z.object({ typ: z.string(), val: z.string() })),
})

/**
 * The caller as App Service authentication vouches for it (`X-MS-CLIENT-PRINCIPAL`, base64 JSON). The platform strips the header from what comes in
 * from outside, and the settings are refused at start unless it is on.
 * @returns undefined when nobody is vouched for
 */
export function callerOf(header: string | null): Caller | undefined {
  if (!header) return undefined
  const principal = Principal.safeParse(json(Buffer.from(header, 'base64').toString('utf8')))
  if (!principal.success) return undefined
  const { claims, role_typ } = principal.data
  const first = (names: Set<string>) => claims.find(({ typ }) => names.has(typ))?.val
  const id = first(idClaims)
  if (!id) return undefined
  return {
    id,
    name: first(nameClaims) ?? id,
    roles: claims.filter(({ typ }) => roleClaims.has(typ) || typ === role_typ).map(({ val }) => val),
  }
}

/** Whether the caller may use a route of this role. */
export const may = (caller: Caller, role: Role): boolean =>
  caller.roles.includes(role) ||
  (role === 'Ops.Read' && caller.roles.some((has) => has === 'Ops.Operate' || has === 'Ops.Approve'))

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
