import { learn } from './estimate.ts'
import { forgotten, type Memory, recalled } from './memory.ts'
import { liveShares, type PoolState, proportions, quotas } from './pool.ts'
import { type Rules, usualRules } from './rules.ts'
import { type Sample, usableMinutes } from './samples.ts'
import { stepLimits } from './step.ts'
import { boundsOf, fitted, target } from './target.ts'
import { wholeWeights } from './whole-weights.ts'
import { whyFallback, whyShift } from './why.ts'
import { reasonToHold } from './write-or-hold.ts'

export type Decision =
  | { action: 'hold'; why: string }
  | { action: 'shift'; weights: Record<string, number>; why: string }

/**
 * Weights for what the members were seen to admit. Pure: the same arguments give the same answer, and none of them is changed.
 * @param fresh samples of complete minutes not given before
 * @param pool one priority group, as it is live
 * @param memory what the last call gave back, or `initialMemory`
 */
export function rebalance(
  now: Date,
  fresh: Sample[],
  pool: PoolState,
  memory: Memory,
  rules: Rules = usualRules,
): { decision: Decision; memory: Memory } {
  const nowMs = now.getTime()
  const before = recalled(memory, pool, now)
  const minutes = usableMinutes(now, fresh, pool, before, rules)
  const heardMs = minutes.length > 0 ? nowMs : (before.heardMs ?? nowMs)
  const blind = nowMs - heardMs > rules.blindAfterMinutes * 60_000
  const start: Memory = { ...(blind ? forgotten(before) : before), heardMs }
  const learned = minutes.reduce((known, minute) => learn(minute, pool, known, rules), start)
  const hold = (why: string) => ({ decision: { action: 'hold' as const, why }, memory: learned })

  const members = pool.backends.length
  if (Object.keys(learned.members).length < members) return hold('two members have one name')
  if (members < 2) return hold(members === 0 ? 'nobody to share with' : 'one member carries everything')
  if (minutes.length === 0 && !blind) return hold('no new data')
  const bounds = boundsOf(pool, rules)
  if (!bounds) return hold('no shares meet the bounds of all members')

  const live = liveShares(pool)
  const limits = stepLimits(live, bounds, rules)
  const weights = wholeWeights(fitted(target(pool, learned, rules), limits), limits)
  if (!weights) return hold('no whole weights meet the bounds and steps of all members')
  const wanted = proportions(weights)
  const reason = reasonToHold(nowMs, live, wanted, bounds, learned, blind, rules)
  if (reason) return hold(reason)
  const why = blind
    ? whyFallback((nowMs - heardMs) / 60_000, learned.quotasKnown)
    : whyShift(live, wanted, minutes, learned.quotasKnown ? quotas(pool) : undefined)
  return {
    decision: { action: 'shift', weights, why },
    memory: { ...learned, writesMs: [...learned.writesMs, nowMs] },
  }
}
