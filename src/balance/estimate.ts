import type { Learned, Memory } from './memory.ts'
import { type PoolState, quotas } from './pool.ts'
import type { Rules } from './rules.ts'
import type { Minute, Sample } from './samples.ts'

/**
 * What one minute teaches. It is the plant that is estimated, never the error of the weights: what a member can admit stays true across
 * the minutes that metrics need to arrive. A 429 is a flag, the admitted tokens are the measure: behind a breaker the 429s are censored.
 */
export function learn(minute: Minute, pool: PoolState, memory: Memory, rules: Rules): Memory {
  const quota = quotas(pool)
  const rate = (row: Sample) => row.tokens / (quota[row.backend] ?? 1)
  /** In this minute and in the one before it, where that is known: nothing aligns a member's counter with the minutes of the metrics. */
  const rates = (row: Sample): number[] => {
    const last = memory.members[row.backend]
    const follows = last?.newestMinuteMs === minute.startMs - 60_000
    return follows && typeof last.rate === 'number' ? [last.rate, rate(row)] : [rate(row)]
  }
  const best = Math.max(
    memory.tokensPerQuotaToken * (1 - rules.rateDecay),
    ...minute.rows.map((row) => mean(rates(row))),
  )
  const prior = memory.quotasKnown ? rules.quotaEvidenceMinutes : 0
  const seen = minute.rows.flatMap((row) => {
    const known = memory.members[row.backend]
    const before = known && { ...known, evidence: Math.max(prior, known.evidence) }
    return before ? [{ row, before, admitted: rates(row).map((each) => (best > 0 ? each / best : 0)) }] : []
  })
  const throttled = seen.filter(({ row }) => isSaturated(row, rules)).length
  const fill = poolFill(seen, quota)
  const members = { ...memory.members }
  for (const { row, before, admitted } of seen) {
    const othersThrottled = throttled > (isSaturated(row, rules) ? 1 : 0)
    members[row.backend] = {
      ...learnedOf(row, before, { admitted, fill, othersThrottled }, pool.breaker, rules),
      newestMinuteMs: minute.startMs,
      rate: row.errors > rules.failingShare * row.total ? null : rate(row),
    }
  }
  const demandTokens = followed(memory.demandTokens, minute, pool, rules)
  return { ...memory, tokensPerQuotaToken: best, demandTokens, members }
}

/** The demand after this minute: what was admitted, and what was not in calls of the same size. A part of the pool tells nothing of the whole. */
function followed(before: number, { rows }: Minute, pool: PoolState, rules: Rules): number {
  const ok = sum(rows.map((row) => row.ok))
  if (rows.length < pool.backends.length || ok === 0) return before
  const asked = (sum(rows.map((row) => row.tokens)) * sum(rows.map((row) => row.total))) / ok
  return before > 0 ? before + rules.demandGain * (asked - before) : asked
}

interface Seen {
  /** Tokens over what the quota buys at best: of this minute, last, and of the one before it where that is known. */
  admitted: number[]
  /** Of the whole pool, by what was learned before. */
  fill: number
  othersThrottled: boolean
}

function learnedOf(row: Sample, before: Learned, seen: Seen, breaker: boolean, rules: Rules): Learned {
  const failing = row.errors / row.total
  if (!breaker && failing > rules.failingShare && (row.errors >= rules.failingCalls || before.health < 1)) {
    // Capacity is kept: it is there again when the outage ends.
    const health =
      before.health < 1 ? before.health + rules.healthGain * (1 - failing - before.health) : 1 - failing
    return { ...before, health }
  }
  const health = Math.min(1, rules.returnFactor * before.health + rules.returnShare)
  const capacity = capacityOf(row, before, seen, rules)
  return {
    ...before,
    health,
    capacity: Math.min(rules.highestCapacity, Math.max(rules.lowestCapacity, capacity)),
    evidence: before.evidence + (isSaturated(row, rules) ? 1 : 0),
  }
}

function capacityOf(row: Sample, before: Learned, { admitted, fill, othersThrottled }: Seen, rules: Rules) {
  const { capacity, evidence } = before
  const newest = admitted.at(-1) ?? 0
  if (isSaturated(row, rules)) {
    // Two minutes hold the whole window in which a counter was full, so what both admitted is the most that it can be. That is no more
    // than luck where a burst of seconds throttled all, or this one for a moment: only who alone refuses much is known that well.
    const refusesMuch = row.throttled > rules.failingShare * row.total
    const isKnown = refusesMuch && !othersThrottled && admitted.length > 1
    const most = isKnown ? Math.min(capacity, sum(admitted)) : capacity
    // The mean while there is little to go by, the newest minutes later.
    const gain = Math.max(newest < most ? rules.gainDown : rules.gainUp, 1 / (1 + evidence))
    return most + gain * (newest - most)
  }
  if (mean(admitted) > capacity) return mean(admitted)
  const mayTakeMore = capacity < 1 || newest > rules.probeFill * capacity * Math.min(1, fill)
  if (othersThrottled) return mayTakeMore ? capacity * (1 + rules.probeGain) : capacity
  return capacity < 1 ? Math.min(1, capacity * (1 + rules.forgetGain)) : capacity
}

/** Load fluctuates on its own, so a throttled minute comes without anybody making one: it probes for free. */
const isSaturated = ({ throttled, total }: Sample, rules: Rules): boolean =>
  throttled > 0 && throttled >= rules.saturatedShare * total

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
const mean = (values: number[]) => sum(values) / values.length

function poolFill(
  seen: { row: Sample; before: Learned; admitted: number[] }[],
  quota: Record<string, number>,
) {
  let [used, able] = [0, 0]
  for (const { row, before, admitted } of seen) {
    used += (admitted.at(-1) ?? 0) * (quota[row.backend] ?? 1)
    able += before.capacity * (quota[row.backend] ?? 1)
  }
  return able > 0 ? used / able : 0
}

/** Tokens a minute that each member is taken to admit; undefined while no token was seen. */
export function learnedCapacities(pool: PoolState, memory: Memory): Record<string, number> | undefined {
  if (memory.tokensPerQuotaToken <= 0) return undefined
  return Object.fromEntries(
    Object.entries(quotas(pool)).map(([name, quota]) => {
      const { capacity, health } = memory.members[name] ?? { capacity: 1, health: 1 }
      return [name, capacity * health * memory.tokensPerQuotaToken * quota]
    }),
  )
}
