import type { Probe, Verdict } from '../probes/probe.ts'
import type { Store } from '../store/store.ts'
import { writeAhead } from './round.ts'

/** A verdict somebody brings from where the app does not stand. */
export interface HandedIn {
  probe: string
  atMs: number
  verdict: Verdict
}

const oldestMs = 60 * 60_000
/** Clocks differ. */
const futureMs = 2 * 60_000

/**
 * Takes verdicts of probes that can only be asked from outside; the next tick counts them like any other. All or none.
 * @returns why not, by probe; empty when they were taken
 */
export async function handIn(
  store: Pick<Store, 'rounds'>,
  environment: string,
  probes: Probe[],
  handed: HandedIn[],
  by: string,
  clock: { nowMs: number; random: string },
): Promise<{ probe: string; problem: string }[]> {
  const outside = new Set(probes.filter(({ vantage }) => vantage === 'internet').map(({ id }) => id))
  const problems = handed.flatMap(({ probe, atMs }) => {
    if (!outside.has(probe))
      return [{ probe, problem: 'is no probe of this document asked from the internet' }]
    if (atMs < clock.nowMs - oldestMs) return [{ probe, problem: 'is more than an hour old' }]
    return atMs > clock.nowMs + futureMs ? [{ probe, problem: 'is of the future' }] : []
  })
  if (new Set(handed.map(({ probe }) => probe)).size < handed.length)
    problems.push({ probe: '', problem: 'the same probe is there twice' })
  if (problems.length > 0) return problems
  const taken = handed.map((one) => ({ ...one, handedInBy: by }))
  await writeAhead(store, environment, taken, clock)
  return []
}
