import type { Finding } from './finding.ts'
import type { LiveGateway } from './live.ts'
import type { Policy } from './policy-view.ts'
import type { Member, Pool } from './pool-view.ts'

/** What rules look at: the gateway as it was read, and what was understood of it. */
export interface View {
  live: LiveGateway
  pools: Pool[]
  /** Those that send calls to a pool, or may. */
  policies: Policy[]
}

/** Several faults of one kind of thing; pure. */
export type Rule = (view: View) => Finding[]

/** Each backend once, whichever pools it is in. */
export const membersIn = (pools: Pool[]): Member[] => [
  ...new Map(
    pools.flatMap(({ members }) => members).map((member) => [member.backend.toLowerCase(), member]),
  ).values(),
]

/** Calls can fail over between its members; one with affinity keeps a caller where it is. */
export const failsOver = ({ sticky, members }: Pool): boolean => !sticky && members.length > 1
