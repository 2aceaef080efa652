import { at } from '../environment/raw.ts'
import type { JsonObject, Resource } from '../resources/kind.ts'
import { idOf } from './found.ts'
import { tagsOf } from './hand.ts'

/** Tags that all of the described resources carry which can carry any. */
export function commonTags(contents: JsonObject[], resources: Resource[]): Record<string, string> {
  const wanted = new Set(
    resources
      .filter(({ existing, body }) => !existing && at(body, 'tags') !== undefined)
      .map(({ id }) => id.toLowerCase()),
  )
  const [first, ...others] = contents.filter((body) => wanted.has(idOf(body).toLowerCase()))
  return Object.fromEntries(
    tagsOf(first).filter(([name, value]) =>
      others.every((body) => tagsOf(body).some(([own, its]) => own === name && its === value)),
    ),
  )
}
