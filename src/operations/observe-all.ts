import pLimit from 'p-limit'
import type { Arm } from '../azure/arm.ts'
import { appraise, type Observation } from '../reconcile/observation.ts'
import { referred, resolve } from '../reconcile/resolve.ts'
import type { JsonObject, Resource } from '../resources/kind.ts'
import { kindOf } from '../resources/kinds.ts'
import { observe } from '../resources/verbs.ts'

/** Reads under way at one time; Azure counts them per principal (azure-facts 12.1). */
const mostReadsAtOnce = 8

/**
 * Observes resources in parallel, then judges those that refer to others once these have been read. Two or more of one collection are read with
 * one list call. Fills `live` with the bodies.
 */
export async function observeAll(
  arm: Arm,
  resources: Resource[],
  live: Map<string, JsonObject>,
): Promise<Map<string, Observation>> {
  const limit = pLimit(mostReadsAtOnce)
  const collections = Map.groupBy(resources, collectionOf)
  const seen = await Promise.all(
    [...collections].map(([collection, members]) =>
      limit(() =>
        members.length === 1 ? one(arm, members, live) : together(arm, collection, members, live),
      ),
    ),
  )
  const observed = new Map(seen.flat())
  for (const resource of resources) {
    const body = live.get(resource.key)
    if (body && referred(resource.body).length > 0) observed.set(resource.key, judged(resource, body, live))
  }
  return observed
}

type Seen = [key: string, observation: Observation][]

async function one(arm: Arm, resources: Resource[], live: Map<string, JsonObject>): Promise<Seen> {
  const seen: Seen = []
  for (const resource of resources) {
    const { observation, live: body } = await observe(arm, resource, (key) => live.get(key))
    if (body) live.set(resource.key, body)
    seen.push([resource.key, observation])
  }
  return seen
}

async function together(
  arm: Arm,
  collection: string,
  resources: Resource[],
  live: Map<string, JsonObject>,
): Promise<Seen> {
  const [first] = resources
  if (!first) return []
  const listed = await arm.list(kindOf(first), collection)
  if (listed.is === 'unreadable') {
    const { code, status, message } = listed.failure
    return resources.map(({ key }) => [key, { state: 'unknown', reason: code || `Http${status}`, message }])
  }
  const byId = new Map(listed.bodies.map((body) => [String(body['id']).toLowerCase(), body]))
  return resources.map((resource) => {
    const body = byId.get(resource.id.toLowerCase())
    if (body) live.set(resource.key, body)
    return [resource.key, judged(resource, body, live)]
  })
}

const judged = (
  resource: Resource,
  body: JsonObject | undefined,
  live: Map<string, JsonObject>,
): Observation =>
  appraise(
    kindOf(resource),
    resolve(resource, (key) => live.get(key)),
    body,
  )

/** A resource's id without its own name: what lists it and its siblings. Itself where nothing lists it. */
export const collectionOf = (resource: Resource): string =>
  kindOf(resource).unlistable ? resource.id : resource.id.slice(0, resource.id.lastIndexOf('/'))
