import { hash } from '../environment/canonical.ts'
import type { Resource, Risk } from '../resources/kind.ts'
import { kindOf } from '../resources/kinds.ts'
import { isForeign } from '../resources/made.ts'
import type { Change } from './difference.ts'
import type { Observation } from './observation.ts'

/** One thing an operation means to do. */
export interface Step {
  resource: string
  /** `adopt`: take over what somebody else made under this name. */
  action: 'create' | 'update' | 'adopt' | 'retry' | 'remove'
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

/**
 * What an operation would do, from the document's resources and what was seen of them. Pure. An environment as described has no steps.
 * @param known ids, lower case, of what this service made or has taken over
 */
export function plan(
  resources: Resource[],
  observed: ReadonlyMap<string, Observation>,
  known: ReadonlySet<string>,
): Plan {
  const steps = resources
    .filter(({ existing }) => !existing)
    .flatMap((resource) => step(resource, observed.get(resource.key), isForeign(resource, known)))
  return { steps, hash: hashOf(steps) }
}

/**
 * What a removal would take away, in its order. Pure.
 * @param stays whether a resource that is there is left where it is; what it stands on is too
 */
export function removalPlan(
  resources: Resource[],
  observed: ReadonlyMap<string, Observation>,
  stays: (resource: Resource) => boolean,
): Plan {
  const needed = new Set<string>()
  const steps = resources
    .filter(({ key, existing }) => !existing && observed.get(key)?.state !== 'missing')
    .toReversed()
    .filter((resource) => {
      const goes = !needed.has(resource.key) && !stays(resource)
      if (!goes) for (const key of resource.dependsOn) needed.add(key)
      return goes
    })
    .map(
      ({ key }): Step => ({
        resource: key,
        action: 'remove',
        changes: [],
        reason: 'the environment is to go',
        risk: 'destructive',
        expectedMinutes: 0,
      }),
    )
  return { steps, hash: hashOf(steps) }
}

/** Equal steps have equal hashes. */
export const hashOf = (steps: Step[]): string => hash(steps)

/** Why somebody else's is not simply written, for people. */
export const taking = (observation: Extract<Observation, { state: 'failed' | 'drifted' }>): string => {
  const fields = (observation.changes ?? []).map(({ path }) => path).join(', ')
  const shown = observation.state === 'failed' ? `, and Azure shows it as ${observation.provisioning}` : ''
  return `is there already and was not made by this service${shown}: taking it over ${fields ? `changes ${fields}` : 'writes it again'}`
}

function step(resource: Resource, observation: Observation | undefined, foreign: boolean): Step[] {
  const { usualMinutes } = kindOf(resource).timing
  const common = { resource: resource.key, changes: [], risk: 'safe' as const, expectedMinutes: usualMinutes }
  if (foreign && (observation?.state === 'failed' || observation?.state === 'drifted')) {
    const changes = observation.changes ?? []
    const risk = riskOf(resource, changes) === 'destructive' ? 'destructive' : 'disruptive'
    return [{ ...common, action: 'adopt', changes, reason: taking(observation), risk }]
  }
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

/**
 * The chain of steps that takes longest when everything that can go side by side does: what to expect at best.
 * @param resources in dependency order
 */
export function criticalPath(
  resources: Resource[],
  steps: Step[],
): { criticalPath: string[]; expectedMinutes: number } {
  const minutesOf = new Map(steps.map(({ resource, expectedMinutes }) => [resource, expectedMinutes]))
  const chains = new Map<string, { path: string[]; minutes: number }>()
  let longest = { path: [] as string[], minutes: 0 }
  for (const { key, dependsOn } of resources) {
    const before = dependsOn
      .flatMap((needed) => chains.get(needed) ?? [])
      .reduce((a, b) => (b.minutes > a.minutes ? b : a), { path: [] as string[], minutes: 0 })
    const own = minutesOf.get(key)
    const chain = own === undefined ? before : { path: [...before.path, key], minutes: before.minutes + own }
    chains.set(key, chain)
    if (chain.minutes > longest.minutes) longest = chain
  }
  return { criticalPath: longest.path, expectedMinutes: Math.round(longest.minutes * 10) / 10 }
}
