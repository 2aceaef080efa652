import type { Azure } from './azure.ts'
import { keyOf } from './ids.ts'
import type { Resource } from './kind.ts'
import { show } from './show.ts'

/** The directory hears of a managed identity some time after it was made. */
export type Principal = { of: string; knownAt: number }

/** The system-assigned identity as a GET shows it. */
export function identityShown({ id, beside, hidden }: Resource, azure: Azure): { identity?: object } {
  const identity = beside['identity'] as object
  if (!isSystemAssigned(identity)) return {}
  const principalId = azure.draw.uuid('principal', keyOf(id), Number(hidden?.['birth'] ?? 0))
  return { identity: { ...identity, principalId, tenantId: azure.tenantId } }
}

const isSystemAssigned = (identity: unknown) => {
  const type = (identity as { type?: unknown } | null | undefined)?.type
  return typeof type === 'string' && type.includes('SystemAssigned')
}

function principalIdOf(resource: Resource, azure: Azure): string | undefined {
  if (!isSystemAssigned(resource.beside['identity'])) return undefined
  const { principalId } = (show(resource, azure)['identity'] ?? {}) as { principalId?: string }
  return principalId
}

export function announceIdentity(resource: Resource, azure: Azure): void {
  const principalId = principalIdOf(resource, azure)
  const { principals } = azure.world
  if (!principalId || principals.get(principalId)) return
  const knownAt = azure.clock.now() + azure.delayMs('principalKnown', principalId)
  principals.put(principalId, { of: resource.id, knownAt })
}

/** Whether the directory knows it now. Users, groups and identities made elsewhere always were there. */
export function isKnown(principalId: string, azure: Azure): boolean {
  const principal = azure.world.principals.get(principalId)
  if (!principal) return true
  const holder = azure.find(principal.of)
  const lives = holder !== undefined && principalIdOf(holder, azure) === principalId
  return lives && principal.knownAt <= azure.clock.now()
}

/** How often a resource of that id was born before: an identity does not come back with its name. */
export const birthOf = (id: string, azure: Azure): number =>
  azure.world.attempts.get(keyOf(`create ${id}`)) ?? 0

/** For `revived` of a type whose resources have an identity and no soft delete of their own. */
export const rememberBirth = <P>(
  draft: Resource<P>,
  before: Resource<P> | undefined,
  azure: Azure,
): Resource<P> =>
  before ? draft : { ...draft, hidden: { ...draft.hidden, birth: birthOf(draft.id, azure) } }
