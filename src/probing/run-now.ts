import type { Document } from '../environment/schema.ts'
import type { Probe, Verdict } from '../probes/probe.ts'
import { openAsking } from './ask-all.ts'
import type { Probes } from './world.ts'

/** App Service gives up on a request after 230 seconds. */
const withinMs = 200_000

/** Asks one probe now. It is no round: nothing is counted, kept or told. */
export const runOne = ({ ask }: Probes, document: Document, probe: Probe): Promise<Verdict> =>
  ask(document, probe, AbortSignal.timeout(withinMs))

export interface Answer {
  probe: string
  /** Absent: it was not answered in the time a request has. */
  verdict?: Verdict
}

/** Asks many now, under the limits of a round. */
export async function runAll(
  all: Probes,
  document: Document,
  probes: Probe[],
  nowMs: number,
): Promise<Answer[]> {
  const asking = openAsking(() => undefined)
  const signal = AbortSignal.timeout(withinMs)
  const { ask } = all.glance(document, probes)
  const taken = await asking.ask(probes, (probe) => ask(probe, signal), nowMs + withinMs)
  const verdicts = new Map(taken.map(({ probe, verdict }) => [probe, verdict]))
  return probes.map(({ id }) => {
    const verdict = verdicts.get(id)
    return { probe: id, ...(verdict ? { verdict } : {}) }
  })
}
