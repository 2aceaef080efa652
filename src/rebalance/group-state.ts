import type { PoolState } from '../balance/index.ts'
import type { Member, Weights } from '../gateway/shares.ts'
import type { LivePool } from './live-pool.ts'
import { groupsOf } from './ownership.ts'
import type { BalanceRow } from './rows.ts'
import type { Source, Subject } from './subject.ts'

/** A priority group as the law sees it. */
export interface Group {
  priority: number
  state: PoolState
}

/**
 * The groups in which something can be moved. Pure.
 * @param weights those in force; in shadow its own chain
 */
export const groupStates = (
  subject: Pick<Subject, 'bounds' | 'sources'>,
  live: LivePool,
  weights: Weights,
  read: BalanceRow['quotas'],
): Group[] =>
  groupsOf(live.members)
    .filter(([, members]) => members.length > 1)
    .map(([priority, members]) => {
      const quotas = quotasOf(members, subject.sources, read)
      return {
        priority,
        state: {
          backends: members.map(({ backend, weight }) => {
            const quota = quotas?.[backend]
            const bounds = subject.bounds[backend]
            return {
              name: backend,
              weight: weights[backend] ?? weight,
              ...(quota === undefined ? {} : { quotaTokensPerMinute: quota }),
              ...(bounds ? { bounds: [bounds[0], bounds[1]] as [number, number] } : {}),
            }
          }),
          breaker: members.every(({ backend }) => !live.withoutBreaker.includes(backend)),
        },
      }
    })

/** A unit of capacity is a thousand tokens a minute of most models; where it is not, all members of a group are alike (azure-facts 7.7). */
const tokensPerUnit = 1_000

/** What Azure says of all members; before that, or where it names no limit (provisioned ones), what the document says of all. */
function quotasOf(members: Member[], sources: Source[], read: BalanceRow['quotas']): Weights | undefined {
  const all = (of: (backend: string) => number | undefined): Weights | undefined => {
    const found = members.map(({ backend }) => [backend, of(backend)] as const)
    const known = found.flatMap(([backend, quota]) => (quota ? [[backend, quota] as const] : []))
    return known.length === members.length ? Object.fromEntries(known) : undefined
  }
  const described = (backend: string) => {
    const capacity = sources.find((source) => source.backend === backend)?.capacity
    return capacity === undefined ? undefined : capacity * tokensPerUnit
  }
  return all((backend) => read?.tokensPerMinute[backend]) ?? all(described)
}
