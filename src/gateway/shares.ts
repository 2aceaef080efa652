/**
 * Weights and shares. A weight is what travels: an integer, meaningful only beside the others of its priority group. A share is what
 * is meant: the part of the group's traffic. Documents, bounds and comparisons speak of shares.
 */

/** By backend; the values of a group add up to 1. */
export type Shares = Record<string, number>
/** By backend; integers from 1 to 100, the largest 100. */
export type Weights = Record<string, number>
/** Percent of the group's traffic, both ends allowed. */
export type Bounds = readonly [lowest: number, highest: number]

export interface Member {
  backend: string
  priority: number
  weight: number
}

/** Never 0: what a weight of 0 does is not written down anywhere, and a member without traffic gives no measurements. */
export function weightsOf(shares: Shares): Weights {
  const largest = Math.max(...Object.values(shares))
  return mapped(shares, (share) => (largest > 0 ? Math.max(1, Math.round((100 * share) / largest)) : 100))
}

export function sharesOf(weights: Weights): Shares {
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0)
  return mapped(weights, (weight) => (total > 0 ? weight / total : 1 / Object.keys(weights).length))
}

/** Proportional to capacity, whatever the demand; equal where one capacity is not known, for then no proportion is. */
export function quotaShares(capacities: Record<string, number | undefined>): Shares {
  const known = Object.values(capacities).every((capacity) => capacity !== undefined && capacity > 0)
  return sharesOf(mapped(capacities, (capacity) => (known ? (capacity ?? 1) : 1)))
}

/**
 * Is the live pool the wanted one, as far as the document is concerned? Members and priorities must be equal; a share may be anything
 * within its bounds, and is the rebalancer's there. Without bounds it must be the wanted one.
 * @param bounds by backend
 */
export function sameShares(wanted: Member[], live: Member[], bounds: Record<string, Bounds>): boolean {
  if (wanted.length !== live.length) return false
  return [...Map.groupBy(wanted, (member) => member.priority)].every(([priority, group]) =>
    sameGroup(
      group,
      live.filter((member) => member.priority === priority),
      bounds,
    ),
  )
}

function sameGroup(wanted: Member[], live: Member[], bounds: Record<string, Bounds>): boolean {
  const wantedWeights = weightsOf(sharesOf(byBackend(wanted)))
  const liveWeights = weightsOf(sharesOf(byBackend(live)))
  return wanted.every(({ backend }) => {
    const weight = liveWeights[backend]
    if (weight === undefined) return false
    const range = bounds[backend]
    if (!range) return weight === wantedWeights[backend]
    const [lowest, highest] = meant(backend, liveWeights)
    return highest >= range[0] / 100 && lowest <= range[1] / 100
  })
}

/** The shares that may have been meant by weights, from lowest to highest: as integers they are rounded, and lifted to 1. */
function meant(backend: string, weights: Weights): [lowest: number, highest: number] {
  const low = (weight: number) => (weight === 1 ? 0 : weight - 0.5)
  const high = (weight: number) => Math.min(100, weight + 0.5)
  const own = weights[backend] ?? 0
  const others = Object.entries(weights).flatMap(([name, weight]) => (name === backend ? [] : [weight]))
  const total = (of: (weight: number) => number) => others.reduce((sum, weight) => sum + of(weight), 0)
  return [low(own) / (low(own) + total(high)), high(own) / (high(own) + total(low))]
}

const byBackend = (members: Member[]): Weights =>
  Object.fromEntries(members.map(({ backend, weight }) => [backend, weight]))

const mapped = <From, To>(values: Record<string, From>, change: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]))
