import type { Store } from '../store/store.ts'
import { roundId } from './keys.ts'
import type { RoundRow, Taken } from './rows.ts'
import { bounded } from './tally.ts'

/** A row holds 32,768 characters; the rest is its keys. */
const mostCharacters = 30_000

export interface Round {
  round: string
  taken: Taken[]
  parts: string[]
}

/**
 * Writes verdicts ahead of counting them, as one transaction. Anybody may: the tick, an agent's run, a person who hands verdicts in; only the
 * tick counts.
 */
export async function writeAhead(
  store: Pick<Store, 'rounds'>,
  environment: string,
  taken: Taken[],
  clock: { nowMs: number; random: string },
): Promise<void> {
  if (taken.length === 0) return
  const round = roundId(clock.nowMs, clock.random)
  const rows = parts(taken.map((one) => ({ ...one, verdict: bounded(one.verdict) })))
  await store.rounds.putAll(
    environment,
    rows.map((part, index) => [partKey(round, index), { round, part: index, taken: part }]),
  )
}

/** Rounds that are not counted yet, the oldest first. */
export async function waitingRounds(store: Pick<Store, 'rounds'>, environment: string): Promise<Round[]> {
  const rows: RoundRow[] = await store.rounds.list(environment)
  return [...Map.groupBy(rows, ({ round }) => round)].map(([round, found]) => ({
    round,
    taken: found.flatMap(({ taken }) => taken),
    parts: found.map(({ part }) => partKey(round, part)),
  }))
}

/** Once it is counted. What is left when the removal breaks off is found again, and counts nothing twice. */
export async function removeRound(
  store: Pick<Store, 'rounds'>,
  environment: string,
  { parts }: Round,
): Promise<void> {
  for (const part of parts) await store.rounds.remove(environment, part)
}

const partKey = (round: string, index: number) => `${round}-${String(index).padStart(3, '0')}`

function parts(taken: Taken[]): Taken[][] {
  const all: Taken[][] = []
  let room = 0
  for (const one of taken) {
    const length = JSON.stringify(one).length + 1
    const last = all.at(-1)
    if (last && length <= room) last.push(one)
    else {
      all.push([one])
      room = mostCharacters
    }
    room -= length
  }
  return all
}
