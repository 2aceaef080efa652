import { keyOf } from '../arm/ids.ts'
import type { Resource } from '../arm/kind.ts'
import { fullId } from '../providers/api-management/entity.ts'
import { isOpen } from './breaker.ts'
import type { Configuration } from './configuration.ts'
import type { Unit } from './unit.ts'

/** Which member of a pool takes a try: azure-facts 4.4. */

export type Member = { backend: Resource; key: string; priority: number; weight: number }
export type Pool = {
  key: string
  /** Priority groups, the preferred one first. */
  groups: Member[][]
  members: Member[]
  affinityCookie: string | undefined
  failureStatus: number
}

type PoolProperties = {
  services?: { id: string; priority?: number | null; weight?: number | null }[]
  sessionAffinity?: { sessionId?: { source?: string; name?: string } | null } | null
  failureResponse?: { statusCode?: number | null } | null
}

const EXHAUSTED = 503

/** What is left out is priority 0, and weight 1 beside weights that are given. */
export function readPool(pool: Resource, configuration: Configuration): Pool {
  const {
    services = [],
    sessionAffinity,
    failureResponse,
  } = (pool.properties['pool'] ?? {}) as PoolProperties
  const members = services.flatMap(({ id, priority, weight }): Member[] => {
    const backend = configuration.backends.get(keyOf(fullId(id, pool.id)))
    return backend ? [{ backend, key: keyOf(backend.id), priority: priority ?? 0, weight: weight ?? 1 }] : []
  })
  const groups = [...Map.groupBy(members, ({ priority }) => priority)]
    .toSorted(([a], [b]) => a - b)
    .map(([, group]) => weighable(group))
  return {
    key: keyOf(pool.id),
    groups,
    members,
    affinityCookie: sessionAffinity?.sessionId?.name,
    failureStatus: failureResponse?.statusCode ?? EXHAUSTED,
  }
}

/** A weight of 0 draws nothing beside others; where all are 0 they are alike (unverified, both). */
const weighable = (group: Member[]): Member[] => {
  const weighty = group.filter(({ weight }) => weight > 0)
  return weighty.length > 0 ? weighty : group.map((member) => ({ ...member, weight: 1 }))
}

/** The next in turn of the best group that has a member with a closed breaker; undefined when there is none in any. */
export function pick(pool: Pool, unit: Unit, now: number): Member | undefined {
  for (const group of pool.groups) {
    const closed = group.filter(({ key }) => !isOpen(unit, key, now))
    if (closed.length > 0) return inTurn(pool.key, closed, unit)
  }
  return undefined
}

/** Smooth weighted round robin: everyone gains its weight, the richest is taken and pays what all have gained. */
function inTurn(poolKey: string, members: Member[], unit: Unit): Member | undefined {
  const turns = unit.turns.get(poolKey) ?? new Map<string, number>()
  unit.turns.set(poolKey, turns)
  let chosen: Member | undefined
  let most = Number.NEGATIVE_INFINITY
  let total = 0
  for (const member of members) {
    const turn = (turns.get(member.key) ?? 0) + member.weight
    turns.set(member.key, turn)
    total += member.weight
    if (turn > most) {
      chosen = member
      most = turn
    }
  }
  if (chosen) turns.set(chosen.key, most - total)
  return chosen
}
