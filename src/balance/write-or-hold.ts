import type { Memory } from './memory.ts'
import type { Rules } from './rules.ts'
import { distance } from './step.ts'
import type { Limits } from './target.ts'
import { points } from './why.ts'

type Shares = Record<string, number>

/**
 * Why a change that is wanted is not written now; undefined when it is.
 * @param live the shares in force
 * @param wanted what would be written
 * @param blind metrics are lost, and `wanted` is a step back to the quotas
 */
export function reasonToHold(
  nowMs: number,
  live: Shares,
  wanted: Shares,
  bounds: Limits,
  memory: Memory,
  blind: boolean,
  rules: Rules,
): string | undefined {
  const change = distance(live, wanted)
  if (change < 1e-9) return 'the shares in force are the best ones'
  const moved = `${points(change)} of the traffic would move`
  const tolerance = toleranceNow(memory, rules)
  if (change < tolerance && within(live, bounds)) return `within tolerance: ${moved}`
  const waited = (nowMs - (memory.writesMs.at(-1) ?? -Infinity)) / 1000
  if (waited < rules.cooldownSeconds) return `cooling down: ${moved}`
  const urgent = blind || leavesFailing(live, wanted, memory)
  const budget = urgent ? rules.urgentWritesPerHour : rules.writesPerHour
  if (memory.writesMs.length >= budget) return `${budget} writes in an hour are enough: ${moved}`
  return undefined
}

/** In the second half of the hour's budget each write costs more: something is left for what is worth it. */
function toleranceNow({ writesMs }: Memory, rules: Rules): number {
  const left = Math.max(1, rules.writesPerHour - writesMs.length)
  return rules.toleranceShare * Math.max(1, rules.writesPerHour / 2 / left)
}

const within = (shares: Shares, bounds: Limits): boolean =>
  Object.entries(bounds).every(([name, { low, high }]) => {
    const share = shares[name] ?? 0
    return share >= low - 1e-9 && share <= high + 1e-9
  })

const leavesFailing = (live: Shares, wanted: Shares, memory: Memory): boolean =>
  Object.entries(memory.members).some(
    ([name, { health }]) => health < 1 && (wanted[name] ?? 0) < (live[name] ?? 0),
  )
