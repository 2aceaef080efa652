import { createHash } from 'node:crypto'
import type { Cause } from '../probes/diagnose/cause.ts'
import type { Probe } from '../probes/probe.ts'
import type { States } from './count.ts'
import { failureKey } from './keys.ts'
import type { Confirmation, IncidentRow, Notice } from './rows.ts'
import { isGreen } from './suspicion.ts'

/** From causes to incidents: one per cause, fired once, prolonged while it lasts, resolved when it is over. Pure. */

export interface Moment {
  environment: string
  /** How each probe stands. */
  states: States
  nowMs: number
  /** An operation of ours is, or just was, at work. */
  maintenance: boolean
}

/**
 * The open incident that a cause belongs to: of the same key, or about the same failing probes under another explanation. A failure that is first
 * a time-out and then a rule is one incident.
 */
export function incidentOf(cause: Cause, open: IncidentRow[]): IncidentRow | undefined {
  const explains = new Set([...cause.roots, ...cause.muted])
  return (
    open.find((one) => one.cause.key === cause.key || one.earlier.includes(cause.key)) ??
    open.find((one) => one.cause.roots.some((id) => explains.has(id)))
  )
}

/** A cause that is seen (again): a new incident, or the open one as it looks now. */
export function seen(
  cause: Cause,
  known: IncidentRow | undefined,
  confirmedBy: Confirmation,
  { environment, states, nowMs, maintenance }: Moment,
): IncidentRow {
  const incident: IncidentRow = known
    ? {
        ...known,
        cause,
        earlier:
          known.cause.key === cause.key ? known.earlier : [...new Set([...known.earlier, known.cause.key])],
        lastSeenMs: nowMs,
      }
    : {
        id: `${nowMs.toString(36).padStart(8, '0')}-${createHash('sha256').update(cause.key).digest('hex').slice(0, 8)}`,
        environment,
        state: 'maintenance',
        cause,
        earlier: [],
        openedMs: nowMs,
        lastSeenMs: nowMs,
        confirmedBy,
        ...firstFailureOf(cause, states),
        notices: [],
      }
  if (incident.state !== 'maintenance' || maintenance) return incident
  return {
    ...incident,
    state: 'fired',
    firedMs: nowMs,
    notices: [...incident.notices, notice('fired', nowMs)],
  }
}

/** Of the root that fails longest: where its failures began. */
function firstFailureOf({ roots }: Cause, states: States): Pick<IncidentRow, 'firstFailure'> {
  const [longest] = roots
    .flatMap((id) => states.get(id) ?? [])
    .toSorted((one, other) => one.sinceMs - other.sinceMs)
  const marks = longest?.recent ?? []
  const [round] = marks[marks.findLastIndex(([, mark]) => mark === 'p') + 1] ?? []
  return longest && round ? { firstFailure: failureKey(longest.probe, round) } : {}
}

/** Whether an incident is over: every one of its roots has been green for two rounds, or is not asked any more. */
export const isOver = ({ cause }: IncidentRow, probes: Probe[], states: States): boolean =>
  cause.roots.every((id) => {
    const probe = probes.find((one) => one.id === id)
    const state = states.get(id)
    return !probe || (state !== undefined && isGreen(state, probe))
  })

/** An incident that was told is told to be over, whatever else goes on; one that was not just ends. */
export const resolved = (incident: IncidentRow, nowMs: number): IncidentRow => ({
  ...incident,
  state: 'resolved',
  resolvedMs: nowMs,
  notices: incident.state === 'fired' ? [...incident.notices, notice('resolved', nowMs)] : incident.notices,
})

const notice = (is: Notice['is'], atMs: number): Notice => ({ is, atMs, attempts: 0 })

/** A cause is confirmed by a second path when Azure says the same of a resource, or when more than one probe fails of it. */
export function confirmation(
  cause: Cause,
  differs: (resource: string) => boolean,
): Exclude<Confirmation, 'asked again'> | undefined {
  if (cause.resource !== undefined && differs(cause.resource)) return 'control plane'
  return cause.roots.length + cause.muted.length > 1 ? 'another probe' : undefined
}
