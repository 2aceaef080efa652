import type { Fault } from './fault.ts'
import { batchSkus, provisionedSkus } from './foundry-schema.ts'
import { at, items, numberAt, repeated, textAt } from './raw.ts'

/** What must hold between pools, their members and the accounts these name (docs/decisions: one deployment name per pool). */
export function poolFaults(raw: unknown): Fault[] {
  const pools = items(raw, 'gateway.pools')
  const accounts = items(raw, 'foundry.accounts').map(({ value }) => value)
  return [
    ...repeated(pools, ({ value }) => textAt(value, 'name')).map(({ path }) => ({
      path: `${path}.name`,
      problem: 'is the name of an earlier pool too',
      remedy: 'give each pool its own name',
    })),
    ...repeated(pools, ({ value }) => textAt(value, 'deployment')).map(({ path }) => ({
      path: `${path}.deployment`,
      problem: 'is the deployment of an earlier pool too: a call names its pool by deployment',
      remedy: 'put all members that serve it into one pool',
    })),
    ...stickyFaults(raw),
    ...pools.flatMap((pool) => [
      ...memberFaults(pool.value, pool.path, accounts),
      ...groupFaults(pool.value, pool.path, accounts),
    ]),
  ]
}

/** The pool with affinity lives beside the others, under a name made from the first one's. */
export const stickyName = (pool: string): string => `${pool}-responses`

function stickyFaults(raw: unknown): Fault[] {
  const [first, ...others] = items(raw, 'gateway.pools')
  const name = textAt(first?.value, 'name')
  if (name === undefined || at(raw, 'gateway.api.responses') !== 'sticky') return []
  return others
    .filter(({ value }) => textAt(value, 'name') === stickyName(name))
    .map(({ path }) => ({
      path: `${path}.name`,
      problem: `is the name of the pool that responses: sticky gives ${name}`,
      remedy: 'choose another name',
    }))
}

function memberFaults(pool: unknown, path: string, accounts: unknown[]): Fault[] {
  const members = items(pool, 'members')
  const deployment = textAt(pool, 'deployment')
  const faults = repeated(members, ({ value }) => textAt(value, 'account')).map((member) => ({
    path: `${path}.${member.path}.account`,
    problem: 'is in this pool already',
    remedy: 'name each account once; its share is its weight',
  }))
  const models = new Set<string>()
  for (const member of members) {
    const name = textAt(member.value, 'account')
    if (name === undefined) continue
    const faultAt = (problem: string, remedy: string) =>
      faults.push({ path: `${path}.${member.path}.account`, problem, remedy })
    const account = accounts.find((it) => sameName(textAt(it, 'name'), name))
    if (!account) {
      faultAt(`there is no account ${name}`, 'name one of foundry.accounts, or add it there')
      continue
    }
    const found = deploymentOf(account, deployment)
    if (deployment === undefined) continue
    if (!found) {
      faultAt(
        `${name} has no deployment named ${deployment}`,
        'all members of a pool have a deployment of the same name: add it, or take the account out',
      )
      continue
    }
    if (isIn(batchSkus, textAt(found, 'sku')))
      faultAt(`${deployment} of ${name} is a batch deployment`, 'use a tier that answers at once')
    const model = textAt(found, 'model')
    if (model !== undefined && !models.has(model) && models.size > 0)
      faultAt(
        `${deployment} of ${name} is another model than the members before it have`,
        'deploy one model under one name',
      )
    if (model !== undefined) models.add(model)
  }
  return faults
}

/** Bounds and weights mean something only within a priority group. */
function groupFaults(pool: unknown, path: string, accounts: unknown[]): Fault[] {
  const faults: Fault[] = []
  const members = items(pool, 'members').map(({ path: own, value }) => ({
    path: `${path}.${own}`,
    priority: numberAt(value, 'priority') ?? 1,
    weight: numberAt(value, 'weight'),
    bounds: boundsIn(value),
    sku: textAt(
      deploymentOf(
        accounts.find((it) => sameName(textAt(it, 'name'), textAt(value, 'account'))),
        textAt(pool, 'deployment'),
      ),
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

/** A deployment is called as its model is, unless it says otherwise. */
const deploymentOf = (account: unknown, name: string | undefined): unknown =>
  items(account, 'deployments').find(({ value }) =>
    sameName(textAt(value, 'name') ?? textAt(value, 'model'), name),
  )?.value

const isIn = (list: readonly string[], value: string | undefined): boolean =>
  value !== undefined && list.includes(value)
const sameName = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && a.toLowerCase() === b?.toLowerCase()
