import { listText } from '../preflight/words.ts'
import type { Finding } from './finding.ts'
import { commonDeployments, hostOf, type Member, type Pool, servedBy } from './pool-view.ts'
import { figure, simulated } from './simulated.ts'
import type { Rule, View } from './view.ts'

/** Who is in a pool, and whether each can answer what is sent to it. Of accounts that were not read nothing is said but that. */
export const members: Rule = (view) => [
  ...view.pools.flatMap((pool) => [
    ...deployments(pool),
    ...models(pool),
    ...provisioned(pool),
    ...strangers(pool, view),
  ]),
]

/** A pool sends the same path to each member, so what a call names must be there under that name. */
function deployments(pool: Pool): Finding[] {
  const free = pool.members.filter(({ pinned }) => pinned === undefined)
  if (free.length > 1 && commonDeployments(free)?.length === 0)
    return [
      {
        id: 'deployments-named-differently',
        severity: 'costs calls',
        where: { pool: pool.name },
        what: `no deployment name is common to its members (${free.map(namesText).join('; ')}): whatever a call names, some members answer 404`,
        fix: 'deploy one model under one name in each account',
        source: 'docs/gateway.md, The failover contract, row 5',
      },
    ]
  return pool.members
    .filter((member) => member.account && (member.pinned ?? pool.deployment) && !servedBy(member, pool))
    .map((member) => ({
      id: 'deployment-missing',
      severity: 'costs calls',
      where: { pool: pool.name },
      what: `member ${member.backend} leads to ${member.account?.name}, which has no deployment ${member.pinned ?? pool.deployment}: calls that meet it are answered 404`,
      fix: 'deploy it there under this name, or take the member out',
      source: 'docs/gateway.md, The failover contract, row 5',
    }))
}

const namesText = ({ backend, account }: Member): string =>
  `${backend} has ${listText(account?.deployments.map(({ name }) => name) ?? []) || 'none'}`

function models(pool: Pool): Finding[] {
  const served = pool.members.flatMap((member) => servedBy(member, pool) ?? [])
  const kinds = [...new Set(served.map(({ model }) => model.toLowerCase()))]
  const versions = [...new Set(served.map(({ version }) => version))]
  if (kinds.length < 2 && versions.length < 2) return []
  return [
    {
      id: 'models-differ',
      severity: kinds.length > 1 ? 'risk' : 'note',
      where: { pool: pool.name },
      what: `its members serve ${kinds.length > 1 ? 'different models' : 'different versions of a model'} (${listText(kinds.length > 1 ? kinds : versions)}): what a caller gets depends on which is asked`,
      fix: 'deploy one model and version in all',
      source: 'docs/gateway.md, Shares, not weights',
    },
  ]
}

/** What is paid for by the hour goes first. */
function provisioned(pool: Pool): Finding[] {
  const groups = pool.groups.map((group) => {
    const kinds = group.flatMap((member) => servedBy(member, pool)?.provisioned ?? [])
    return { paidByHour: kinds.includes(true), paidByToken: kinds.includes(false) }
  })
  const where = { pool: pool.name }
  const source = 'azure-facts 4.4'
  const firstByToken = groups.findIndex(({ paidByToken }) => paidByToken)
  if (groups.some(({ paidByHour, paidByToken }) => paidByHour && paidByToken))
    return [
      {
        id: 'provisioned-mixed',
        severity: 'risk',
        where,
        what: 'a priority group has provisioned throughput and pay-as-you-go together: part of what is paid for by the hour stays idle while tokens are paid for',
        ...figure(simulated.provisionedFirst),
        fix: 'give the provisioned members a group of their own before the others',
        source,
      },
    ]
  return firstByToken >= 0 && groups.slice(firstByToken + 1).some(({ paidByHour }) => paidByHour)
    ? [
        {
          id: 'provisioned-not-first',
          severity: 'risk',
          where,
          what: 'provisioned throughput comes after pay-as-you-go: it is paid for by the hour and asked only when the others are all out',
          ...figure(simulated.provisionedFirst),
          fix: 'give the provisioned members the lowest priority number',
          source,
        },
      ]
    : []
}

const strangers = (pool: Pool, { live: { accounts } }: View): Finding[] =>
  accounts.length === 0
    ? []
    : pool.members
        .filter(({ body, account }) => body && !account)
        .map(({ backend, url }) => ({
          id: 'not-understood',
          severity: 'note' as const,
          where: { backend },
          what: `it leads to ${hostOf(url) || 'nowhere'}, which is no account that was read: its deployments and its quota are not known`,
          fix: 'audit it where that account is, or judge it yourself',
          source: 'docs/audit.md, What it cannot see',
        }))
