import type { Clock } from '../clock.ts'
import type { Tokens } from '../tokens.ts'
import { Refusal } from './errors.ts'

const AUDIENCES = [
  'https://management.azure.com',
  'https://management.core.windows.net',
  'https://management.azure.com/.default',
]

/** The object id behind a bearer token, or why there is none. */
export async function authenticate(
  authorization: string | null,
  tokens: Tokens,
  clock: Clock,
  tenantId: string,
): Promise<string> {
  const refuse = (code: string, message: string) =>
    new Refusal(401, code, message, {
      headers: {
        'WWW-Authenticate': `Bearer authorization_uri="https://login.windows.net/${tenantId}", error="invalid_token", error_description="${message}"`,
      },
    })
  if (!authorization)
    throw refuse('AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing.")
  const token = /^Bearer (\S+)$/i.exec(authorization)?.[1]
  const claims = token && (await tokens.read(token))
  if (!claims) throw refuse('InvalidAuthenticationToken', 'The access token is invalid.')
  const audience = String(claims.aud).replace(/\/+$/, '')
  if (!AUDIENCES.includes(audience))
    throw refuse(
      'InvalidAuthenticationTokenAudience',
      `The access token has been obtained for wrong audience or resource '${audience}'. It should exactly match with one of the allowed audiences '${AUDIENCES.slice(0, 2).join("','")}'.`,
    )
  const expiresAt = Number(claims.exp) * 1000
  if (expiresAt <= clock.now())
    throw refuse(
      'ExpiredAuthenticationToken',
      `The access token expiry UTC time '${new Date(expiresAt).toISOString()}' is earlier than current UTC time '${new Date(clock.now()).toISOString()}'.`,
    )
  return claims.oid ?? claims.appid ?? 'unknown'
}
