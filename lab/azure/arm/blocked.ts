import type { Azure } from './azure.ts'
import type { Refusal } from './errors.ts'
import type { Removal, Resource } from './kind.ts'

/** Why a resource, or something under it, cannot be deleted now. */
export function removalBlocked(
  resource: Resource,
  azure: Azure,
  query?: URLSearchParams,
): Refusal | undefined {
  const removal: Removal = { root: resource, ...(query ? { query } : {}) }
  for (const doomed of [resource, ...azure.under(resource.id)]) {
    const blocked = azure.kind(doomed.type)?.blocked?.(doomed, azure, removal)
    if (blocked) return blocked
  }
  return undefined
}
