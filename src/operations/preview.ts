import { expand } from '../environment/expand.ts'
import { type Note, notes } from '../environment/notes.ts'
import type { Document } from '../environment/schema.ts'
import { auditNotes } from '../gateway-audit/observed.ts'
import { criticalPath, type Plan, plan } from '../reconcile/plan.ts'
import type { JsonObject } from '../resources/kind.ts'
import { isForeign, knownIds } from '../resources/made.ts'
import type { World } from './deeds.ts'
import { observeAll } from './observe-all.ts'

/** What applying a document would do now, and how long that takes at least. */
export interface Preview extends Plan {
  /** The chain of steps that takes longest, in order. */
  criticalPath: string[]
  expectedMinutes: number
  /** Keys of resources somebody else made exactly as described: applying takes them over without a write, protected. */
  adopted: string[]
  /** What applying does not say by its steps, and an operator should know. */
  notes: Note[]
  /** Resources that could not be read: the plan knows nothing of them. */
  unreadable: { resource: string; reason: string; message: string }[]
}

/** Looks at every resource of a document and plans. Reads only; nothing is stored. */
export async function preview(
  { arm, surroundings, store }: Pick<World, 'arm' | 'surroundings' | 'store'>,
  document: Document,
): Promise<Preview> {
  const resources = expand(document, surroundings)
  const bodies = new Map<string, JsonObject>()
  const observed = await observeAll(arm, resources, bodies)
  const inventory = await store.inventory.list(document.name)
  const known = knownIds(inventory)
  const made = plan(resources, observed, known)
  const adopted = resources
    .filter((resource) => observed.get(resource.key)?.state === 'ready' && isForeign(resource, known))
    .map(({ key }) => key)
  const unreadable = [...observed].flatMap(([resource, seen]) =>
    seen.state === 'unknown' ? [{ resource, reason: seen.reason, message: seen.message }] : [],
  )
  return {
    ...made,
    ...criticalPath(resources, made.steps),
    adopted,
    notes: [...notes(document, surroundings, inventory), ...auditNotes(document, resources, bodies)],
    unreadable,
  }
}
