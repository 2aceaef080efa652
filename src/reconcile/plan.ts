import { hash } from '../environment/canonical.ts'
import type { JsonObject, Resource, Risk } from '../resources/kind.ts'
import { kindOf } from '../resources/kinds.ts'
import type { Change } from './difference.ts'
import type { Observation } from './observation.ts'

/** One thing an operation means to do. */
export interface Step {
  resource: string
  action: 'create' | 'update' | 'retry'
  /** Fields before and after; a creation lists none. */
  changes: Change[]
  /** Why, for people. */
  reason: string
  risk: Risk
  expectedMinutes: number
}

export interface Plan {
  steps: Step[]
  /** Of the steps: equal plans have equal hashes. */
  hash: string
}

/** What an operation would do, from the document's resources and what was seen of them. Pure. An environment as described has no steps. */
export function plan(resources: Resource[], observed: ReadonlyMap<string, Observation>): Plan {
  const steps = resources
    .filter(({ existing }) => !existing)
    .flatMap((resource) => step(resource, observed.get(resource.key)))
  return { steps, hash: hash(steps as unknown as JsonObject[]) }
}

function step(resource: Resource, observation: Observation | undefined): Step[] {
  const { usualMinutes } = kindOf(resource).timing
  const common = { resource: resource.key, changes: [], risk: 'safe' as const, expectedMinutes: usualMinutes }
  switch (observation?.state) {
    case 'missing':
      return [{ ...common, action: 'create', reason: 'is missing' }]
    case 'failed':
      return [{ ...common, action: 'retry', reason: `Azure shows it as ${observation.provisioning}` }]
    case 'drifted':
      return [
        {
          ...common,
          action: 'update',
          changes: observation.changes,
          reason: `differs in ${observation.changes.map(({ path }) => path).join(', ')}`,
          risk: riskOf(resource, observation.changes),
        },
      ]
    default:
      return []
  }
}

/** The worst risk among the changes, as the kind rates its fields. */
export function riskOf(resource: Resource, changes: Change[]): Risk {
  const { risks } = kindOf(resource)
  const found = changes.flatMap(({ path }) =>
    Object.entries(risks).filter(
      ([field]) =>
        path === field ||
        path.startsWith(`${field}.`) ||
        path.startsWith(`${field}[`) ||
        field.startsWith(`${path}.`),
    ),
  )
  if (found.some(([, risk]) => risk === 'destructive')) return 'destructive'
  return found.length > 0 ? 'disruptive' : 'safe'
}
