import { stickyName } from '../environment/pool-rules.ts'
import { at } from '../environment/raw.ts'
import { poolName } from '../environment/words.ts'
import { membersOf } from '../gateway/pools.ts'
import { isSameName, listText } from '../preflight/words.ts'
import type { JsonObject } from '../resources/kind.ts'
import type { DraftAccount, DraftPool } from './draft.ts'
import { type Found, idOf, listed, nameOf } from './found.ts'
import { deploymentOf, isPool, memberOf, namesOf } from './members.ts'
import type { Tell } from './note.ts'
import { weighed } from './weights.ts'

export interface DescribedPools {
  pools: DraftPool[]
  sticky: boolean
}

export const backendsOf = (found: Found, service: JsonObject): JsonObject[] =>
  listed(found, `${idOf(service)}/backends`)

/** The pools of the gateway: their members, by what the members' backends point to. */
export function describePools(
  found: Found,
  service: JsonObject,
  accounts: DraftAccount[],
  order: string[],
  tell: Tell,
): DescribedPools {
  const backends = backendsOf(found, service)
  const all = inOrder(backends.filter(isPool), order)
  const sticky = all.filter(hasAffinity)
  const pools: DraftPool[] = []
  for (const body of all.filter((it) => !hasAffinity(it))) {
    const pool = describePool(body, backends, accounts, tell)
    const twin = pool && pools.find(({ deployment }) => isSameName(deployment, pool.deployment))
    if (twin)
      tell({
        is: 'left out',
        path: 'gateway.pools',
        resource: idOf(body),
        message: `a deployment is in one pool of a document, and ${pool.deployment} is in ${twin.name} already`,
        remedy: 'put all members that serve it into one pool',
      })
    else if (pool) pools.push(pool)
  }
  const [first] = pools
  const own = first && sticky.find((it) => isSameName(nameOf(it), stickyName(first.name)))
  for (const other of sticky.filter((it) => it !== own))
    tell({
      is: 'left out',
      path: 'gateway.api.responses',
      resource: idOf(other),
      message: `${nameOf(other)} has session affinity, which a document gives to one pool: ${first ? stickyName(first.name) : 'that of the first pool'}`,
      remedy: 'write responses: sticky to get that pool, then delete this one',
    })
  return { pools, sticky: own !== undefined }
}

const hasAffinity = (pool: JsonObject): boolean =>
  typeof at(pool, 'properties.pool.sessionAffinity') === 'object' &&
  at(pool, 'properties.pool.sessionAffinity') !== null

/** In the policy the first pool comes last: it takes what no condition names. */
function inOrder(pools: JsonObject[], order: string[]): JsonObject[] {
  const rank = new Map(
    [...order.slice(-1), ...order.slice(0, -1)].map((name, index) => [name.toLowerCase(), index]),
  )
  const rankOf = (pool: JsonObject) => rank.get(nameOf(pool).toLowerCase()) ?? Number.MAX_SAFE_INTEGER
  return pools.toSorted((a, b) => rankOf(a) - rankOf(b))
}

function describePool(
  body: JsonObject,
  backends: JsonObject[],
  accounts: DraftAccount[],
  tell: Tell,
): DraftPool | undefined {
  const resource = idOf(body)
  const name = nameOf(body)
  const leftOut = (message: string, remedy: string) =>
    tell({ is: 'left out', path: 'gateway.pools', resource, message: `${name}: ${message}`, remedy })
  if (!poolName.safeParse(name).success) {
    leftOut('a document cannot say this name of a pool', 'make a pool of another name')
    return undefined
  }
  const found = membersOf(body).flatMap((live) => {
    const member = memberOf(live, backends, accounts)
    if (typeof member !== 'string') return [member]
    leftOut(
      `member ${live.backend} ${member}`,
      'take it out of the pool, or make what is missing, then import again',
    )
    return []
  })
  if (found.length === 0) {
    leftOut('no member can be described, so the pool is left out', 'delete it, or give it members')
    return undefined
  }
  const deployment = deploymentOf(name, found)
  if (deployment === undefined) {
    leftOut(
      `its members (${listText(found.map(({ backend }) => backend))}) do not have exactly one deployment in common, and all members of a pool have one`,
      'deploy one model under one name in each account, then import again',
    )
    return undefined
  }
  if (found.some((member) => member.deployment === undefined))
    tell({
      is: 'taken',
      path: 'gateway.pools[].deployment',
      resource,
      message: `${name}: the backends do not say which deployment they are for; ${deployment} is what their accounts have in common. The service makes backends of its own, named account--deployment`,
      remedy: 'put another deployment here if it is not the one meant',
    })
  const serving = found.filter((member) => {
    const serves = namesOf(member.account).some((it) => isSameName(it, deployment))
    if (!serves)
      leftOut(`member ${member.backend} has no deployment ${deployment}`, 'deploy it there, or take it out')
    return serves
  })
  const once = serving.filter(
    (member, index) => serving.findIndex(({ account }) => account === member.account) === index,
  )
  for (const twice of serving.filter((it) => !once.includes(it)))
    leftOut(
      `member ${twice.backend} leads to ${twice.account.name} again`,
      'take it out: its share is its weight',
    )
  return { name, deployment, members: weighed(once, deployment, resource, tell) }
}
