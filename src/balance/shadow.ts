import { proportions } from './pool.ts'
import { poolMinutes } from './pool-minutes.ts'
import type { Sample } from './samples.ts'

/**
 * What weights would have lost: the demand that was measured, spread by each set of weights over capacities as they were learned.
 * Both sides are computed, so that errors of the capacities weigh on both. Tokens, as the metrics count them.
 * @param actual weights in force, by backend
 * @param shadow weights that would have been
 * @param capacities tokens a minute that each member admits; `learnedCapacities` after these minutes
 */
export function judgeShadow(
  actual: Record<string, number>,
  shadow: Record<string, number>,
  samples: Sample[],
  capacities: Record<string, number>,
): { actualLost: number; shadowLost: number; why: string } {
  const demands = poolMinutes(samples).map(({ offeredTokens }) => offeredTokens)
  const asked = demands.reduce((sum, tokens) => sum + tokens, 0)
  const lost = (weights: Record<string, number>) => {
    const shares = Object.entries(proportions(weights))
    return demands.reduce(
      (sum, demand) =>
        sum + shares.reduce((over, [name, share]) => over + overflow(demand * share, capacities[name]), 0),
      0,
    )
  }
  const [actualLost, shadowLost] = [lost(actual), lost(shadow)]
  return { actualLost, shadowLost, why: whyJudged(asked, actualLost, shadowLost, demands.length) }
}

/** A member whose capacity nobody learned turns nothing away. */
const overflow = (tokens: number, capacity = Infinity): number => Math.max(0, tokens - capacity)

function whyJudged(asked: number, actualLost: number, shadowLost: number, minutes: number): string {
  if (minutes === 0 || asked === 0) return 'no whole minute was measured'
  const saved = actualLost - shadowLost
  const tokens = `${Math.round(Math.abs(saved))} of ${Math.round(asked)} tokens in ${minutes} minutes`
  if (Math.abs(saved) < 0.005 * asked) return `no difference worth naming: ${tokens}`
  return saved > 0
    ? `the shadow's weights would have saved ${tokens}`
    : `the shadow's weights would have cost ${tokens}`
}
