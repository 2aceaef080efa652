import { lacking } from '../environment/lacking.ts'
import type { Surroundings } from '../environment/surroundings.ts'
import { type Unasked, unasked } from '../reconcile/unasked.ts'
import { allEnvironments, type DriftRow, type Store } from '../store/store.ts'
import { begin, type Orchestrations } from './begin.ts'

/** Begins a repair of what a sweep found, when the document lets the service do so by itself. */
export async function repairUnasked(
  store: Store,
  orchestrations: Orchestrations,
  found: DriftRow,
  settings: { autoRepair: boolean; surroundings: Surroundings },
  clock: { nowMs: number; random: string },
): Promise<Unasked> {
  const row = await store.environments.get(allEnvironments, found.environment)
  if (!row) return { is: 'leave', why: 'the environment has gone' }
  const { document } = row.value
  const [lacks] = lacking(document, settings.surroundings)
  if (lacks) return { is: 'leave', why: `${lacks.path} ${lacks.problem}` }
  const past = (await store.operations.list(found.environment))
    .filter(({ automatic }) => automatic)
    .map(({ createdMs, state }) => ({ createdMs, succeeded: state === 'succeeded' }))
    .toSorted((a, b) => a.createdMs - b.createdMs)
  const decision = unasked(document, found.findings, past, !settings.autoRepair, clock.nowMs)
  if (decision.is === 'repair')
    await begin(store, orchestrations, { kind: 'repair', document, automatic: true }, clock)
  return decision
}
