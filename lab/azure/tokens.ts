import * as jose from 'jose'
import type { Clock } from './clock.ts'
import type { Table } from './store.ts'

/** Long enough ago for Azurite, which runs at wall time and refuses a token from its future. */
const BACKDATED_SECONDS = 300
const APP_SERVICE_TOKEN_SECONDS = 86_400

export type Claims = jose.JWTPayload & { oid?: string; appid?: string; tid?: string; xms_mirid?: string }
export type Asked = {
  audience: string
  objectId: string
  appId?: string
  /** The resource whose managed identity it is. */
  identityOf?: string
  name?: string
  roles?: string[]
  seconds?: number
}

export type Tokens = {
  issue(asked: Asked): Promise<{ token: string; expiresOn: number }>
  /** Signature and issuer; audience and expiry are for the plane to judge. */
  read(token: string): Promise<Claims | undefined>
  jwks(): Promise<{ keys: jose.JWK[] }>
}

export async function createTokens(
  settings: Table<unknown>,
  clock: Clock,
  tenantId: string,
): Promise<Tokens> {
  const issuer = `https://sts.windows.net/${tenantId}/`
  const stored = settings.get('signingKey') as jose.JWK | undefined
  const key = stored ?? { ...(await newKey()), kid: crypto.randomUUID(), alg: 'RS256', use: 'sig' }
  if (!stored) settings.put('signingKey', key)
  const publicKey: jose.JWK = {
    kty: 'RSA',
    kid: String(key.kid),
    alg: 'RS256',
    use: 'sig',
    n: String(key.n),
    e: String(key.e),
  }
  const signingKey = await jose.importJWK(key, 'RS256')
  const checkingKey = await jose.importJWK(publicKey, 'RS256')
  const known = new Map<string, Claims>()

  return {
    issue: async ({
      audience,
      objectId,
      appId,
      identityOf,
      name,
      roles,
      seconds = APP_SERVICE_TOKEN_SECONDS,
    }) => {
      const issuedAt = Math.floor(clock.wall() / 1000) - BACKDATED_SECONDS
      const expiresOn = Math.floor(clock.now() / 1000) + seconds
      const token = await new jose.SignJWT({
        oid: objectId,
        sub: objectId,
        tid: tenantId,
        ver: '1.0',
        idtyp: appId ? 'app' : 'user',
        ...(appId ? { appid: appId } : {}),
        ...(identityOf ? { xms_mirid: identityOf } : {}),
        ...(name ? { name, preferred_username: name } : {}),
        ...(roles ? { roles } : {}),
      })
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: String(key.kid) })
        .setAudience(audience)
        .setIssuer(issuer)
        .setIssuedAt(issuedAt)
        .setNotBefore(issuedAt)
        .setExpirationTime(expiresOn)
        .sign(signingKey)
      return { token, expiresOn }
    },
    read: async (token) => {
      const cached = known.get(token)
      if (cached) return cached
      try {
        const { payload } = await jose.compactVerify(token, checkingKey)
        const claims: Claims = JSON.parse(new TextDecoder().decode(payload))
        if (claims.iss !== issuer) return undefined
        known.set(token, claims)
        return claims
      } catch (error) {
        if (error instanceof jose.errors.JOSEError) return undefined
        throw error
      }
    },
    jwks: async () => ({ keys: [publicKey] }),
  }
}

let made: Promise<jose.JWK> | undefined

/** One process makes one key, however many labs it starts: nothing else at a start takes as long. */
function newKey(): Promise<jose.JWK> {
  made ??= jose
    .generateKeyPair('RS256', { extractable: true })
    .then(({ privateKey }) => jose.exportJWK(privateKey))
  return made
}
