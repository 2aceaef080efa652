import type { Resource } from '../resources/kind.ts'
import { kindOf } from '../resources/kinds.ts'
import { lockDomain } from '../resources/place.ts'
import { isProtected } from '../resources/protection.ts'
import { untilAtRest } from './at-rest.ts'
import { judge } from './judge.ts'
import { judgeRemoval } from './removal.ts'
import { restraint } from './restraint.ts'
import type { Situation } from './situation.ts'
import { isFinal, type Phase, type Standing } from './standing.ts'
import type { Verdict } from './verdict.ts'

/**
 * One turn of the loop as a pure function: what was seen and remembered goes in, what to do now and how long to wait comes out. It is
 * level-triggered: each turn looks at the world afresh, so anything may happen between two turns.
 */

export type End = 'succeeded' | 'partial' | 'cancelled'

export interface Turn {
  standings: Standing[]
  /** Keys of the resources to write now, in order. */
  act: string[]
  /** Keys of the resources that are somebody else's work and exactly as described: ours from now on. */
  adopt: string[]
  /** Until the next look. */
  waitSeconds: number
  end?: End
  /** Everything that can be done without a person is done. */
  awaitsApproval: boolean
}

const longestWaitSeconds = 60

/** One turn of making an environment as described. */
export const decide = (situation: Situation): Turn => turn(situation, situation.resources, judge, 'ready')

/** One turn of taking it away: what was made last goes first, and what somebody else owns is no part of it. */
export const decideRemoval = (situation: Situation): Turn =>
  turn(situation, situation.resources.filter(({ existing }) => !existing).toReversed(), judgeRemoval, 'gone')

function turn(situation: Situation, inOrder: Resource[], judged: typeof judge, aim: Phase): Turn {
  const standings = new Map<string, Standing>()
  const busyDomains = new Set<string>()
  const wanting: Resource[] = []
  const adopt: string[] = []
  const waits: number[] = []

  for (const resource of inOrder) {
    const before = situation.remembered.get(resource.key)
    if (before && isFinal(before.phase)) {
      standings.set(resource.key, before)
      continue
    }
    if (before && situation.spared?.has(resource.key) && !situation.observed.has(resource.key)) {
      standings.set(resource.key, before)
      if (before.phase === 'settling') busyDomains.add(lockDomain(resource.id))
      waits.push(situation.spared.get(resource.key) ?? longestWaitSeconds)
      continue
    }
    const due = restrained(resource, situation, judged(resource, situation, standings))
    const verdict = due.wants === 'act' ? (untilAtRest(resource, situation) ?? due) : due
    standings.set(resource.key, verdict.standing)
    if (verdict.standing.phase === 'settling') busyDomains.add(lockDomain(resource.id))
    if (verdict.wants === 'act') wanting.push(resource)
    if (verdict.wants === 'adopt') adopt.push(resource.key)
    if (verdict.lookAgainSeconds !== undefined) waits.push(verdict.lookAgainSeconds)
  }

  const all = [...standings.values()]
  if (situation.cancelRequested)
    return { standings: all, act: [], adopt: [], waitSeconds: 0, end: 'cancelled', awaitsApproval: false }

  const act = wanting.filter((resource) => !busyDomains.has(lockDomain(resource.id)))
  for (const resource of act) waits.push(kindOf(resource).timing.pollSeconds)
  const isOver = all.every(({ phase }) => isFinal(phase))
  const end: End = all.every(({ phase }) => phase === aim) ? 'succeeded' : 'partial'
  return {
    standings: all,
    act: act.map(({ key }) => key),
    adopt,
    waitSeconds: Math.ceil(Math.min(longestWaitSeconds, Math.max(1, Math.min(...waits, longestWaitSeconds)))),
    ...(isOver ? { end } : {}),
    awaitsApproval: !isOver && all.every((it) => isFinal(it.phase) || isIdle(it, standings)),
  }
}

/** What would be touched now, and must not be, is kept as it is. */
function restrained(resource: Resource, situation: Situation, verdict: Verdict): Verdict {
  const { standing, wants } = verdict
  if (wants === undefined && standing.phase !== 'awaiting') return verdict
  const observation = situation.observed.get(resource.key)
  const held = restraint(resource, observation, situation)
  if (held && wants === 'adopt') return { standing: { ...standing, reason: 'NotAdopted', message: notNoted } }
  if (held) return { standing: { ...standing, phase: 'kept', ...held } }
  if (!situation.automatic) return verdict
  if (standing.phase === 'awaiting')
    return { standing: { ...standing, phase: 'kept', reason: 'NeedsApproval' } }
  const vanished = observation?.state === 'missing' || observation?.state === 'failed'
  if (wants === 'act' && vanished && isProtected(resource, situation.protect))
    return { standing: { ...standing, phase: 'kept', reason: 'NeedsPerson', message: notUnasked } }
  return verdict
}

const notNoted = 'is as described; it is not noted as this service’s while nothing may be written'
const notUnasked = 'is protected, and made again only when a person asks: repair the environment'

/** It waits for a person, or for something that does. */
function isIdle(standing: Standing, standings: ReadonlyMap<string, Standing>): boolean {
  if (standing.phase === 'awaiting') return true
  const waitsFor = standing.waitsFor === undefined ? undefined : standings.get(standing.waitsFor)
  return standing.phase === 'pending' && waitsFor !== undefined && isIdle(waitsFor, standings)
}
