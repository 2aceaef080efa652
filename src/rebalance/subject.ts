import { expand, type Surroundings } from '../environment/expand.ts'
import { bornMembers, type PoolSpec } from '../environment/member-shares.ts'
import { stickyName } from '../environment/pool-rules.ts'
import type { Document } from '../environment/schema.ts'
import { backendId } from '../gateway/backends.ts'
import type { Bounds, Member } from '../gateway/shares.ts'

/** A pool as the rebalancer sees it: who is in it, where their figures are, and what it may do. */
export interface Subject {
  environment: string
  pool: string
  mode: PoolSpec['balance']['mode']
  /** Every caller stays with one member: weights say nothing there. */
  sticky: boolean
  /** ARM ids of the pool and of its service. */
  id: string
  apimId: string
  /** Key of the pool, as pauses name it. */
  key: string
  /** As the document would have them made. */
  born: Member[]
  /** Percent of the group's traffic, by backend. */
  bounds: Record<string, Bounds>
  sources: Source[]
}

/** Where a member's figures come from. */
export interface Source {
  backend: string
  deployment: string
  account: string
  accountId: string
  location: string
  /** As the document has it, in its own unit: good for proportions. */
  capacity?: number
}

/** Every pool of an environment, the one with affinity beside the first too. Pure. */
export function subjectsOf(document: Document, surroundings: Surroundings): Subject[] {
  const resources = expand(document, surroundings)
  const apim = resources.find(({ kind }) => kind === 'api-management')
  if (!apim) return []
  const accountIds = new Map(
    resources.filter(({ kind }) => kind === 'account').map(({ key, id }) => [key.toLowerCase(), id]),
  )
  const { api, pools } = document.gateway
  const made = (spec: PoolSpec, name: string, sticky: boolean): Subject[] => {
    const resource = resources.find(({ key }) => key === `pool/${name}`)
    if (!resource) return []
    const { members: born, bounds } = bornMembers(spec, document.foundry.accounts, sticky)
    return [
      {
        environment: document.name,
        pool: name,
        mode: spec.balance.mode,
        sticky,
        id: resource.id,
        apimId: apim.id,
        key: resource.key,
        born,
        bounds,
        sources: sourcesOf(spec, document, accountIds),
      },
    ]
  }
  return [
    ...pools.flatMap((spec) => made(spec, spec.name, false)),
    ...(api.responses === 'sticky'
      ? pools.slice(0, 1).flatMap((spec) => made(spec, stickyName(spec.name), true))
      : []),
  ]
}

function sourcesOf(spec: PoolSpec, { foundry }: Document, accountIds: Map<string, string>): Source[] {
  return spec.members.flatMap(({ account: named }) => {
    const account = foundry.accounts.find(({ name }) => name.toLowerCase() === named.toLowerCase())
    const accountId = accountIds.get(`account/${named}`.toLowerCase())
    if (!account || !accountId) return []
    const deployment = account.deployments.find(
      ({ name }) => name.toLowerCase() === spec.deployment.toLowerCase(),
    )
    return [
      {
        backend: backendId(named, spec.deployment),
        deployment: spec.deployment,
        account: account.name,
        accountId,
        location: account.location,
        ...(deployment?.capacity === undefined ? {} : { capacity: deployment.capacity }),
      },
    ]
  })
}
