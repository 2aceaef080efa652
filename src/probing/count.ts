import type { Document } from '../environment/schema.ts'
import type { Probe } from '../probes/probe.ts'
import type { Store } from '../store/store.ts'
import { beatMs, isFresh } from './due.ts'
import { failureKey, hourKey, probeKey } from './keys.ts'
import { mutedBy } from './muted.ts'
import { type Round, removeRound } from './round.ts'
import type { FailureRow, HourRow, Mark, StateRow } from './rows.ts'
import { hourOf, isCounted, isFailure, markOf, short, standsAt, withVerdict } from './tally.ts'

type Tables = Pick<Store, 'rounds' | 'probeStates' | 'verdicts' | 'failures'>

/** How every probe of an environment stands, by id. */
export type States = Map<string, StateRow>

export const statesOf = async (store: Pick<Store, 'probeStates'>, environment: string): Promise<States> =>
  new Map((await store.probeStates.list(environment)).map((row) => [row.probe, row]))

/**
 * Counts a round that was written ahead: failures first, then the states, in which the round's name says that it is counted, then the hours that these
 * have closed; then the round is removed. It may break off anywhere and be done again. States are written as they were read or not at all, so that
 * whoever lost the lease without knowing counts nothing.
 * @returns how every probe stands now; undefined when somebody else has counted meanwhile
 */
export async function countRound(
  store: Tables,
  document: Document,
  probes: Probe[],
  round: Round,
  nowMs: number,
): Promise<States | undefined> {
  const environment = document.name
  const stored = new Map(
    (await store.probeStates.listStored(environment)).map((one) => [one.value.probe, one]),
  )
  const states: States = new Map([...stored].map(([id, { value }]) => [id, value]))
  const fresh = round.taken.filter(({ probe }) => !isCounted(states.get(probe), round.round))
  const behind = mutedBy(probes, failingNow(document, probes, states, nowMs, marksOf(round)))
  const failures: [string, FailureRow][] = []
  const counted: [string, StateRow, string | undefined][] = []
  for (const one of fresh) {
    const { probe, atMs, verdict } = one
    const before = states.get(probe)
    const parent = behind.get(probe)
    const plain = markOf(verdict)
    const mark = plain === 'f' && parent !== undefined ? 'm' : plain
    if (mark === 'f' || (mark === 'm' && !isFailure(standsAt(before) ?? 'p')))
      failures.push([
        failureKey(probe, round.round),
        {
          probe,
          round: round.round,
          atMs,
          verdict: short(verdict),
          ...(mark === 'm' && parent !== undefined ? { behind: parent } : {}),
        },
      ])
    const state = withVerdict(before, one, round.round, mark)
    counted.push([probeKey(probe), state, stored.get(probe)?.etag])
  }
  for (const [, state] of counted) states.set(state.probe, state)
  if (failures.length > 0) await store.failures.putAll(environment, failures)
  if (!(await store.probeStates.replaceAll(environment, counted))) return undefined
  const hours = closedHours(round, states)
  if (hours.length > 0) await store.verdicts.putAll(environment, hours)
  await removeRound(store, environment, round)
  return states
}

/** Hours that this round closed, by whoever counted it: written again, they say the same. */
const closedHours = ({ round, taken }: Round, states: States): [string, HourRow][] =>
  taken.flatMap(({ probe }) => {
    const { closed, recent } = states.get(probe) ?? {}
    const [first] = recent?.find(([one]) => hourOf(one) === hourOf(round)) ?? []
    return closed && first === round ? [[hourKey(probeKey(probe), closed.startMs), closed]] : []
  })

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
