import { byName, type PoolState, quotasKnown } from './pool.ts'

/** What the law knows of a pool between two calls. Plain JSON; times are milliseconds since 1970. */
export interface Memory {
  /** Whether capacities are counted in quotas, or in equal parts because one quota is not known. */
  quotasKnown: boolean
  /** The tokens that one token of quota buys at most: metrics and quotas count differently, so only ratios mean something. */
  tokensPerQuotaToken: number
  /** What the pool is asked for: mean of some minutes, in tokens a minute as the metrics count them. */
  demandTokens: number
  members: Record<string, Learned>
  /** When minutes last arrived, or when watching began. Null before the first call. */
  heardMs: number | null
  /** The writes of the last hour, oldest first. */
  writesMs: number[]
}

export interface Learned {
  /** Capacity over quota, 1 until measured. */
  capacity: number
  /** Saturated minutes that the capacity rests on. */
  evidence: number
  /** The part of its calls that do not fail: 1, or the worst of an outage. */
  health: number
  newestMinuteMs: number
  /** Tokens over quota in that minute; null where failures kept it low. Memories of older versions have none. */
  rate?: number | null
}

const unmeasured: Learned = { capacity: 1, evidence: 0, health: 1, newestMinuteMs: 0 }

export function initialMemory(pool: PoolState): Memory {
  return {
    quotasKnown: quotasKnown(pool),
    tokensPerQuotaToken: 0,
    demandTokens: 0,
    members: byName(pool, () => unmeasured),
    heardMs: null,
    writesMs: [],
  }
}

/**
 * A copy that fits the pool and the clock: who left is forgotten, who came is unmeasured, and when quotas become known or unknown all
 * that was measured in the old unit is forgotten. No remembered time is later than now, so a clock that was set back delays and never blocks.
 */
export function recalled(memory: Memory, pool: PoolState, now: Date): Memory {
  const nowMs = now.getTime()
  const sameUnit = memory.quotasKnown === quotasKnown(pool)
  const members = byName(pool, ({ name }): Learned => {
    const known = Object.hasOwn(memory.members, name) ? memory.members[name] : undefined
    if (!known) return unmeasured
    const newestMinuteMs = Math.min(known.newestMinuteMs, nowMs)
    return sameUnit ? { ...known, newestMinuteMs } : { ...unmeasured, newestMinuteMs }
  })
  return {
    quotasKnown: quotasKnown(pool),
    tokensPerQuotaToken: sameUnit ? memory.tokensPerQuotaToken : 0,
    demandTokens: memory.demandTokens,
    members,
    heardMs: Math.min(memory.heardMs ?? nowMs, nowMs),
    writesMs: memory.writesMs.map((ms) => Math.min(ms, nowMs)).filter((ms) => ms > nowMs - 3_600_000),
  }
}

/** Measured in a time that says nothing of now. */
export const forgotten = (memory: Memory): Memory => ({
  ...memory,
  tokensPerQuotaToken: 0,
  demandTokens: 0,
  members: Object.fromEntries(
    Object.entries(memory.members).map(([name, { newestMinuteMs }]) => [
      name,
      { ...unmeasured, newestMinuteMs },
    ]),
  ),
})
