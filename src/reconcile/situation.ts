import type { Resource } from '../resources/kind.ts'
import { kindOf } from '../resources/kinds.ts'
import type { Protect } from '../resources/protection.ts'
import type { Observation } from './observation.ts'
import type { Step } from './plan.ts'
import type { Pause } from './restraint.ts'
import type { Intent, Remembered } from './standing.ts'

/** Everything one turn of the loop decides from. */
export interface Situation {
  nowMs: number
  /** In dependency order. */
  resources: Resource[]
  /** Of earlier turns of this operation. */
  remembered: ReadonlyMap<string, Remembered>
  observed: ReadonlyMap<string, Observation>
  /** Left unread this time (due.ts), with the seconds until it is read, where they are known; absent: nothing was. */
  spared?: ReadonlyMap<string, number | undefined>
  intents: ReadonlyMap<string, Intent>
  cancelRequested: boolean
  /** Steps of the plan a person has approved, by resource; empty while nobody has. */
  approved: ReadonlyMap<string, Step>
  /** Ids, lower case, of what this service made or has taken over: whatever else is there is somebody else's work. */
  known: ReadonlySet<string>
  /** What is said of protection, by the document and for what was taken over. */
  protect: Protect
  /** Of a removal: protected resources go too. */
  includeProtected: boolean
  /** How far the document lets the service go. */
  mode: 'observe' | 'repair' | 'full'
  /** Nobody is there to approve: what needs a person is left for one. */
  automatic: boolean
  paused: ReadonlyMap<string, Pause>
}

/** Whether Azure may still be about to show what this write asked for: it took it, or nobody heard its answer, and its grace lasts. */
export function mayAppear({ outcome, atMs }: Intent, resource: Resource, nowMs: number): boolean {
  const turnedAway = outcome?.is === 'refused' || (outcome?.is === 'later' && outcome.reason !== 'NoAnswer')
  return !turnedAway && nowMs - atMs < kindOf(resource).timing.graceSeconds * 1000
}

/**
 * Of the notes kept about writes, those that bear on `operation`: its own, and those of an operation before it whose write Azure may
 * still be about to show. The latter do not count as tries.
 */
export function bearing(
  intents: Intent[],
  resources: Resource[],
  operation: string,
  nowMs: number,
): Map<string, Intent> {
  const byKey = new Map(resources.map((resource) => [resource.key, resource]))
  return new Map(
    intents.flatMap((intent) => {
      const resource = byKey.get(intent.resource)
      if (!resource) return []
      if (intent.operation === operation) return [[intent.resource, intent] as const]
      return mayAppear(intent, resource, nowMs) ? [[intent.resource, { ...intent, attempt: 0 }] as const] : []
    }),
  )
}
