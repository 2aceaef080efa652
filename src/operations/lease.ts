import { allEnvironments, type Store } from '../store/store.ts'
import type { Run } from './deeds.ts'

/** Whether the run still holds its environment's lease, in the generation it was given. */
export async function holds(store: Store, environment: string, run: Run): Promise<boolean> {
  const lease = await store.leases.get(allEnvironments, environment)
  return lease?.value.operation === run.operation && lease.value.generation === run.generation
}
