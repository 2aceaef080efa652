import { textAt } from '../environment/raw.ts'
import { backendId } from '../gateway/backends.ts'
import { isSameName } from '../preflight/words.ts'
import type { JsonObject } from '../resources/kind.ts'
import type { DraftAccount } from './draft.ts'
import { nameOf } from './found.ts'
import type { LiveMember } from './weights.ts'

/** A member's backend as a document sees it: the account it leads to, and which of its deployments the backend is named for. */
export interface Member extends LiveMember {
  account: DraftAccount
  /** Name of the deployment, where the backend's name says it. */
  deployment: string | undefined
}

export const isPool = (backend: JsonObject): boolean =>
  isSameName(textAt(backend, 'properties.type') ?? 'Single', 'Pool')

export const namesOf = ({ deployments = [] }: DraftAccount): string[] =>
  deployments.map(({ name, model }) => name ?? model)

/** The member, or why it cannot be described. */
export function memberOf(
  live: LiveMember,
  backends: JsonObject[],
  accounts: DraftAccount[],
): Member | string {
  const backend = backends.find((it) => isSameName(nameOf(it), live.backend))
  if (!backend) return 'has no backend'
  if (isPool(backend)) return 'is a pool itself'
  const url = textAt(backend, 'properties.url') ?? ''
  const host = URL.canParse(url) ? new URL(url).hostname : ''
  const account = accounts.find(({ name }) => isSameName(name, host.split('.')[0] ?? ''))
  if (!account) return `leads to ${url || 'nowhere'}, which is no account of the document`
  const deployment = namesOf(account).find((it) => isSameName(backendId(account.name, it), live.backend))
  return { ...live, account, deployment }
}

/** What the backends are named for; else what the pool is named for; else the one deployment all members have. */
export function deploymentOf(pool: string, members: Member[]): string | undefined {
  const said = new Set(members.flatMap(({ deployment }) => deployment ?? []))
  if (said.size > 0) return said.size === 1 ? [...said][0] : undefined
  const [first, ...others] = members.map(({ account }) => namesOf(account))
  const common = (first ?? []).filter((name) =>
    others.every((names) => names.some((other) => isSameName(other, name))),
  )
  return common.find((name) => isSameName(name, pool)) ?? (common.length === 1 ? common[0] : undefined)
}
