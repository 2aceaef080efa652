import type { Cause } from '../probes/diagnose/cause.ts'
import type { Layer } from '../probes/probe.ts'
import type { Intent } from '../reconcile/standing.ts'
import { isFinalState, type OperationRow } from '../store/store.ts'
import type { Confirmation } from './rows.ts'

/** After an operation of ours, this long passes before a failure is told to anybody: names take their time to arrive. */
const graceMs = 2 * 60_000
/** Roles take up to ten minutes to be felt (azure-facts 8.3). */
const rolesMs = 10 * 60_000

export type Readiness =
  /** Nothing to probe, and nothing that may still be alarming. */
  | { is: 'not there' }
  /** `maintenance`: an operation of ours is, or just was, at work. `quietSinceMs`: failures seen before it are asked again before they count. */
  | { is: 'there'; maintenance: boolean; quietSinceMs: number }

/**
 * Whether an environment is to be probed: once a provision or a repair of it has ended well enough, and until a destroy begins. Pure.
 * @param latest its latest operation
 * @param probed whether it has been probed before
 */
export function readiness(latest: OperationRow | undefined, probed: boolean, nowMs: number): Readiness {
  if (!latest || latest.kind === 'destroy') return { is: 'not there' }
  const ended = isFinalState(latest.state)
  const stands = latest.state === 'succeeded' || latest.state === 'partial'
  if (!probed && !stands) return { is: 'not there' }
  const endedMs = latest.finishedMs ?? latest.createdMs
  return {
    is: 'there',
    maintenance: !ended || nowMs < endedMs + graceMs,
    quietSinceMs: ended ? endedMs : 0,
  }
}

/** Whether we have given roles that need not be felt yet. */
export const isGivingRoles = (intents: Intent[], nowMs: number): boolean =>
  intents.some(
    ({ resource, atMs }) => /^(cosmos-)?role-assignment\//.test(resource) && nowMs - atMs < rolesMs,
  )

/** Where a role is asked for. */
const behindRoles: Layer[] = ['gateway', 'role', 'model', 'agent']

/** Whether a role that is not felt yet would look like this: what Azure itself shows to be otherwise is something else, and so is the network. */
export const mayBeMissingRole = ({ layer }: Pick<Cause, 'layer'>, confirmedBy: Confirmation): boolean =>
  confirmedBy !== 'control plane' && behindRoles.includes(layer)
