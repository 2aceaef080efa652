import pLimit from 'p-limit'
import type { Arm } from '../azure/arm.ts'
import type { Observation } from '../reconcile/observation.ts'
import { appraise } from '../reconcile/observation.ts'
import { referred, resolve } from '../reconcile/resolve.ts'
import type { JsonObject, Resource } from '../resources/kind.ts'
import { kindOf } from '../resources/kinds.ts'
import { observe } from '../resources/verbs.ts'

/** Reads under way at one time; Azure counts them per principal (azure-facts 12.1). */
const mostReadsAtOnce = 8

/**
 * Observes resources in parallel, then judges those that refer to others once these have been read. Fills `live` with the bodies.
 */
export async function observeAll(
  arm: Arm,
  resources: Resource[],
  live: Map<string, JsonObject>,
): Promise<Map<string, Observation>> {
  const limit = pLimit(mostReadsAtOnce)
  const seen = await Promise.all(
    resources.map((resource) =>
      limit(async () => {
        const { observation, live: body } = await observe(arm, resource, (key) => live.get(key))
        if (body) live.set(resource.key, body)
        return [resource.key, observation] as const
      }),
    ),
  )
  const observed = new Map(seen)
  for (const resource of resources) {
    const body = live.get(resource.key)
    if (body && referred(resource.body).length > 0)
      observed.set(
        resource.key,
        appraise(
          kindOf(resource),
          resolve(resource, (key) => live.get(key)),
          body,
        ),
      )
  }
  return observed
}
