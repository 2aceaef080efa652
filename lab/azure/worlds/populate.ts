import type { Azure } from '../arm/azure.ts'
import { type Body, draftOf } from '../arm/draft.ts'
import { keyOf, typeOf } from '../arm/ids.ts'
import { keepInline } from '../arm/inline.ts'
import type { Properties } from '../arm/kind.ts'

/** Puts a settled resource into a world that is being born; the same drafts as over the wire, without the wait. */
export function place(azure: Azure, id: string, body: Body, assigned: Properties = {}): void {
  const kind = azure.kind(typeOf(id))
  if (!kind) throw new Error(`no kind for ${id}`)
  const now = azure.clock.now()
  const settled = { state: 'Succeeded', settledAt: now }
  const draft = azure.keep({ ...draftOf(kind, id, body, undefined, azure), ...settled })
  const given = kind.settled?.(draft, 'create', azure)
  // What the service remembers of it was kept meanwhile, too.
  const kept = azure.find(id) ?? draft
  azure.keep({ ...kept, assigned: { ...kept.assigned, ...given, ...assigned } })
  for (const { child } of keepInline(kind, draft, body.properties ?? {}, azure))
    azure.keep({ ...child, ...settled })
}

export function registerAll(azure: Azure): void {
  for (const { namespace } of azure.providers) azure.world.registrations.put(keyOf(namespace), 'Registered')
}
