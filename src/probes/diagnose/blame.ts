import type { Observation } from '../../reconcile/observation.ts'
import type { Resource } from '../../resources/kind.ts'
import type { ModuleName } from '../probe.ts'
import type { Reason } from '../reason.ts'
import type { Failing, Looked } from './cause.ts'
import { inTheWay } from './strangers.ts'

/** A suspect that something is wrong with. `stranger`: what somebody else put in the way there. */
export interface Culprit {
  resource: Resource
  observation: Observation
  stranger?: string
  /** Nothing can fail by it; it is only not as described. */
  harmless?: true
}

/** Ways of not getting through, at which rules and routes are worth reading. */
const unreached: Reason[] = [
  'TimedOut',
  'NoRoute',
  'Refused',
  'Reset',
  'ConnectionFailed',
  'NoCapacity',
  'ServerError',
  'WrongAnswer',
  'NoEvents',
]
const turnedAway: Reason[] = ['MissingRole', 'Forbidden', 'Unauthorized']
const unnamed: Reason[] = [
  'NameNotFound',
  'PublicAddress',
  'WrongAddress',
  'ResolverDisagrees',
  'RecordMissing',
]

/**
 * Which suspect is to blame, where several look wrong: the first line that one of them fits. Rules of thumb, likeliest first; what no line speaks
 * of is left to the order in which the probe suspects.
 */
const thumb: {
  reasons?: Reason[]
  modules?: ModuleName[]
  kinds: string[]
  is?: (culprit: Culprit) => boolean
}[] = [
  // A fact is about its own resource, whatever else is wrong.
  { modules: ['fact'], kinds: ['*'] },
  { reasons: unreached, kinds: ['security-group', 'subnet'], is: ({ stranger }) => stranger !== undefined },
  { reasons: turnedAway, kinds: ['role-assignment', 'cosmos-role-assignment'] },
  {
    reasons: ['PromiseBroken', 'Unauthorized', 'OperationNotFound', 'NotFound'],
    kinds: ['api-policy', 'api'],
  },
  { reasons: ['DeploymentNotFound', 'Throttled'], kinds: ['model-deployment'] },
  { reasons: unnamed, kinds: ['dns-zone', 'dns-link', 'dns-record', 'dns-zone-group', 'private-endpoint'] },
  { reasons: ['ArrivedPublicly'], kinds: ['dns-zone-group', 'dns-link', 'private-endpoint'] },
  { reasons: unreached, kinds: ['security-group', 'subnet', 'private-endpoint', 'api-management'] },
  { modules: ['distribution'], kinds: ['pool', 'backend'] },
  { reasons: ['NotReady'], kinds: ['project-capability-host', 'account-capability-host'] },
  { reasons: ['NoEvents'], kinds: ['logger', 'role-assignment', 'api-policy'] },
]

/** Changes that nothing can fail by. */
const harmless = /^(tags|properties\.(description|displayName|title))(\.|\[|$)/

/** What is wrong with a resource, if anything is. */
export function culpritAt(
  resource: Resource,
  { observations, bodies }: Looked,
  ranges: string[],
): Culprit | undefined {
  const observation = observations.get(resource.key)
  const stranger = inTheWay(resource, bodies, ranges)
  if (stranger !== undefined) return { resource, observation: observation ?? { state: 'ready' }, stranger }
  if (!observation) return undefined
  if (observation.state === 'missing' || observation.state === 'failed') return { resource, observation }
  if (observation.state !== 'drifted') return undefined
  return observation.changes.every(({ path }) => harmless.test(path))
    ? { resource, observation, harmless: true }
    : { resource, observation }
}

/** Whom a failure comes from: of its suspects the one to name; undefined when none of them looks wrong. */
export function blamed(
  { probe, verdict }: Failing,
  wrong: ReadonlyMap<string, Culprit>,
): Culprit | undefined {
  const culprits = probe.suspects
    .flatMap((key) => wrong.get(key) ?? [])
    .filter(({ harmless }) => !harmless || probe.module === 'fact')
  for (const { reasons, modules, kinds, is } of thumb) {
    if (reasons && !reasons.includes(verdict.reason as Reason)) continue
    if (modules && !modules.includes(probe.module)) continue
    for (const kind of kinds) {
      const found = culprits.find(
        (culprit) => (kind === '*' || culprit.resource.kind === kind) && (is?.(culprit) ?? true),
      )
      if (found) return found
    }
  }
  return culprits.toSorted((a, b) => gravity(a) - gravity(b))[0]
}

/** What is gone explains more than what is different. */
const gravity = ({ observation, stranger }: Culprit): number =>
  stranger ? 2 : ({ missing: 0, failed: 1 }[observation.state as string] ?? 3)
