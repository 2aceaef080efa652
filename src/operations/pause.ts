import { expand, type Surroundings } from '../environment/expand.ts'
import { allEnvironments, type Store } from '../store/store.ts'

export type Paused =
  | { is: 'paused' }
  | { is: 'unknown environment' }
  | { is: 'unknown resource'; resources: string[] }

/** Takes a resource out of the service's hands until a moment: it is still looked at, and neither written nor removed. */
export async function pause(
  store: Store,
  surroundings: Surroundings,
  environment: string,
  asked: { resource: string; reason: string; by: string; untilMs: number },
): Promise<Paused> {
  const found = await store.environments.get(allEnvironments, environment)
  if (!found) return { is: 'unknown environment' }
  const ours = expand(found.value.document, surroundings).filter(({ existing }) => !existing)
  if (!ours.some(({ key }) => key === asked.resource))
    return { is: 'unknown resource', resources: ours.map(({ key }) => key) }
  await store.pauses.put(environment, asked.resource, asked)
  return { is: 'paused' }
}

/** Gives it back; one that is not paused is left as it is. */
export const resume = (store: Store, environment: string, resource: string): Promise<void> =>
  store.pauses.remove(environment, resource)
