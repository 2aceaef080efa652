import type { Observation } from '../reconcile/observation.ts'
import type { Intent } from '../reconcile/standing.ts'
import type { Resource } from '../resources/kind.ts'
import { kindOf } from '../resources/kinds.ts'
import type { World } from './deeds.ts'

/**
 * A resource tells its state, only the operation tells the reason. For each one that is Failed, or still missing after its grace, the URL its
 * write was accepted with is read once, and what it says is kept with the intent.
 */
export async function gatherEvidence(
  { arm, store }: Pick<World, 'arm' | 'store'>,
  environment: string,
  resources: Resource[],
  observed: ReadonlyMap<string, Observation>,
  intents: Map<string, Intent>,
  nowMs: number,
): Promise<void> {
  for (const resource of resources) {
    const intent = intents.get(resource.key)
    const state = observed.get(resource.key)?.state
    if (!intent || intent.evidence || intent.outcome?.is !== 'accepted' || !intent.outcome.operationUrl)
      continue
    const overdue = nowMs - intent.atMs >= kindOf(resource).timing.graceSeconds * 1000
    if (state !== 'failed' && !(state === 'missing' && overdue)) continue
    const evidence = await arm.whyFailed(kindOf(resource), intent.outcome.operationUrl)
    if (!evidence) continue
    const known = { ...intent, evidence }
    intents.set(resource.key, known)
    await store.intents.put(environment, resource.key, known)
  }
}
