// App Service authentication ("Easy Auth"): the app sees a principal in headers that no caller can forge. Without --auth every caller is
// the local operator; with it a bearer token of the lab's tenant is required, except on the excluded paths.
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose'
import type { Received } from './request.ts'

export interface TokenCheck {
  jwksUrl: string
  tenantId: string
}

export interface EasyAuth {
  /** Replaces the principal headers of the request. False: answer 401. */
  admit(request: Received): Promise<boolean>
}

interface Claim {
  typ: string
  val: string
}

const audience = 'api://foundry-gateway-ops'
const objectIdClaim = 'http://schemas.microsoft.com/identity/claims/objectidentifier'
const roles = ['Ops.Read', 'Ops.Operate', 'Ops.Approve']
const localOperator: Claim[] = [
  { typ: 'name', val: 'local operator' },
  { typ: objectIdClaim, val: '00000000-0000-4000-8000-00000000cafe' },
  ...roles.map((val) => ({ typ: 'roles', val })),
]

export function openEasyAuth(check?: TokenCheck): EasyAuth {
  const claimsOf = check ? tokenClaims(check) : async () => localOperator
  return {
    async admit({ headers, url }) {
      for (const name of Object.keys(headers))
        if (name.startsWith('x-ms-client-principal')) delete headers[name]
      if (check && isExcluded(url.pathname)) return true
      const claims = await claimsOf(headers['authorization'])
      if (!claims) return false
      Object.assign(headers, principalHeaders(claims))
      return true
    },
  }
}

function isExcluded(path: string): boolean {
  const excluded = (process.env['LAB_AUTH_EXCLUDED_PATHS'] ?? '/api/health').toLowerCase().split(',')
  return excluded.some((entry) => {
    const wanted = entry.trim()
    return wanted.endsWith('/*')
      ? path.toLowerCase().startsWith(wanted.slice(0, -1))
      : path.toLowerCase() === wanted
  })
}

function tokenClaims({ jwksUrl, tenantId }: TokenCheck) {
  const keys = createRemoteJWKSet(new URL(jwksUrl))
  // Version 1 and version 2 of Entra's tokens name their issuer differently.
  const issuer = [
    `https://sts.windows.net/${tenantId}/`,
    `https://login.microsoftonline.com/${tenantId}/v2.0`,
  ]
  return async (authorization: string | undefined): Promise<Claim[] | null> => {
    const token = /^bearer (.+)$/i.exec(authorization ?? '')?.[1]
    if (!token) return null
    const verified = await jwtVerify(token, keys, { issuer, audience }).catch(() => null)
    return verified && toClaims(verified.payload)
  }
}

const longNames: Record<string, string> = { oid: objectIdClaim }

function toClaims(payload: JWTPayload): Claim[] {
  return Object.entries(payload).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((each) => ({
      typ: longNames[name] ?? name,
      val: typeof each === 'object' ? JSON.stringify(each) : String(each),
    })),
  )
}

function principalHeaders(claims: Claim[]): Record<string, string> {
  const value = (typ: string) => claims.find((claim) => claim.typ === typ)?.val ?? ''
  const principal = { auth_typ: 'aad', name_typ: 'name', role_typ: 'roles', claims }
  return {
    'x-ms-client-principal': Buffer.from(JSON.stringify(principal)).toString('base64'),
    'x-ms-client-principal-id': value(objectIdClaim),
    'x-ms-client-principal-name': value('name') || value('appid'),
    'x-ms-client-principal-idp': 'aad',
  }
}
