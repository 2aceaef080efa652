import type { Azure } from '../arm/azure.ts'
import { sameId } from '../arm/ids.ts'
import type { Arrival } from '../data/call.ts'
import { holds } from '../providers/authorization/assigned.ts'
import { rolesGranting } from '../providers/authorization/data-actions.ts'
import type { Tokens } from '../tokens.ts'
import type { AccountResource } from './accounts.ts'
import { refused } from './refused.ts'

export const ACCOUNT_AUDIENCE = 'https://cognitiveservices.azure.com'
export const PROJECT_AUDIENCE = 'https://ai.azure.com'

/** Of a role that is missing or not felt yet. */
const DENIED_STATUS = 403

/** By which door: a private account is reached through its own private endpoints and by no other way. */
export function checkArrival({ id, properties }: AccountResource, arrival: Arrival): void {
  if (arrival.by === 'private-endpoint' && sameId(arrival.targetId, id)) return
  if (arrival.by === 'private-endpoint' || properties.publicNetworkAccess === 'Disabled')
    throw refused(403, 'AccessDenied', 'Public access is disabled. Please configure private endpoint.')
  if (properties.networkAcls?.defaultAction === 'Deny')
    throw refused(403, 'AccessDenied', 'Access denied due to Virtual Network/Firewall rules.')
}

/** The object id behind the bearer token, or why it opens nothing here. */
export async function principalOf(
  headers: Record<string, string>,
  audience: string,
  tokens: Tokens,
  azure: Azure,
): Promise<string> {
  const token = /^Bearer (\S+)$/i.exec(headers['authorization'] ?? '')?.[1]
  const claims = token === undefined ? undefined : await tokens.read(token)
  const isFor = String(claims?.aud).replace(/\/$/, '') === audience
  if (!claims || !isFor || Number(claims.exp) * 1000 <= azure.clock.now())
    throw refused(
      401,
      '401',
      `Unauthorized. Access token is missing, invalid, audience is incorrect (${audience}), or have expired.`,
    )
  return claims.oid ?? claims.appid ?? ''
}

/** `shown`: the operation as Azure writes it, `POST /openai/v1/responses`. */
export function checkRole(
  principalId: string,
  dataAction: string,
  resourceId: string,
  shown: string,
  azure: Azure,
): void {
  if (holds(principalId, rolesGranting(dataAction), resourceId, azure.clock.now(), azure)) return
  throw refused(
    DENIED_STATUS,
    'PermissionDenied',
    `The principal \`${principalId}\` lacks the required data action \`${dataAction}\` to perform \`${shown}\` operation.`,
  )
}

/** A key opens everything, or nothing when local authentication is off. */
export function checkKey(key: string, { properties }: AccountResource, keys: string[]): void {
  if (properties.disableLocalAuth)
    throw refused(
      403,
      'AuthenticationTypeDisabled',
      'Key based authentication is disabled for this resource.',
    )
  if (!keys.includes(key))
    throw refused(
      401,
      '401',
      'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.',
    )
}
