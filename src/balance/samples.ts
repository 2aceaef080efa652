import type { Memory } from './memory.ts'
import type { PoolState } from './pool.ts'
import type { Rules } from './rules.ts'

/** What one backend was asked in one complete minute, and what it answered. */
export interface Sample {
  backend: string
  /** When it began: ISO, UTC. */
  minute: string
  /** Attempts. A member that is behind breakers and retries sees attempts, not requests. */
  total: number
  ok: number
  throttled: number
  errors: number
  /** Prompt and generated tokens of what was ok. */
  tokens: number
}

export interface Minute {
  startMs: number
  rows: Sample[]
}

/**
 * The minutes that teach something, oldest first: rows of members, each newer than what was learned of that member, none older than
 * the rules allow, none that contradicts itself. A member without a row is unknown in that minute, which is not zero.
 */
export function usableMinutes(
  now: Date,
  fresh: Sample[],
  pool: PoolState,
  memory: Memory,
  rules: Rules,
): Minute[] {
  const rows = new Map<number, Map<string, Sample>>()
  const oldestMs = now.getTime() - rules.oldestSampleMinutes * 60_000
  for (const sample of fresh) {
    const member = Object.hasOwn(memory.members, sample.backend) ? memory.members[sample.backend] : undefined
    const startMs = Date.parse(sample.minute)
    if (!member || faultOf(sample) || !(startMs > member.newestMinuteMs)) continue
    if (startMs > now.getTime() || startMs < oldestMs) continue
    const minute = rows.get(startMs) ?? new Map<string, Sample>()
    if (!minute.has(sample.backend)) minute.set(sample.backend, sample)
    rows.set(startMs, minute)
  }
  const order = pool.backends.map(({ name }) => name)
  return [...rows]
    .sort(([a], [b]) => a - b)
    .map(([startMs, minute]) => ({ startMs, rows: order.flatMap((name) => minute.get(name) ?? []) }))
}

/**
 * Why a row cannot be believed; undefined where it can. Parts may fall short of the total, for not every answer has a part here, but
 * not exceed it by more than the rounding of sums.
 */
export function faultOf({ total, ok, throttled, errors, tokens }: Omit<Sample, 'backend' | 'minute'>) {
  const all = [total, ok, throttled, errors, tokens]
  if (!all.every((value) => value >= 0 && value < 1e12)) return 'a count that is no count'
  if (total === 0) return tokens > 0 ? 'tokens without calls' : 'no calls'
  if (ok + throttled + errors > total + 0.5) return 'more answers than calls'
  if (tokens > 0 && ok === 0) return 'tokens without a call that was answered'
  if (tokens === 0 && ok > 0) return 'answered calls without tokens'
  return undefined
}
