import { type Check, inDocument } from './check.ts'
import { eachGroup, eachPool, namesOf, type PoolView, total } from './pools.ts'
import { listText } from './words.ts'

/** The gateway: what its pools can and cannot do for callers (docs/gateway.md, docs/balancing.md). */

const usual = [5, 95] as const

export const gatewayRules: Check[] = [
  {
    code: 'GTW-001',
    title: 'the gateway has an SLA',
    why: 'Developer has no SLA, one unit, and hours of maintenance without notice: it is for trying things out.',
    remedy: 'use Premium where people depend on it',
    severity: 'WARN',
    run: ({ document: { gateway } }) =>
      gateway.apim.sku === 'Developer' ? [inDocument('gateway.apim.sku', 'is Developer: no SLA')] : [],
  },
  {
    code: 'GTW-002',
    title: 'the gateway survives the loss of a zone',
    why: 'One unit stands in one availability zone, and is away while it is updated.',
    remedy: 'use two units or more',
    severity: 'WARN',
    run: ({ document: { gateway } }) =>
      gateway.apim.sku === 'Premium' && gateway.apim.units === 1
        ? [inDocument('gateway.apim.units', 'is 1: one unit stands in one zone')]
        : [],
  },
  {
    code: 'GTW-003',
    title: 'every member of a pool is an account of the document',
    why: 'A member that does not exist answers nothing; the pool would send its share into the void.',
    remedy: 'correct the name, or add the account',
    severity: 'FAIL',
    run: ({ document }) =>
      eachPool(document, ({ members }) =>
        members
          .filter(({ found }) => !found)
          .map(({ account }) => `${account} is no account of the document`),
      ),
  },
  {
    code: 'GTW-004',
    title: 'every member of a pool has the deployment by the one name',
    why: 'A pool forwards the same path to each member: where the name is missing, callers get a 404 now and then.',
    remedy: 'give the deployment the same name on every account of the pool',
    severity: 'FAIL',
    run: ({ document }) =>
      eachPool(document, ({ members, deployment }) =>
        members
          .filter((member) => member.found && !member.existing && !member.deployment)
          .map(({ account }) => `${account} has no deployment named ${deployment}`),
      ),
  },
  {
    code: 'GTW-005',
    title: 'every member of a pool serves the same model',
    why: 'Under one name callers would get answers of different models, by chance.',
    remedy: 'deploy one model under one name',
    severity: 'FAIL',
    run: ({ document }) => eachPool(document, differing('model')),
  },
  {
    code: 'GTW-006',
    title: 'every member of a pool serves the same version',
    why: 'Versions answer differently: the same call gives other results by chance.',
    remedy: 'give all members one version, and upgrade: never where it must stay',
    severity: 'WARN',
    run: ({ document }) => eachPool(document, differing('version')),
  },
  {
    code: 'GTW-007',
    title: 'no member of a pool answers in batches',
    why: 'Batch tiers answer within a day, and refuse what a gateway forwards.',
    remedy: 'use a Standard or Provisioned tier behind the gateway',
    severity: 'FAIL',
    run: ({ document }) =>
      eachPool(document, ({ members }) =>
        members
          .filter(({ deployment }) => deployment?.sku.includes('Batch'))
          .map(({ account, deployment }) => `${account} serves it as ${deployment?.sku}`),
      ),
  },
  {
    code: 'GTW-008',
    title: 'every pool has somewhere to go when a member is out',
    why: 'With one member there is nothing to balance and nothing to fail over to.',
    remedy: 'add a deployment in another region',
    severity: 'WARN',
    run: ({ document }) =>
      eachPool(document, ({ members }) =>
        members.length === 1 ? [`has one member, ${namesOf(members)}`] : [],
      ),
  },
  {
    code: 'GTW-009',
    title: 'the members of every pool are in different regions',
    why: 'Capacity troubles strike a region: members beside each other are throttled together.',
    remedy: 'put at least one member into another region',
    severity: 'WARN',
    run: ({ document }) =>
      eachPool(document, ({ members }) => {
        const regions = new Set(members.flatMap(({ location }) => location ?? []))
        return members.length > 1 && regions.size === 1
          ? [`all ${members.length} members are in ${[...regions][0]}`]
          : []
      }),
  },
  {
    code: 'GTW-010',
    title: 'the bounds of every priority group can add up to 100 %',
    why: 'Shares of a group add up to 100 %; bounds that cannot are bounds nobody can keep.',
    remedy: 'lower the least shares, or raise the greatest',
    severity: 'FAIL',
    run: ({ document }) =>
      eachGroup(document, (group) => {
        const least = total(group.map(({ bounds }) => bounds?.[0] ?? 0))
        const most = total(group.map(({ bounds }) => bounds?.[1] ?? 100))
        if (least > 100) return [`${namesOf(group)} want at least ${least} % together`]
        return most < 100 ? [`${namesOf(group)} take at most ${most} % together`] : []
      }),
  },
  {
    code: 'GTW-011',
    title: 'the bounds leave the rebalancer room',
    why: 'Where least and greatest share meet, no load can be moved away from a throttled member.',
    remedy: `widen the bounds (usual: ${usual.join(' to ')}), or set balance to off`,
    severity: 'WARN',
    run: ({ document }) =>
      eachGroup(document, (group, { balance }) => {
        if (balance === 'off' || group.length < 2) return []
        const spare = 100 - total(group.map(({ bounds }) => bounds?.[0] ?? usual[0]))
        const stuck = group.filter(({ bounds }) => bounds && bounds[1] - bounds[0] < 5)
        if (stuck.length > 0) return [`${namesOf(stuck)} can hardly be moved`]
        return spare < 5 ? [`${namesOf(group)} have ${spare} % between them to move`] : []
      }),
  },
  {
    code: 'GTW-012',
    title: 'responses stay with the account that stored them',
    why: 'A stored response lives on one account: through a pool, previous_response_id finds it on one call of several and is not found on the rest.',
    remedy: 'set gateway.api.responses to sticky, or have callers send store: false',
    severity: 'WARN',
    run: ({ document: { gateway } }) => {
      const wide = gateway.pools.filter(({ members }) => members.length > 1)
      return gateway.api.responses === 'stateless' && wide.length > 0
        ? [
            inDocument(
              'gateway.api.responses',
              `is stateless over ${listText(wide.map(({ name }) => name))}: a call with previous_response_id may land where the response is not`,
            ),
          ]
        : []
    },
  },
]

const differing =
  (what: 'model' | 'version') =>
  ({ members }: PoolView): string[] => {
    const values = [...new Set(members.flatMap(({ deployment }) => deployment?.[what] ?? []))]
    return values.length > 1 ? [`its members serve ${listText(values)}`] : []
  }
