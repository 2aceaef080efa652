import type { Resource } from '../resources/kind.ts'
import type { Protect } from '../resources/protection.ts'
import type { Fault } from './fault.ts'

const mostNamed = 8

/**
 * Faults of `protect`: keys that name nothing of the environment, or what is somebody else's. Pure.
 * @param resources those of the document, and those that earlier ones left behind
 */
export function protectFaults(protect: Protect, resources: Resource[]): Fault[] {
  const byKey = new Map(resources.map((resource) => [resource.key, resource]))
  const ours = resources.filter(({ existing }) => !existing).map(({ key }) => key)
  return Object.keys(protect ?? {}).flatMap((key): Fault[] => {
    const path = `protect.${key}`
    const found = byKey.get(key)
    if (!found) return [{ path, problem: 'names no resource of this environment', remedy: remedy(key, ours) }]
    if (found.existing)
      return [{ path, problem: 'is somebody else’s, and never removed', remedy: 'take the line out' }]
    return []
  })
}

/** Those of the same name come first, then those of the same kind. */
function remedy(key: string, keys: string[]): string {
  const kind = key.slice(0, key.indexOf('/') + 1)
  const name = key.slice(key.lastIndexOf('/')).toLowerCase()
  const near = [
    ...keys.filter((other) => other.toLowerCase().endsWith(name)),
    ...keys.filter((other) => other.startsWith(kind)),
  ]
  const named = [...new Set(near)].slice(0, mostNamed)
  return named.length > 0
    ? `use the key as conditions and steps show it; near are ${named.join(', ')}`
    : 'use the key as conditions and steps show it (POST …/plan lists the steps), or take the line out'
}
