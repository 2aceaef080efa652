import type { Carried } from '../arm/call.ts'
import type { Asked } from '../exchange.ts'
import type { Tokens } from '../tokens.ts'
import { HOME, type Identity } from '../worlds/world.ts'

/** Entra issues tokens for resources it knows, not for any address: a lab url as audience is a caller's mistake. */
const KNOWN_RESOURCE =
  /^(api:\/\/.+|[0-9a-f-]{36}|https:\/\/([\w-]+\.)*(azure\.(com|net)|windows\.net|microsoft\.com|azure-api\.net|loganalytics\.io)\/?)(\/\.default)?$/i

/** The managed identity endpoint of App Service, 2019-08-01: the app's own identity, and by `client_id` also the two to prove roles with. */
export async function tokenPlane(
  asked: Asked,
  identity: Identity,
  tokens: Tokens,
  seconds?: number,
): Promise<Carried> {
  const query = asked.url.searchParams
  if (asked.method !== 'GET') return refusal(405, 'Only GET is supported.')
  if (asked.headers.get('x-identity-header') !== identity.header)
    return refusal(401, 'The X-IDENTITY-HEADER header is missing or wrong.')
  if (query.get('api-version') !== '2019-08-01')
    return refusal(400, `The api-version '${query.get('api-version') ?? ''}' is not supported.`)
  const resource = query.get('resource')
  if (!resource) return refusal(400, "The 'resource' parameter is required.")
  if (!KNOWN_RESOURCE.test(resource))
    return refusal(
      400,
      `AADSTS500011: The resource principal named ${resource} was not found in the tenant. This can happen if the application has not been installed by the administrator of the tenant.`,
    )
  const clientId = query.get('client_id')
  const asking = [identity, HOME.probe, HOME.nobody].find((one) => one.clientId === clientId) ?? identity
  if (clientId && clientId !== asking.clientId)
    return refusal(
      400,
      `No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId: ${clientId}.`,
    )
  const { token, expiresOn } = await tokens.issue({
    audience: resource.replace(/\/?\.default$/, ''),
    objectId: asking.principalId,
    appId: asking.clientId,
    ...(seconds === undefined ? {} : { seconds }),
  })
  return {
    status: 200,
    body: {
      access_token: token,
      expires_on: String(expiresOn),
      resource,
      token_type: 'Bearer',
      client_id: asking.clientId,
    },
  }
}

const refusal = (statusCode: number, message: string): Carried => ({
  status: statusCode,
  body: { statusCode, message, correlationId: crypto.randomUUID() },
})
