import type { Clock } from '../clock.ts'
import type { Verdict } from './limiter.ts'

const MINUTE_MS = 60_000

/** Input tokens that a unit processes in a minute, and how many of them a generated one is worth. Assumed figures. */
const THROUGHPUT: Record<string, { tokensPerUnit: number; outputWeight: number }> = {
  'gpt-4o': { tokensPerUnit: 2500, outputWeight: 4 },
  'gpt-4o-mini': { tokensPerUnit: 37_000, outputWeight: 4 },
  'gpt-4.1': { tokensPerUnit: 3000, outputWeight: 4 },
}
const OTHERS = { tokensPerUnit: 2500, outputWeight: 4 }

export type Load = { prompt: number; cached: number; completion: number }

const throughputOf = (model: string) => THROUGHPUT[model] ?? OTHERS

const costOf = ({ prompt, cached, completion }: Load, model: string) =>
  Math.max(0, prompt - cached) + throughputOf(model).outputWeight * completion

/** How much of a minute's throughput a minute's load was, in percent: what Azure Monitor shows. */
export const percentOfMinute = (model: string, units: number, load: Load): number =>
  (100 * costOf(load, model)) / (units * throughputOf(model).tokensPerUnit)

/** A leaky bucket that holds a minute's worth (azure-facts 11): full is 100 %, and whoever comes later is refused until it has leaked. */
export function createUtilisation(clock: Clock) {
  const buckets = new Map<string, { level: number; at: number; perMinute: number }>()

  function leaked(id: string) {
    const bucket = buckets.get(id)
    if (!bucket) return 0
    const leak = ((clock.now() - bucket.at) * bucket.perMinute) / MINUTE_MS
    return Math.max(0, bucket.level - leak)
  }

  /** `units` PTUs of a model. Cached input is free. */
  function admit(id: string, model: string, units: number, load: Load): Verdict {
    const perMinute = units * throughputOf(model).tokensPerUnit
    const level = leaked(id)
    const isFull = level > perMinute
    buckets.set(id, { level: isFull ? level : level + costOf(load, model), at: clock.now(), perMinute })
    if (!isFull) return { retryAfterMs: 0, headers: {} }
    const retryAfterMs = Math.ceil(((level - perMinute) * MINUTE_MS) / perMinute) + 1
    return { exceeded: 'call rate limit', retryAfterMs, headers: {} }
  }

  return {
    admit,
    /** Now, in percent. */
    percentOf: (id: string) => {
      const bucket = buckets.get(id)
      return bucket ? (100 * leaked(id)) / bucket.perMinute : 0
    },
  }
}
