import type { Fault } from './fault.ts'
import { provisionedSkus } from './foundry-schema.ts'
import { at, items, numberAt, textAt } from './raw.ts'
import { accountNamed, deploymentOf, isIn } from './raw-accounts.ts'

/** Bounds and weights of a pool's members: they mean something only within a priority group. */
export function groupFaults(pool: unknown, path: string, accounts: unknown[]): Fault[] {
  const faults: Fault[] = []
  const members = items(pool, 'members').map(({ path: own, value }) => ({
    path: `${path}.${own}`,
    priority: numberAt(value, 'priority') ?? 1,
    weight: numberAt(value, 'weight'),
    bounds: boundsIn(value),
    sku: textAt(
      deploymentOf(accountNamed(accounts, textAt(value, 'account')), textAt(pool, 'deployment')),
      'sku',
    ),
  }))
  for (const { path: own, bounds } of members)
    if (bounds && bounds[0] > bounds[1])
      faults.push({
        path: `${own}.bounds`,
        problem: `the lowest share, ${bounds[0]}, is above the highest, ${bounds[1]}`,
        remedy: 'write [lowest, highest]',
      })
  for (const [priority, group] of Map.groupBy(members, (member) => member.priority)) {
    const sum = (of: (bounds: [number, number]) => number, missing: number) =>
      group.reduce((total, { bounds }) => total + (bounds ? of(bounds) : missing), 0)
    const [lowest, highest] = [sum(([low]) => low, 0), sum(([, high]) => high, 100)]
    if (lowest > 100 || highest < 100)
      faults.push({
        path: `${path}.members`,
        problem: `the bounds of priority ${priority} add up to ${lowest} to ${highest} percent, and cannot make 100`,
        remedy: 'let the lowest add up to 100 at most and the highest to 100 at least',
      })
    faults.push(...weightFaults(group))
  }
  return faults
}

interface Weighed {
  path: string
  weight: number | undefined
  bounds: [number, number] | undefined
  sku: string | undefined
}

function weightFaults(group: Weighed[]): Fault[] {
  const weighed = group.filter(({ weight }) => weight !== undefined)
  if (weighed.length > 0 && weighed.length < group.length)
    return group
      .filter(({ weight }) => weight === undefined)
      .map(({ path }) => ({
        path: `${path}.weight`,
        problem: 'is missing, while others of its priority have one',
        remedy: 'weigh all members of a priority, or none',
      }))
  const total = weighed.reduce((sum, { weight }) => sum + (weight ?? 0), 0)
  const outside = weighed.flatMap(({ path, weight = 0, bounds }) => {
    const share = Math.round((1000 * weight) / total) / 10
    return bounds && (share < bounds[0] || share > bounds[1])
      ? [
          {
            path: `${path}.weight`,
            problem: `is ${share} percent of its group, outside its bounds`,
            remedy: 'change the weights or the bounds',
          },
        ]
      : []
  })
  const units = new Set(group.flatMap(({ sku }) => (sku === undefined ? [] : [isIn(provisionedSkus, sku)])))
  if (weighed.length > 0 || units.size < 2) return outside
  return group.slice(0, 1).map(({ path }) => ({
    path: `${path}.weight`,
    problem:
      'is missing: its priority mixes provisioned units and tokens per minute, which have no proportion',
    remedy: 'give the members of this priority weights, or the provisioned one a priority of its own',
  }))
}

function boundsIn(member: unknown): [number, number] | undefined {
  const bounds = at(member, 'bounds')
  if (!Array.isArray(bounds) || bounds.length !== 2) return undefined
  const [lowest, highest]: unknown[] = bounds
  return typeof lowest === 'number' && typeof highest === 'number' ? [lowest, highest] : undefined
}
