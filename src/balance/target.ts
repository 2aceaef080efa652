import type { Memory } from './memory.ts'
import { byName, type PoolState, quotas } from './pool.ts'
import type { Rules } from './rules.ts'

/** What a share may be, by name; both ends allowed. */
export type Limits = Record<string, { low: number; high: number }>

/**
 * Shares proportional to capacity lose least whatever the demand is, so no forecast is needed (docs/balance-law.md).
 * A failing member is left what the sound ones could not take anyway: its calls that succeed are worth more than their 429s.
 * @returns proportions that need not add up to 1
 */
export function target(pool: PoolState, memory: Memory, rules: Rules): Record<string, number> {
  const quota = quotas(pool)
  const members = pool.backends.map(({ name }) => {
    const { capacity, health } = memory.members[name] ?? { capacity: 1, health: 1 }
    return { name, health, able: (quota[name] ?? 1) * capacity }
  })
  const sum = (of: typeof members) => of.reduce((total, { able }) => total + able, 0)
  const sound = sum(members.filter(({ health }) => health === 1))
  const failing = sum(members.filter(({ health }) => health < 1))
  const demand = memory.tokensPerQuotaToken > 0 ? memory.demandTokens / memory.tokensPerQuotaToken : 0
  return Object.fromEntries(
    members.map(({ name, health, able }) => {
      if (health === 1) return [name, able]
      // A call more is worth its health here, and nothing where it is one too many. With demand spread evenly from none to twice its
      // mean, both are worth the same where the sound members are filled by this much of it.
      const beyond = Math.max(0, 2 * Math.sqrt(health) * demand - sound) / failing
      return [name, able * Math.min(1, Math.max(rules.lowestHealth, beyond))]
    }),
  )
}

/** The operator's bounds above the floor; undefined when no shares can meet them. */
export function boundsOf(pool: PoolState, rules: Rules): Limits | undefined {
  const floor = rules.floorShare / pool.backends.length
  const limits = byName(pool, ({ bounds: [lowest, highest] = [0, 100] }) => {
    const high = Math.min(1, highest / 100)
    return { low: Math.min(high, Math.max(floor, lowest / 100)), high, backwards: !(lowest <= highest) }
  })
  const all = Object.values(limits)
  return all.some(({ backwards }) => backwards) || !canMeet(limits) ? undefined : limits
}

export function canMeet(limits: Limits): boolean {
  const sum = (end: 'low' | 'high') => Object.values(limits).reduce((total, limit) => total + limit[end], 0)
  return sum('low') <= 1 + 1e-9 && sum('high') >= 1 - 1e-9
}

/** The shares nearest in proportion that keep to their limits. They can be met. */
export function fitted(parts: Record<string, number>, limits: Limits): Record<string, number> {
  const members = Object.entries(limits).map(([name, limit]) => ({ name, part: parts[name] ?? 0, ...limit }))
  const at = (factor: number) =>
    members.map(({ part, low, high }) => Math.min(high, Math.max(low, part * factor)))
  const total = (factor: number) => at(factor).reduce((sum, share) => sum + share, 0)
  // One factor for all. The sum grows with it, along straight lines between the factors at which a share meets a limit.
  const corners = members
    .flatMap(({ part, low, high }) => (part > 0 ? [low / part, high / part] : []))
    .sort((a, b) => a - b)
  const right = corners.findIndex((corner) => total(corner) >= 1)
  const [before, after] = [corners[right - 1] ?? 0, corners[right] ?? corners.at(-1) ?? 0]
  const [least, most] = [total(before), total(after)]
  const factor = most > least ? before + ((after - before) * (1 - least)) / (most - least) : after
  const shares = at(factor)
  return Object.fromEntries(members.map(({ name }, index) => [name, shares[index] ?? 0]))
}
