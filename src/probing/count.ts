import type { Document } from '../environment/schema.ts'
import type { Probe } from '../probes/probe.ts'
import type { Store } from '../store/store.ts'
import { beatMs, isFresh } from './due.ts'
import { failureKey, hourKey, probeKey } from './keys.ts'
import { mutedBy } from './muted.ts'
import { type Round, removeRound } from './round.ts'
import type { FailureRow, HourRow, Mark, StateRow } from './rows.ts'
import { hourRow, isCounted, isFailure, markOf, standsAt, withVerdict } from './tally.ts'

type Tables = Pick<Store, 'rounds' | 'probeStates' | 'verdicts' | 'failures'>

/** How every probe of an environment stands, by id. */
export type States = Map<string, StateRow>

export const statesOf = async (store: Pick<Store, 'probeStates'>, environment: string): Promise<States> =>
  new Map((await store.probeStates.list(environment)).map((row) => [row.probe, row]))

/**
 * Counts a round that was written ahead: failures and closed hours first, then the states, in which the round's name says that it is counted, then
 * the round is removed. It may break off anywhere and be done again.
 * @param states what the tables hold; brought up to date
 */
export async function countRound(
  store: Tables,
  document: Document,
  probes: Probe[],
  states: States,
  round: Round,
  nowMs: number,
): Promise<void> {
  const environment = document.name
  const fresh = round.taken.filter(({ probe }) => !isCounted(states.get(probe), round.round))
  const behind = mutedBy(probes, failingNow(document, probes, states, nowMs, marksOf(round)))
  const failures: [string, FailureRow][] = []
  const hours: [string, HourRow][] = []
  const counted: [string, StateRow][] = []
  for (const one of fresh) {
    const before = states.get(one.probe)
    const parent = behind.get(one.probe)
    const plain = markOf(one.verdict)
    const mark = plain === 'f' && parent !== undefined ? 'm' : plain
    const { state, closed } = withVerdict(before, one, round.round, mark)
    const { probe, atMs, verdict } = one
    if (mark === 'f' || (mark === 'm' && !isFailure(standsAt(before) ?? 'p')))
      failures.push([
        failureKey(probe, round.round),
        {
          probe,
          round: round.round,
          atMs,
          verdict,
          ...(mark === 'm' && parent !== undefined ? { behind: parent } : {}),
        },
      ])
    if (closed) hours.push([hourKey(probeKey(probe), closed.startMs), hourRow(closed)])
    counted.push([probeKey(probe), state])
  }
  if (failures.length > 0) await store.failures.putAll(environment, failures)
  if (hours.length > 0) await store.verdicts.putAll(environment, hours)
  if (counted.length > 0) await store.probeStates.putAll(environment, counted)
  for (const [, state] of counted) states.set(state.probe, state)
  await removeRound(store, environment, round)
}

const marksOf = ({ taken }: Round): ReadonlyMap<string, Mark> =>
  new Map(taken.map(({ probe, verdict }) => [probe, markOf(verdict)]))

/** Ids of the probes that fail now; an old failure says nothing about now, so it mutes nothing. */
export function failingNow(
  document: Document,
  probes: Probe[],
  states: States,
  nowMs: number,
  justNow: ReadonlyMap<string, Mark> = new Map(),
): ReadonlySet<string> {
  const isFailing = (probe: Probe): boolean => {
    const mark = justNow.get(probe.id)
    if (mark && mark !== 'i') return isFailure(mark)
    const state = states.get(probe.id)
    const stands = standsAt(state)
    return stands !== undefined && isFailure(stands) && isFresh(state?.lastMs, beatMs(probe, document), nowMs)
  }
  return new Set(probes.filter(isFailing).map(({ id }) => id))
}
