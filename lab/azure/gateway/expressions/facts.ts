import { nameOf } from '../../arm/ids.ts'
import type { Resource } from '../../arm/kind.ts'
import type { Facts } from './values.ts'

const known = new WeakMap<Resource, Facts>()

/** What policies may know of an entity: its id, and these of its properties. Entities are frozen, so it is put together once. */
export function factsOf(resource: Resource, names: Record<string, string>): Facts {
  const found = known.get(resource)
  if (found) return found
  const facts: Facts = { Id: nameOf(resource.id) }
  for (const [name, property] of Object.entries(names)) {
    const value = resource.properties[property]
    if (value != null) facts[name] = String(value)
  }
  known.set(resource, facts)
  return facts
}
