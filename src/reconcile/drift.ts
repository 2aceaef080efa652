import type { Resource } from '../resources/kind.ts'
import { isProtected, type Protect } from '../resources/protection.ts'
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

/**
 * What departs from the description, from what a sweep saw. Pure.
 * @param known ids, lower case, of what this service made or has taken over
 */
export function findings(
  resources: Resource[],
  observed: ReadonlyMap<string, Observation>,
  known: ReadonlySet<string>,
  protect: Protect,
): Finding[] {
  const byKey = new Map(resources.map((resource) => [resource.key, resource]))
  return plan(resources, observed, known).steps.map((step) => ({
    resource: step.resource,
    class: classOf(step, byKey.get(step.resource), protect),
    reason: step.reason,
    changes: step.changes,
  }))
}

/** A protected thing that vanished is made again only when a person says so. */
function classOf({ action, risk }: Step, resource: Resource | undefined, protect: Protect): DriftClass {
  if (risk === 'destructive') return 'never'
  if (risk === 'disruptive') return 'person'
  return action !== 'update' && resource && isProtected(resource, protect) ? 'person' : 'safe'
}
