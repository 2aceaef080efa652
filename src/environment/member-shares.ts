import { backendId } from '../gateway/backends.ts'
import { type Bounds, type Member, quotaShares, type Shares, sharesOf, weightsOf } from '../gateway/shares.ts'
import type { Document } from './schema.ts'

export type PoolSpec = Document['gateway']['pools'][number]
type Account = Document['foundry']['accounts'][number]

/** Within which the rebalancer moves a member whose document says nothing: nobody starves, and nobody carries all. */
const usualBounds: Bounds = [5, 95]

/**
 * The members of a pool as they are born: shares proportional to capacity, or as the document weighs them, moved into their bounds.
 * @param fixed shares that nobody moves have no bounds
 */
export function bornMembers(
  pool: PoolSpec,
  accounts: Account[],
  fixed: boolean,
): { members: Member[]; bounds: Record<string, Bounds> } {
  const all = pool.members.map((member) => ({
    ...member,
    backend: backendId(member.account, pool.deployment),
    capacity: accounts
      .find(({ name }) => sameName(name, member.account))
      ?.deployments.find(({ name }) => sameName(name, pool.deployment))?.capacity,
  }))
  const members: Member[] = []
  const bounds: Record<string, Bounds> = {}
  for (const [priority, group] of Map.groupBy(all, (member) => member.priority)) {
    const wanted = group.every(({ weight }) => weight !== undefined)
      ? sharesOf(Object.fromEntries(group.map(({ backend, weight }) => [backend, weight ?? 1])))
      : quotaShares(Object.fromEntries(group.map(({ backend, capacity }) => [backend, capacity])))
    const limits = Object.fromEntries(
      group.flatMap((member) => {
        const own = member.bounds ?? (pool.balance.mode === 'off' ? undefined : usualBoundsOf(group.length))
        return own && !fixed ? [[member.backend, own] as const] : []
      }),
    )
    Object.assign(bounds, limits)
    const weights = weightsOf(fitted(wanted, limits))
    for (const { backend } of group) members.push({ backend, priority, weight: weights[backend] ?? 100 })
  }
  return { members, bounds }
}

/** Alone in its group a member carries everything; among more than twenty the usual floor would be more than there is. */
const usualBoundsOf = (groupSize: number): Bounds | undefined =>
  groupSize === 1 ? undefined : [Math.min(usualBounds[0], 100 / groupSize), usualBounds[1]]

/** The shares nearest in proportion that keep to their bounds; bounds whose sums make that impossible are faults of the document. */
export function fitted(shares: Shares, bounds: Record<string, Bounds>): Shares {
  const within = (name: string, share: number) => {
    const [lowest, highest] = bounds[name] ?? [0, 100]
    return Math.min(highest / 100, Math.max(lowest / 100, share))
  }
  const scaled = (factor: number): Shares =>
    Object.fromEntries(Object.entries(shares).map(([name, share]) => [name, within(name, share * factor)]))
  const total = (of: Shares) => Object.values(of).reduce((sum, share) => sum + share, 0)
  // One factor for all, found by halving: the sum grows with it.
  let [low, high] = [0, 1000]
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (total(scaled(middle)) < 1) low = middle
    else high = middle
  }
  return scaled(high)
}

const sameName = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()
