import type { Document } from '../environment/schema.ts'
import type { Failing } from '../probes/diagnose/cause.ts'
import type { Probe } from '../probes/probe.ts'
import type { States } from './count.ts'
import { beatMs, isFresh } from './due.ts'
import type { StateRow } from './rows.ts'
import { lastMarks } from './tally.ts'

/** When failing becomes worth telling, and when it is over. Pure. */

type Manner = Pick<Probe, 'beat' | 'vantage'>

/**
 * Network: two of the last three rounds, the last among them. Others: the last two. What people hand in from outside is rare: once. A muted
 * failure is none of its own.
 */
function isSuspect(state: StateRow, { beat, vantage }: Manner): boolean {
  const [last, ...before] = lastMarks(state, beat === 'network' ? 3 : 2)
  return last === 'f' && (before.includes('f') || vantage === 'internet')
}

/** Green for two rounds; once, from outside. */
export function isGreen(state: StateRow, { vantage }: Pick<Manner, 'vantage'>): boolean {
  const [last, before] = lastMarks(state, 2)
  return last === 'p' && (before === undefined || before === 'p' || vantage === 'internet')
}

/**
 * The probes whose failure is to be explained: they fail by themselves, often enough, in verdicts that are fresh and younger than our own
 * work on the environment.
 */
export function suspects(
  document: Document,
  probes: Probe[],
  states: States,
  { nowMs, quietSinceMs }: { nowMs: number; quietSinceMs: number },
): Failing[] {
  return probes.flatMap((probe) => {
    const state = states.get(probe.id)
    if (!state || !isSuspect(state, probe)) return []
    if (state.lastMs <= quietSinceMs || !isFresh(state.lastMs, beatMs(probe, document), nowMs)) return []
    return [{ probe, verdict: state.verdict }]
  })
}

/**
 * Probes whose last failure no longer says anything: what failed before them has gone, or our own work has ended since. Asked again at once.
 * @param muted who stands behind whom now
 */
export function outdated(
  probes: Probe[],
  states: States,
  muted: ReadonlyMap<string, string>,
  quietSinceMs: number,
): Set<string> {
  const isOutdated = ({ id }: Probe): boolean => {
    const state = states.get(id)
    const [last] = state ? lastMarks(state, 1) : []
    if (!state || last === undefined || last === 'p') return false
    return (last === 'm' && !muted.has(id)) || state.lastMs <= quietSinceMs
  }
  return new Set(probes.filter(isOutdated).map(({ id }) => id))
}
