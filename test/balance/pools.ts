import type { PoolState, Sample } from '../../src/balance/index.ts'

/** A small world to drive the law with: minutes that arrive five minutes late, in a pool whose members admit so much and no more. */

const firstMinuteMs = Date.UTC(2026, 0, 5, 8)
export const at = (minute: number): Date => new Date(firstMinuteMs + minute * 60_000)

export const twoRegions: PoolState = {
  breaker: false,
  backends: [
    { name: 'eus', weight: 100, quotaTokensPerMinute: 100_000, bounds: [5, 95] },
    { name: 'eus2', weight: 100, quotaTokensPerMinute: 100_000, bounds: [5, 95] },
  ],
}

/** One member's minute: `offered` tokens in calls of 500, of which it admits so many. */
export function answered(backend: string, minute: number, offered: number, admits = Infinity): Sample {
  const total = Math.round(offered / 500)
  const ok = Math.min(total, Math.round(admits / 500))
  return {
    backend,
    minute: at(minute).toISOString(),
    total,
    ok,
    throttled: total - ok,
    errors: 0,
    tokens: ok * 500,
  }
}

export const failed = (backend: string, minute: number, total: number, errors: number): Sample => ({
  backend,
  minute: at(minute).toISOString(),
  total,
  ok: total - errors,
  throttled: 0,
  errors,
  tokens: (total - errors) * 500,
})

export function sharesIn(pool: PoolState): Record<string, number> {
  const total = pool.backends.reduce((sum, { weight }) => sum + weight, 0)
  return Object.fromEntries(pool.backends.map(({ name, weight }) => [name, weight / total]))
}

export const withWeights = (pool: PoolState, weights: Record<string, number>): PoolState => ({
  ...pool,
  backends: pool.backends.map((backend) => ({ ...backend, weight: weights[backend.name] ?? backend.weight })),
})
