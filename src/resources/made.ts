import type { Resource } from './kind.ts'
import { kindOf } from './kinds.ts'

/** What must be remembered of a resource to be able to take it away, even when its document no longer describes it. */
export type Made = Pick<Resource, 'key' | 'kind' | 'id' | 'dependsOn'> & {
  location?: string
  /** Somebody else made it, and it was taken over. */
  adopted?: true
}

export function made({ key, kind, id, dependsOn, body }: Resource): Made {
  const { location } = body
  return { key, kind, id, dependsOn, ...(typeof location === 'string' ? { location } : {}) }
}

export const takenOver = (resource: Resource): Made => ({ ...made(resource), adopted: true })

/** Ids, lower case, of what this service made or has taken over. */
export const knownIds = (inventory: Made[]): Set<string> =>
  new Set(inventory.map(({ id }) => id.toLowerCase()))

/**
 * Whether a resource, if it is there, is somebody else's work.
 * @param known ids, lower case, of what this service made or has taken over
 */
export function isForeign(resource: Resource, known: ReadonlySet<string>): boolean {
  const id = resource.id.toLowerCase()
  return !(
    resource.existing ||
    known.has(id) ||
    kindOf(resource).madeByAzure?.(id.slice(id.lastIndexOf('/') + 1))
  )
}

/** Resources that were made and are no longer described, each after what it depends on among them. */
export function leftBehind(described: Resource[], inventory: Made[]): Resource[] {
  const known = new Set(described.map(({ id }) => id.toLowerCase()))
  const left = new Map(
    inventory
      .filter(({ id }) => !known.has(id.toLowerCase()))
      .map(({ key, kind, id, dependsOn, location }) => [
        key,
        { key, kind, id, dependsOn, existing: false, body: location === undefined ? {} : { location } },
      ]),
  )
  const ordered = new Map<string, Resource>()
  const place = (key: string) => {
    const resource = left.get(key)
    if (!resource || ordered.has(key)) return
    for (const needed of resource.dependsOn) place(needed)
    ordered.set(key, resource)
  }
  for (const key of left.keys()) place(key)
  return [...ordered.values()]
}
