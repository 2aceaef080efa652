import type { Resource } from '../resources/kind.ts'
import { isProtected } from '../resources/protection.ts'
import type { Change } from './difference.ts'
import type { Observation } from './observation.ts'
import { plan, type Step } from './plan.ts'

/** Who may put it back: the service by itself, a person who looked, or nobody by this service. */
export type DriftClass = 'safe' | 'person' | 'never'

/** One resource that is not as described. */
export interface Finding {
  resource: string
  class: DriftClass
  /** What is different, for people. */
  reason: string
  changes: Change[]
}

/** What departs from the description, from what a sweep saw. Pure. */
export function findings(resources: Resource[], observed: ReadonlyMap<string, Observation>): Finding[] {
  const byKey = new Map(resources.map((resource) => [resource.key, resource]))
  return plan(resources, observed).steps.map((step) => ({
    resource: step.resource,
    class: classOf(step, byKey.get(step.resource)),
    reason: step.reason,
    changes: step.changes,
  }))
}

/** A slow or stateful thing that vanished is made again only when a person says so. */
function classOf({ action, risk }: Step, resource: Resource | undefined): DriftClass {
  if (risk === 'destructive') return 'never'
  if (risk === 'disruptive') return 'person'
  return action !== 'update' && resource && isProtected(resource) ? 'person' : 'safe'
}
