/** One priority group of a pool, as it is live. Weights move inside a group only. */
export interface PoolState {
  backends: Backend[]
  /** Whether a circuit breaker keeps calls off failing members: it answers to 5xx at once, so weights need not. */
  breaker: boolean
}

interface Backend {
  name: string
  /** As it travels: an integer that means something beside the others only. */
  weight: number
  quotaTokensPerMinute?: number
  /** Percent of the group's traffic. */
  bounds?: [lowest: number, highest: number]
}

/** Believed proportions of the members, by name: their quotas, or 1 each where one quota is not known, for then no proportion is. */
export function quotas(pool: PoolState): Record<string, number> {
  const known = quotasKnown(pool)
  return byName(pool, ({ quotaTokensPerMinute }) => (known ? (quotaTokensPerMinute ?? 1) : 1))
}

export const quotasKnown = (pool: PoolState): boolean =>
  pool.backends.every(({ quotaTokensPerMinute: quota }) => Number.isFinite(quota) && (quota ?? 0) > 0)

/** The shares in force; equal ones where no weight says anything. */
export function liveShares(pool: PoolState): Record<string, number> {
  return proportions(byName(pool, ({ weight }) => (Number.isFinite(weight) && weight > 0 ? weight : 0)))
}

/** The same proportions, adding up to 1. */
export function proportions(parts: Record<string, number>): Record<string, number> {
  const total = Object.values(parts).reduce((sum, part) => sum + part, 0)
  const equal = 1 / Object.keys(parts).length
  return Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [name, total > 0 ? part / total : equal]),
  )
}

export const byName = <Value>(pool: PoolState, value: (backend: Backend) => Value): Record<string, Value> =>
  Object.fromEntries(pool.backends.map((backend) => [backend.name, value(backend)]))
