import type { JsonObject, WantedObject } from '../resources/kind.ts'
import type { Member } from './shares.ts'

/**
 * A pool is a backend too, of type Pool. It has no address, protocol or breaker: those are its members', and it fails over only
 * through their breakers.
 */

export interface PoolSpec {
  description: string
  members: Member[]
  /** Every caller stays with one member, by cookie: for stateful Responses calls. Such a pool is not balanced. */
  sticky: boolean
}

const affinityCookie = 'apim-responses-affinity'

/** @param idOf ARM id of a member's backend; the short form reads back as the long one */
export const poolBody = (spec: PoolSpec, idOf: (backend: string) => string): WantedObject => ({
  properties: {
    description: spec.description,
    type: 'Pool',
    pool: {
      services: spec.members.map(({ backend, priority, weight }) => ({
        id: idOf(backend),
        priority,
        weight,
      })),
      ...(spec.sticky ? { sessionAffinity: { sessionId: { source: 'Cookie', name: affinityCookie } } } : {}),
    },
  },
})

/** The members of a live pool, names in lower case as ours are. What somebody left out reads as Azure treats it: priority 0, equal weights. */
export function membersOf(body: JsonObject): Member[] {
  const { services } = objectAt(objectAt(body, 'properties'), 'pool')
  return (Array.isArray(services) ? services : []).filter(isObject).map((service) => ({
    backend:
      String(service['id'] ?? '')
        .split('/')
        .at(-1)
        ?.toLowerCase() ?? '',
    priority: typeof service['priority'] === 'number' ? service['priority'] : 0,
    weight: typeof service['weight'] === 'number' ? service['weight'] : 1,
  }))
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const objectAt = (value: JsonObject, name: string): JsonObject => {
  const inner = value[name]
  return isObject(inner) ? inner : {}
}
