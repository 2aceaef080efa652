import { membersOf } from '../gateway/pools.ts'
import type { Member, Weights } from '../gateway/shares.ts'
import { isObject, type Json, type JsonObject } from '../resources/kind.ts'

/** A pool as Azure shows it, with what matters of its members. */
export interface LivePool {
  members: Member[]
  /** It has session affinity, whoever gave it that. */
  sticky: boolean
  /** Members whose breaker has no rule. */
  withoutBreaker: string[]
}

/**
 * Finds a pool among the backends of its service.
 * @param bodies all of them, from one list
 * @returns undefined when there is none of that id
 */
export function livePool(bodies: JsonObject[], id: string): LivePool | undefined {
  const body = bodies.find((one) => String(one['id']).toLowerCase() === id.toLowerCase())
  if (!body) return undefined
  const members = membersOf(body)
  const pool = at(body, 'properties', 'pool')
  return {
    members,
    sticky: isObject(pool) && isObject(pool['sessionAffinity']),
    withoutBreaker: members.map(({ backend }) => backend).filter((name) => !hasBreaker(bodies, name)),
  }
}

function hasBreaker(bodies: JsonObject[], backend: string): boolean {
  const body = bodies.find(({ name }) => String(name).toLowerCase() === backend)
  const rules = body && at(body, 'properties', 'circuitBreaker', 'rules')
  return Array.isArray(rules) && rules.length > 0
}

const at = (value: JsonObject, ...path: string[]): Json | undefined =>
  path.reduce<Json | undefined>((inner, name) => (isObject(inner) ? inner[name] : undefined), value)

/** Weights of members, by backend. */
export const weightsIn = (members: Member[]): Weights =>
  Object.fromEntries(members.map(({ backend, weight }) => [backend, weight]))

/**
 * The live body with other weights, and nothing else changed.
 * @param weights by backend; a member that is not named keeps its own
 */
export function withWeights(body: JsonObject, weights: Weights): JsonObject {
  const { properties } = body
  const pool = at(body, 'properties', 'pool')
  if (!isObject(properties) || !isObject(pool) || !Array.isArray(pool['services'])) return body
  const services = pool['services'].map((service) => {
    if (!isObject(service)) return service
    const weight = weights[String(service['id']).split('/').at(-1)?.toLowerCase() ?? '']
    return weight === undefined ? service : { ...service, weight }
  })
  return { ...body, properties: { ...properties, pool: { ...pool, services } } }
}
