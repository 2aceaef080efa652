import { provisionedSkus } from '../environment/foundry-schema.ts'
import { at, items, numberAt, textAt } from '../environment/raw.ts'
import { backendId } from '../gateway/backends.ts'
import { isSameName } from '../preflight/words.ts'
import type { JsonObject } from '../resources/kind.ts'
import type { LiveAccount, LiveGateway } from './live.ts'

/** Pools as an audit sees them: what each member leads to, as far as it was read. */

export interface Pool {
  name: string
  sticky: boolean
  /** By priority, the preferred group first. */
  groups: Member[][]
  members: Member[]
  /** The deployment that calls through it are for, where that can be told. */
  deployment?: string
}

export interface Member {
  backend: string
  priority: number
  /** Absent where nobody said one: all without count equally. */
  weight: number | undefined
  /** Absent where the backend was not read. */
  body: JsonObject | undefined
  url: string
  /** The deployment that its address names. */
  pinned?: string
  account?: Account
}

export interface Account {
  id: string
  name: string
  deployments: Deployment[]
}

export interface Deployment {
  name: string
  model: string
  version: string
  provisioned: boolean
  capacity: number
  /** Absent for provisioned throughput, which is not sold by the token. */
  tokensPerMinute?: number
}

export const nameOf = (body: unknown): string => (textAt(body, 'id') ?? '').split('/').at(-1) ?? ''

const isPool = (backend: JsonObject): boolean =>
  isSameName(textAt(backend, 'properties.type') ?? 'Single', 'Pool')

export function poolsOf({ backends, accounts }: LiveGateway): Pool[] {
  return backends.filter(isPool).map((body) => {
    const members = items(body, 'properties.pool.services').map(({ value }) =>
      memberOf(value, backends, accounts),
    )
    const name = nameOf(body)
    const affinity = at(body, 'properties.pool.sessionAffinity')
    const deployment = deploymentOf(name, members)
    return {
      name,
      sticky: typeof affinity === 'object' && affinity !== null,
      members,
      groups: [...Map.groupBy(members, ({ priority }) => priority)]
        .toSorted(([a], [b]) => a - b)
        .map(([, group]) => group),
      ...(deployment === undefined ? {} : { deployment }),
    }
  })
}

function memberOf(service: unknown, backends: JsonObject[], accounts: LiveAccount[]): Member {
  const backend = nameOf(service)
  const body = backends.find((it) => isSameName(nameOf(it), backend))
  const url = textAt(body, 'properties.url') ?? ''
  const account = accountBehind(url, accounts)
  const pinned = /\/deployments\/([^/?]+)/i.exec(url)?.[1]
  return {
    backend,
    priority: numberAt(service, 'priority') ?? 0,
    weight: numberAt(service, 'weight'),
    body,
    url,
    ...(pinned === undefined ? {} : { pinned }),
    ...(account ? { account } : {}),
  }
}

export const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).hostname.toLowerCase() : '')

/** Where accounts answer, in every cloud (azure-facts 14.1). */
export const isModelHost = (host: string): boolean =>
  /^[^.]+\.(?:openai|cognitiveservices|services\.ai)\.azure\.(?:com|us|cn)$/.test(host)

function accountBehind(url: string, accounts: LiveAccount[]): Account | undefined {
  const host = hostOf(url)
  if (!isModelHost(host)) return undefined
  const found = accounts.find(({ account }) =>
    isSameName(
      textAt(account, 'properties.customSubDomainName') ?? nameOf(account),
      host.split('.')[0] ?? '',
    ),
  )
  if (!found) return undefined
  const { account, deployments } = found
  return {
    id: textAt(account, 'id') ?? '',
    name: nameOf(account),
    deployments: deployments.map(readDeployment),
  }
}

function readDeployment(body: JsonObject): Deployment {
  const provisioned = provisionedSkus.some((sku) => isSameName(sku, textAt(body, 'sku.name') ?? ''))
  const capacity = numberAt(body, 'sku.capacity') ?? 0
  const said = items(body, 'properties.rateLimits')
    .map(({ value }) => value)
    .find((rule) => textAt(rule, 'key') === 'token')
  const [count, seconds] = [numberAt(said, 'count'), numberAt(said, 'renewalPeriod')]
  const tokensPerMinute = count && seconds ? (count * 60) / seconds : capacity * 1000
  return {
    name: nameOf(body),
    model: textAt(body, 'properties.model.name') ?? '',
    version: textAt(body, 'properties.model.version') ?? '',
    provisioned,
    capacity,
    ...(provisioned ? {} : { tokensPerMinute }),
  }
}

/** What the addresses or the names of the backends say; else what all members have in common, where that is one, or called like the pool. */
function deploymentOf(pool: string, members: Member[]): string | undefined {
  const said = new Set(members.flatMap((member) => member.pinned ?? namedFor(member) ?? []).map(lower))
  if (said.size > 0) return said.size === 1 ? [...said][0] : undefined
  const common = commonDeployments(members)
  return common?.find((name) => isSameName(name, pool)) ?? (common?.length === 1 ? common[0] : undefined)
}

/** A backend of the service's is called `account--deployment`. */
export const namedFor = ({ account, backend }: Member): string | undefined =>
  account?.deployments.find(({ name }) => isSameName(backendId(account.name, name), backend))?.name

/** Names that every member's account has; undefined where an account is not known. */
export function commonDeployments(members: Member[]): string[] | undefined {
  const [first, ...others] = members.map(({ account }) => account?.deployments.map(({ name }) => lower(name)))
  if (!first || others.some((names) => names === undefined)) return undefined
  return first.filter((name) => others.every((names) => names?.includes(name)))
}

/** The deployment that a member serves in a pool. */
export function servedBy({ account, pinned }: Member, { deployment }: Pool): Deployment | undefined {
  const name = pinned ?? deployment
  return name === undefined ? undefined : account?.deployments.find((it) => isSameName(it.name, name))
}

const lower = (name: string) => name.toLowerCase()
