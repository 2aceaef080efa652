import { quotaShares, type Shares, sharesOf } from '../gateway/shares.ts'
import { isSameName, listText } from '../preflight/words.ts'
import { isThrottled, throttledText } from './figures.ts'
import type { Finding } from './finding.ts'
import { needless } from './needless.ts'
import type { Member, Pool } from './pool-view.ts'
import { quotasOf } from './quotas.ts'
import { figure, simulated } from './simulated.ts'
import type { Rule, View } from './view.ts'

/** How a pool divides its calls, and whether it matters at all. */
export const weights: Rule = (view) =>
  view.pools.flatMap((pool) => {
    const { live } = view
    const idle = needless(pool, view)
    return [
      ...affinity(pool, live),
      ...(pool.members.length === 1 ? [alone(pool)] : []),
      ...(idle === undefined ? [] : [needsNone(pool, idle)]),
      ...pool.groups.flatMap((group) => [
        ...unsaid(pool, group),
        ...(idle === undefined && !isBalanced(pool, live) ? farFromQuota(pool, group, view) : []),
      ]),
    ]
  })

const isBalanced = ({ name }: Pool, { balanced = [] }: View['live']): boolean =>
  balanced.some((it) => isSameName(it, name))

const affinity = (pool: Pool, live: View['live']): Finding[] =>
  pool.sticky && isBalanced(pool, live)
    ? [
        {
          id: 'affinity-balanced',
          severity: 'risk',
          where: { pool: pool.name },
          what: 'it has session affinity and is to be balanced: callers stay where they are, so weights move only new ones, and measurements blame the weights',
          fix: 'give stateful calls a pool of their own (responses: sticky), and take the affinity off this one',
          source: 'docs/gateway.md, Sticky pools',
        },
      ]
    : []

const alone = ({ name, members: [member] }: Pool): Finding => ({
  id: 'pool-of-one',
  severity: 'note',
  where: { pool: name },
  what: `${member?.backend} is its only member: there is nobody to fail over to`,
  fix: 'add a member in another region, or leave it, knowing that a 429 of it is the caller’s',
  source: 'azure-facts 4.4',
})

function unsaid({ name }: Pool, group: Member[]): Finding[] {
  const where = { pool: name }
  const zero = group.filter(({ weight }) => weight === 0)
  const none = group.filter(({ weight }) => weight === undefined)
  return [
    ...(zero.length > 0
      ? [
          {
            id: 'weight-zero',
            severity: 'risk' as const,
            where,
            what: `${listText(zero.map(({ backend }) => backend))} ${zero.length === 1 ? 'has' : 'have'} weight 0: what that does is written down nowhere, and a member without traffic cannot show that it has recovered`,
            fix: 'take the member out, or give it a weight of at least 1',
            source: 'azure-facts 4.4',
          },
        ]
      : []),
    ...(none.length > 0 && none.length < group.length
      ? [
          {
            id: 'weight-missing',
            severity: 'note' as const,
            where,
            what: `${listText(none.map(({ backend }) => backend))} ${none.length === 1 ? 'has' : 'have'} no weight beside members that have one: what it counts for there is written down nowhere`,
            fix: 'give each member of the group a weight, or none',
            source: 'azure-facts 4.4',
          },
        ]
      : []),
  ]
}

/** Percentage points of the group's traffic that go elsewhere than quota would send them, from which on it is worth a word. */
const farPoints = 10

function farFromQuota(pool: Pool, group: Member[], view: View): Finding[] {
  const quotas = quotasOf(pool, group)
  if (!quotas || group.length < 2 || group.some(({ weight }) => weight === 0)) return []
  const live = liveShares(group)
  const wanted = quotaShares(quotas)
  const points =
    50 * group.reduce((sum, { backend }) => sum + Math.abs((live[backend] ?? 0) - (wanted[backend] ?? 0)), 0)
  if (points < farPoints) return []
  const names = group.map(({ backend }) => backend)
  const measured = throttledText(view, ...group)
  return [
    {
      id: 'weights-far-from-quota',
      severity: isThrottled(view, ...group) ? 'costs calls' : 'risk',
      where: { pool: pool.name },
      what: `${Math.round(points)} of 100 calls go elsewhere than quota would send them: ${names.map((name) => `${name} ${percent(live[name])} (by quota ${percent(wanted[name])})`).join(', ')}`,
      ...figure(measured, simulated.quotaShares),
      fix: 'make the weights proportional to quota, or let them be moved by measurement (balance: auto)',
      source: 'docs/gateway.md, Shares, not weights',
    },
  ]
}

const percent = (share = 0): string => `${Math.round(100 * share)} %`

const liveShares = (group: Member[]): Shares =>
  sharesOf(Object.fromEntries(group.map(({ backend, weight }) => [backend, weight ?? 1])))

const needsNone = ({ name }: Pool, because: string): Finding => ({
  id: 'needs-no-weights',
  severity: 'note',
  where: { pool: name },
  what: `this pool needs no weights: ${because}`,
  fix: 'nothing; balance: off saves the measuring',
  source: 'docs/audit.md, A pool that needs no weights',
})
