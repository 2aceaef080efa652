import { isDeepStrictEqual } from 'node:util'
import type { Azure } from './azure.ts'
import { removalBlocked } from './blocked.ts'
import { type Body, checkName, draftOf } from './draft.ts'
import { badRequest } from './errors.ts'
import { keyOf, nameOf } from './ids.ts'
import type { Kind, Properties, Resource } from './kind.ts'

export type KeptChild = { child: Resource; childKind: Kind; childBefore: Resource | undefined }

/**
 * The children that stand in a parent's body, such as the subnets of a virtual network. The list replaces what was
 * there: children left out of it are deleted, and when one of them is in use the whole write is refused.
 */
export function keepInline(kind: Kind, parent: Resource, asked: Properties, azure: Azure): KeptChild[] {
  return (kind.inline ?? []).flatMap(({ property, type, omitted }) => {
    const childKind = azure.kind(type)
    const list = asked[property] ?? (omitted === 'remove' ? [] : undefined)
    if (!childKind || list === undefined) return []
    if (!Array.isArray(list))
      throw badRequest(
        'InvalidRequestFormat',
        `Cannot parse the request: properties.${property} is not a list.`,
      )
    const bodies = list.map((body) => named(property, body))
    removeLeftOut(parent, type, bodies, azure)
    return bodies.flatMap((body) => {
      const id = `${parent.id}/${type.slice(type.lastIndexOf('/') + 1)}/${body.name}`
      const childBefore = azure.find(id)
      checkName(childKind, id)
      const child = draftOf(childKind, childBefore?.id ?? id, body, childBefore, azure)
      if (childBefore && isDeepStrictEqual(child, childBefore)) return []
      return [{ child: azure.keep(child), childKind, childBefore }]
    })
  })
}

function removeLeftOut(parent: Resource, type: string, kept: { name: string }[], azure: Azure): void {
  const names = new Set(kept.map(({ name }) => keyOf(name)))
  for (const child of azure.children(parent.id, type)) {
    if (names.has(keyOf(nameOf(child.id)))) continue
    const blocked = removalBlocked(child, azure)
    if (blocked) throw blocked
    azure.erase(child.id)
  }
}

function named(property: string, body: unknown): Body & { name: string } {
  const name = (body as { name?: unknown } | null)?.name
  if (typeof name !== 'string' || !name)
    throw badRequest(
      'InvalidRequestFormat',
      `Cannot parse the request: an entry of properties.${property} has no name.`,
    )
  return body as Body & { name: string }
}
