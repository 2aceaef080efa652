import type { Pause } from '../reconcile/restraint.ts'
import type { LivePool } from './live-pool.ts'
import { groupsOf, sameMembership } from './ownership.ts'
import type { Hold } from './rows.ts'
import type { Subject } from './subject.ts'

/** What keeps the weights of a pool as they are, whatever is measured. Pure. */
export interface Reason {
  /** One word for machines. */
  reason: string
  message: string
}

export type Mode = 'off' | 'shadow' | 'auto'

/** The mode in force: where nothing may be written, auto is shadow. */
export function modeInForce(
  subject: Pick<Subject, 'mode'>,
  documentMode: 'observe' | 'repair' | 'full',
  isOn: boolean,
): { mode: Mode; because?: string } {
  if (subject.mode !== 'auto') return { mode: subject.mode }
  if (!isOn)
    return { mode: 'shadow', because: 'writing weights is switched off for the app (OPS_AUTO_BALANCE)' }
  if (documentMode === 'observe') return { mode: 'shadow', because: 'the document’s mode is observe' }
  return { mode: 'auto' }
}

/** What needs no look at the pool. Such a pool costs no reading. */
export function neverMoved(subject: Subject, mode: Mode, isDestroyed: boolean): Reason | undefined {
  if (isDestroyed) return { reason: 'destroyed', message: 'the environment has been taken away' }
  if (subject.sticky)
    return { reason: 'sticky', message: 'callers stay with one member: weights would tear them away' }
  if (mode === 'off') return { reason: 'off', message: 'the document switches balancing off for this pool' }
  if (groupsOf(subject.born).every(([, group]) => group.length < 2))
    return { reason: 'alone', message: 'no priority group has two members: there is nothing to move' }
  return undefined
}

/** What the pool itself says against it. */
export function objectionOf(
  subject: Subject,
  live: LivePool | undefined,
  { mode, hold, paused, nowMs }: { mode: Mode; hold: Hold | undefined; paused: Pause[]; nowMs: number },
): Reason | undefined {
  if (!live) return { reason: 'missing', message: 'the gateway has no such pool' }
  if (live.sticky)
    return {
      reason: 'sticky',
      message: 'somebody has given the pool session affinity: weights would tear callers away',
    }
  if (!sameMembership(live.members, subject.born))
    return {
      reason: 'membership',
      message: 'members or priorities differ from the document: repair it, or change the document',
    }
  if (mode !== 'auto') return undefined
  if (hold && hold.untilMs > nowMs) return { reason: hold.reason, message: hold.message }
  const pause = paused.find(({ resource, untilMs }) => resource === subject.key && untilMs > nowMs)
  if (pause) return { reason: 'paused', message: `it is paused: ${pause.reason}; resume it to go on` }
  return undefined
}
