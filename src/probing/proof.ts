import { expand } from '../environment/expand.ts'
import type { Document } from '../environment/schema.ts'
import type { Surroundings } from '../environment/surroundings.ts'
import type { Probe } from '../probes/probe.ts'
import type { Condition, Truth } from '../reconcile/standing.ts'
import type { States } from './count.ts'
import { beatMs, isFresh } from './due.ts'
import { isOpen } from './explain.ts'
import type { IncidentRow } from './rows.ts'
import { isFailure, standsAt } from './tally.ts'
import type { Probes } from './world.ts'

/**
 * The third axis: a resource is proven when every probe that is its evidence passed within two of its intervals and a minute. Pure.
 */

export interface Proof {
  resource: string
  /** `stale`: nothing says that it fails, and nothing fresh says that it works. */
  is: 'proven' | 'failing' | 'stale' | 'assigned, not proven'
  /** For people; of what is proven, nothing. */
  why?: string
  /** Since when it has been so; absent while nothing was asked. */
  since?: string
  /** Of the oldest pass it rests on. */
  ageSeconds?: number
  probes: string[]
}

export interface ProofView {
  environment: string
  coverage: { provable: number; covered: number; percent: number; uncovered: string[] }
  resources: Proof[]
}

export function proofOf(
  { derive, coverage }: Pick<Probes, 'derive' | 'coverage'>,
  document: Document,
  surroundings: Surroundings,
  states: States,
  incidents: IncidentRow[],
  nowMs: number,
): ProofView {
  const probes = derive(document)
  const { provable, covered, provenBy, uncovered, notProvable } = coverage(document, probes)
  const whyNot = new Map(notProvable.map(({ key, why }) => [key, why]))
  const byId = new Map(probes.map((probe) => [probe.id, probe]))
  const open = incidents.filter(isOpen)
  const resources = expand(document, surroundings).map(({ key }): Proof => {
    const evidence = (provenBy.get(key) ?? []).flatMap((id) => byId.get(id) ?? [])
    const why = whyNot.get(key)
    if (why !== undefined || evidence.length === 0)
      return {
        resource: key,
        is: 'assigned, not proven',
        why: why ?? 'no probe is derived for it',
        probes: [],
      }
    const judged = judge(document, evidence, states, open, nowMs)
    return { resource: key, ...judged, probes: evidence.map(({ id }) => id) }
  })
  const percent = provable === 0 ? 100 : Math.floor((covered * 1000) / provable) / 10
  return { environment: document.name, coverage: { provable, covered, percent, uncovered }, resources }
}

function judge(
  document: Document,
  evidence: Probe[],
  states: States,
  open: IncidentRow[],
  nowMs: number,
): Pick<Proof, 'is' | 'why' | 'since' | 'ageSeconds'> {
  const fails = (probe: Probe) => {
    const state = states.get(probe.id)
    const stands = standsAt(state)
    return stands !== undefined && isFailure(stands) && isFresh(state?.lastMs, beatMs(probe, document), nowMs)
  }
  const failing = evidence.find(fails)
  const sinceMs = (of: Probe[]) => Math.max(0, ...of.map(({ id }) => states.get(id)?.sinceMs ?? 0))
  if (failing) {
    const incident = open.find(({ cause }) => [...cause.roots, ...cause.muted].includes(failing.id))
    return {
      is: 'failing',
      since: iso(sinceMs([failing])),
      why: incident?.cause.message ?? states.get(failing.id)?.verdict.why ?? '',
    }
  }
  // What says nothing is set aside, where something else speaks: a split of too few calls does not unprove a pool that answers.
  const speaking = evidence.filter((probe) => !isSilent(document, probe, states, nowMs))
  if (speaking.length > 0 && speaking.length < evidence.length)
    return judge(document, speaking, states, open, nowMs)
  const passedMs = evidence.map(({ id }) => states.get(id)?.lastPassMs)
  const late = evidence.find(
    (probe) => !isFresh(states.get(probe.id)?.lastPassMs, beatMs(probe, document), nowMs),
  )
  if (!late)
    return {
      is: 'proven',
      since: iso(sinceMs(evidence)),
      ageSeconds: Math.max(0, Math.round((nowMs - Math.min(...passedMs.map((ms) => ms ?? nowMs))) / 1000)),
    }
  const last = states.get(late.id)
  return {
    is: 'stale',
    ...(last ? { since: iso(last.lastMs) } : {}),
    why: !last
      ? `${late.id} has not been asked yet`
      : last.verdict.result === 'inconclusive'
        ? `${late.id} is inconclusive: ${last.verdict.why}`
        : `${late.id} was last asked ${new Date(last.lastMs).toISOString()}`,
  }
}

/** Asked lately, and inconclusive for longer than a pass lasts. */
function isSilent(document: Document, probe: Probe, states: States, nowMs: number): boolean {
  const state = states.get(probe.id)
  const everyMs = beatMs(probe, document)
  return (
    state?.verdict.result === 'inconclusive' &&
    isFresh(state.lastMs, everyMs, nowMs) &&
    !isFresh(state.lastPassMs, everyMs, nowMs)
  )
}

const iso = (ms: number) => new Date(ms).toISOString()

const axis: Record<Exclude<Proof['is'], 'assigned, not proven'>, { status: Truth; reason: string }> = {
  proven: { status: 'True', reason: 'Proven' },
  failing: { status: 'False', reason: 'ProbeFails' },
  stale: { status: 'Unknown', reason: 'Stale' },
}

/** The same as conditions: of what was asked, and can be proven. */
export const provenConditions = ({ resources }: ProofView): Condition[] =>
  resources.flatMap(({ resource, is, since, why }) =>
    is === 'assigned, not proven' || since === undefined
      ? []
      : [{ resource, axis: 'Proven', ...axis[is], message: why ?? 'its probes are green', since }],
  )
