import type { Resource } from '../arm/kind.ts'
import { show } from '../arm/show.ts'
import { vantageOf } from './backend-call.ts'
import type { GatewayWorld } from './gateway-world.ts'
import { PolicyError } from './problems.ts'

export type IdentityToken = { token: string; expiresOn: number }

/** A token is fetched anew when it has less than this left. */
const NEARLY_OVER_SECONDS = 300

const ENTRA_HOST = 'login.microsoftonline.com'

const principals = new WeakMap<Resource, string>()

/** Resources are frozen, so a service is asked once. */
export function principalOf(service: Resource, { azure }: Pick<GatewayWorld, 'azure'>): string | undefined {
  const known = principals.get(service)
  if (known) return known
  const { principalId } = (show(service, azure)['identity'] ?? {}) as { principalId?: string }
  if (principalId) principals.set(service, principalId)
  return principalId
}

/** A token of the service's own identity; kept while it is good, as API Management does. */
export function identityToken(
  service: Resource,
  resource: string,
  world: GatewayWorld,
): string | Promise<string> {
  const { azure, identityTokens } = world
  const known = identityTokens.get(`${service.id}\n${resource}`)
  if (known && known.expiresOn - NEARLY_OVER_SECONDS > azure.clock.now() / 1000) return known.token
  return freshToken(service, resource, world)
}

async function freshToken(service: Resource, resource: string, world: GatewayWorld): Promise<string> {
  const objectId = principalOf(service, world)
  if (!objectId)
    throw new PolicyError('ManagedIdentityNotFound', 'The service has no system-assigned managed identity.')
  // Its own way to Entra (azure-facts 1.4, AzureActiveDirectory): felt when the token in its memory is over.
  if (!world.reaches(ENTRA_HOST, vantageOf(service)))
    throw new PolicyError('ManagedIdentityTokenFailed', `${ENTRA_HOST} cannot be reached.`)
  const appId = world.azure.draw.uuid('application', objectId)
  const issued = await world.tokens.issue({ audience: resource, objectId, appId, identityOf: service.id })
  world.identityTokens.set(`${service.id}\n${resource}`, issued)
  return issued.token
}
