import type { Resource } from './kind.ts'

/** What must be remembered of a resource to be able to take it away, even when its document no longer describes it. */
export type Made = Pick<Resource, 'key' | 'kind' | 'id' | 'dependsOn'> & { location?: string }

export function made({ key, kind, id, dependsOn, body }: Resource): Made {
  const { location } = body
  return { key, kind, id, dependsOn, ...(typeof location === 'string' ? { location } : {}) }
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
