import { allEnvironments, type Store } from '../store/store.ts'
import { writeAhead } from './round.ts'
import type { Probes } from './world.ts'

/** What an agent's run is about: names only, the rest is derived when it is asked. */
export interface AgentRun {
  environment: string
  probe: string
}

/**
 * Asks one probe that takes minutes, and writes its verdict ahead; the tick counts it. Killed and called again, it asks again: the module deletes what
 * it makes, and sweeps what a killed one left.
 * @returns what it came to, for the orchestration's record
 */
export async function agentRun(
  store: Store,
  { derive, ask }: Probes,
  { environment, probe: id }: AgentRun,
  clock: { nowMs(): number; random(): string },
): Promise<string> {
  const row = await store.environments.get(allEnvironments, environment)
  const probe = row && derive(row.value.document).find((one) => one.id === id)
  if (!row || !probe) return 'not described any more'
  const atMs = clock.nowMs()
  const verdict = await ask(row.value.document, probe, new AbortController().signal)
  const moment = { nowMs: clock.nowMs(), random: clock.random() }
  await writeAhead(store, environment, [{ probe: id, atMs, verdict }], moment)
  return verdict.result
}
