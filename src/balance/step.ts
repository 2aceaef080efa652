import type { Rules } from './rules.ts'
import { canMeet, type Limits } from './target.ts'

/**
 * How far shares may go in one step: fall fast, climb slowly. A share that is outside the operator's bounds goes to them, however far.
 * @param bounds can be met
 */
export function stepLimits(live: Record<string, number>, bounds: Limits, rules: Rules): Limits {
  const limits = Object.fromEntries(
    Object.entries(bounds).map(([name, { low, high }]) => {
      const share = live[name] ?? 0
      const within = (value: number) => Math.min(high, Math.max(low, value))
      const highest = Math.max(rules.riseFactor * share, rules.riseToShare, share + rules.riseByShare)
      return [name, { low: within(share * rules.fallFactor), high: within(highest) }]
    }),
  )
  return canMeet(limits) ? limits : bounds
}

/** Half the sum of all changes: the part of the traffic that changes its member. */
export function distance(before: Record<string, number>, after: Record<string, number>): number {
  return (
    Object.entries(after).reduce((sum, [name, share]) => sum + Math.abs(share - (before[name] ?? 0)), 0) / 2
  )
}
