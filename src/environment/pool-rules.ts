import type { Fault } from './fault.ts'
import { batchSkus } from './foundry-schema.ts'
import { at, items, repeated, textAt } from './raw.ts'
import { accountNamed, deploymentOf, isIn } from './raw-accounts.ts'
import { groupFaults } from './share-rules.ts'

/** What must hold between pools, their members and the accounts these name (a pool forwards one path to all of them). */
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
    const account = accountNamed(accounts, name)
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
