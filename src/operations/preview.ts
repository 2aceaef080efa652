import { expand } from '../environment/expand.ts'
import type { Document } from '../environment/schema.ts'
import { criticalPath, type Plan, plan } from '../reconcile/plan.ts'
import type { World } from './deeds.ts'
import { observeAll } from './observe-all.ts'

/** What applying a document would do now, and how long that takes at least. */
export interface Preview extends Plan {
  /** The chain of steps that takes longest, in order. */
  criticalPath: string[]
  expectedMinutes: number
  /** Resources that could not be read: the plan knows nothing of them. */
  unreadable: { resource: string; reason: string; message: string }[]
}

/** Looks at every resource of a document and plans. Reads only; nothing is stored. */
export async function preview(
  { arm, surroundings }: Pick<World, 'arm' | 'surroundings'>,
  document: Document,
): Promise<Preview> {
  const resources = expand(document, surroundings)
  const observed = await observeAll(arm, resources, new Map())
  const made = plan(resources, observed)
  const unreadable = [...observed].flatMap(([resource, seen]) =>
    seen.state === 'unknown' ? [{ resource, reason: seen.reason, message: seen.message }] : [],
  )
  return { ...made, ...criticalPath(resources, made.steps), unreadable }
}
