import type { Azure } from './azure.ts'
import type { Refusal } from './errors.ts'
import type { Resource } from './kind.ts'

/** Why a resource, or something under it, cannot be deleted now. */
export function removalBlocked(resource: Resource, azure: Azure): Refusal | undefined {
  for (const doomed of [resource, ...azure.under(resource.id)]) {
    const blocked = azure.kind(doomed.type)?.blocked?.(doomed, azure)
    if (blocked) return blocked
  }
  return undefined
}
