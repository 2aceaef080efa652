import type { Document } from '../environment/schema.ts'
import { inDocument, type Problem } from './check.ts'
import { isSameName, listText } from './words.ts'

type Account = Document['foundry']['accounts'][number]

/** A pool with what the document says elsewhere about its members. */
export interface PoolView {
  path: string
  name: string
  deployment: string
  balance: Document['gateway']['pools'][number]['balance']['mode']
  members: {
    account: string
    priority: number
    bounds?: readonly [number, number] | undefined
    /** The document has an account of that name. */
    found: boolean
    existing: boolean
    location?: string | undefined
    deployment?: Account['deployments'][number] | undefined
  }[]
}

export const poolsOf = ({ gateway, foundry }: Document): PoolView[] =>
  gateway.pools.map(({ name, deployment, balance, members }, index) => ({
    path: `gateway.pools[${index}]`,
    name,
    deployment,
    balance: balance.mode,
    members: members.map(({ account, priority, bounds }) => {
      const found = foundry.accounts.find((one) => isSameName(one.name, account))
      return {
        account,
        priority,
        bounds,
        found: found !== undefined,
        existing: found?.existing ?? false,
        location: found?.location,
        deployment: found?.deployments.find((one) => isSameName(one.name, deployment)),
      }
    }),
  }))

export type MemberView = PoolView['members'][number]

/** What `say` finds wrong with each pool. */
export const eachPool = (document: Document, say: (pool: PoolView) => string[]): Problem[] =>
  poolsOf(document).flatMap((pool) => say(pool).map((message) => inDocument(pool.path, message)))

/** What `say` finds wrong with the members of each priority. */
export const eachGroup = (
  document: Document,
  say: (group: MemberView[], pool: PoolView) => string[],
): Problem[] =>
  eachPool(document, (pool) =>
    [...Map.groupBy(pool.members, ({ priority }) => priority).values()].flatMap((group) => say(group, pool)),
  )

export const namesOf = (members: MemberView[]): string => listText(members.map(({ account }) => account))

export const isProvisioned = ({ deployment }: MemberView): boolean =>
  deployment?.sku.includes('Provisioned') ?? false

export const total = (values: number[]): number => values.reduce((sum, value) => sum + value, 0)
