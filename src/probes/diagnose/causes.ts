import { findings } from '../../reconcile/drift.ts'
import type { Resource } from '../../resources/kind.ts'
import type { Reason } from '../reason.ts'
import { blamed, type Culprit, culpritAt } from './blame.ts'
import type { Cause, Failing, Looked, Named } from './cause.ts'
import { type Group, groups } from './shared.ts'
import { remedies, remedyFor, whatIsWrong, whatItBreaks } from './words.ts'

/**
 * Why probes fail: one cause for each fault, from the failures nothing failing is before, and from what their suspects look like. Pure: who calls it
 * has looked already (`toRead`, `alsoRead`).
 * @param muted failing probe → the root it stands behind
 */
export function causes(
  failing: Failing[],
  muted: ReadonlyMap<string, string>,
  looked: Looked,
  named: Named,
): Cause[] {
  const ranges = rangesIn(named.resources)
  const wrong = new Map(
    named.resources.flatMap((resource) => {
      const culprit = culpritAt(resource, looked, ranges)
      return culprit ? [[resource.key, culprit] as const] : []
    }),
  )
  const above = ancestors(named.resources)
  const explained: [Failing, Culprit][] = []
  const unexplained: Failing[] = []
  for (const one of failing) {
    const culprit = blamed(one, wrong)
    if (culprit) explained.push([one, origin(culprit, wrong, above)])
    else unexplained.push(one)
  }
  const behind = (roots: Failing[]) =>
    [...muted].flatMap(([id, root]) => (roots.some(({ probe }) => probe.id === root) ? [id] : []))
  return [
    ...[...Map.groupBy(explained, ([, { resource }]) => resource.key).values()].flatMap((group) => {
      const [first] = group
      return first
        ? [
            ofResource(
              first[1],
              group.map(([one]) => one),
              behind,
              looked,
              named,
            ),
          ]
        : []
    }),
    ...groups(unexplained).flatMap((group) => ofComponent(group, behind) ?? []),
  ]
}

type Behind = (roots: Failing[]) => string[]

/** What stands on something that is gone went with it: the one to name is what went first. */
function origin(
  culprit: Culprit,
  wrong: ReadonlyMap<string, Culprit>,
  above: (key: string) => string[],
): Culprit {
  if (culprit.stranger !== undefined) return culprit
  const gone = above(culprit.resource.key).flatMap((key) => {
    const other = wrong.get(key)
    return other && ['missing', 'failed'].includes(other.observation.state) ? [other] : []
  })
  // Of these, one that none of the others is above of.
  const keys = new Set(gone.map(({ resource }) => resource.key))
  return gone.find(({ resource }) => above(resource.key).every((key) => !keys.has(key))) ?? culprit
}

function ofResource(culprit: Culprit, roots: Failing[], behind: Behind, looked: Looked, named: Named): Cause {
  const { resource } = culprit
  const [first] = roots
  const muted = behind(roots)
  const repair = culprit.stranger === undefined ? repairOf(resource, looked, named) : undefined
  return {
    key: resource.key,
    layer: first?.probe.layer ?? 'control',
    resource: resource.key,
    reason: first?.verdict.reason ?? '',
    message: `${whatIsWrong(culprit)}; ${whatItBreaks(roots, muted.length)}`,
    remedy: remedyFor(culprit),
    ...(repair ? { repair } : {}),
    roots: roots.map(({ probe }) => probe.id),
    muted,
  }
}

function ofComponent({ component, members }: Group, behind: Behind): Cause | undefined {
  const [first] = members
  if (!first) return undefined
  const { probe, verdict } = first
  const muted = behind(members)
  return {
    key: `${probe.layer}/${verdict.reason}/${component}`,
    layer: probe.layer,
    reason: verdict.reason,
    message: `${component}: ${verdict.why}; ${whatItBreaks(members, muted.length)}`,
    remedy: remedies[verdict.reason as Reason] ?? 'run the probe by hand and read its phases',
    roots: members.map(({ probe: { id } }) => id),
    muted,
  }
}

/** Whether a repair would put it back, and who may ask for it: as the sweep that looks for drift would class it. */
function repairOf(resource: Resource, { observations }: Looked, { protect }: Named): Cause['repair'] {
  const [finding] = findings([resource], observations, new Set([resource.id.toLowerCase()]), protect)
  return finding ? { resource: finding.resource, class: finding.class } : undefined
}

/** Keys of all that a resource depends on, however far. */
function ancestors(resources: Resource[]): (key: string) => string[] {
  const byKey = new Map(resources.map((resource) => [resource.key, resource]))
  const known = new Map<string, string[]>()
  const of = (key: string): string[] => {
    const before = known.get(key)
    if (before) return before
    const direct = byKey.get(key)?.dependsOn ?? []
    const all = [...new Set([...direct, ...direct.flatMap(of)])]
    known.set(key, all)
    return all
  }
  return of
}

/** The ranges of the environment's own subnets. */
const rangesIn = (resources: Resource[]): string[] =>
  resources.flatMap(({ kind, body }) => {
    const properties = body['properties']
    if (kind !== 'subnet' || typeof properties !== 'object' || properties === null) return []
    const prefix = 'addressPrefix' in properties ? properties.addressPrefix : undefined
    return typeof prefix === 'string' ? [prefix] : []
  })
