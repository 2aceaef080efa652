import { at, numberAt, textAt } from '../environment/raw.ts'
import { attribute, childrenOf, named, textOf } from './elements.ts'
import type { Finding } from './finding.ts'
import type { Policy } from './policy-view.ts'
import { nameOf } from './pool-view.ts'
import { failsOver, membersIn, type Rule, type View } from './view.ts'

/** What the tier gives, and how calls are signed. */
export const service: Rule = (view) => [
  ...tier(view),
  ...keysAtBackends(view),
  ...view.policies.flatMap(keysIn),
]

function tier({ live: { service: body }, pools }: View): Finding[] {
  if (!body || pools.length === 0) return []
  const where = { service: nameOf(body) }
  const sku = textAt(body, 'sku.name')?.toLowerCase() ?? ''
  const units = numberAt(body, 'sku.capacity') ?? 1
  if (sku === 'consumption' && pools.some(failsOver))
    return [
      {
        id: 'tier-without-breakers',
        severity: 'costs calls',
        where,
        what: 'its tier, Consumption, has no circuit breakers: pools never fail over',
        fix: 'move to another tier',
        source: 'azure-facts 4.3',
      },
    ]
  if (sku === 'developer')
    return [
      {
        id: 'tier-for-trying',
        severity: 'note',
        where,
        what: 'its tier, Developer, has one unit and no service level: maintenance interrupts every call',
        fix: 'Premium for production',
        source: 'azure-facts 3.2',
      },
    ]
  return units > 1
    ? [
        {
          id: 'units-apart',
          severity: 'note',
          where,
          what: `its ${units} units count and trip for themselves: each learns of a full member by a 429 of its own, and limits per caller are up to ${units} times what is written`,
          fix: 'nothing; reckon with it',
          source: 'azure-facts 4.3',
        },
      ]
    : []
}

const keyNames = new Set(['api-key', 'authorization', 'x-api-key'])

const aKey = (where: Finding['where'], what: string): Finding => ({
  id: 'key-not-identity',
  severity: 'risk',
  where,
  what,
  fix: 'authentication-managed-identity, with the role Cognitive Services OpenAI User for the gateway’s identity; then turn keys off at the account',
  source: 'azure-facts 5.3, 6.2',
})

const keysAtBackends = ({ pools }: View): Finding[] =>
  membersIn(pools).flatMap(({ backend, body }) => {
    const credentials = at(body, 'properties.credentials')
    const names = ['header', 'query'].flatMap((part) => {
      const fields = at(credentials, part)
      return typeof fields === 'object' && fields !== null ? Object.keys(fields) : []
    })
    return names.some((name) => keyNames.has(name.toLowerCase())) ||
      textAt(credentials, 'authorization.parameter') !== undefined
      ? [
          aKey(
            { backend },
            'it carries a key: whoever reads the gateway’s configuration has it, and it does not expire',
          ),
        ]
      : []
  })

/** A value that stands in the policy or in a named value; what is worked out for each call may be a token. */
const keysIn = ({ name, sections, pools }: Policy): Finding[] =>
  pools.length > 0 &&
  [sections.inbound, sections.backend]
    .flatMap((section) => named(section, 'set-header', 'set-query-parameter'))
    .filter(
      (it) =>
        keyNames.has(attribute(it, 'name')?.toLowerCase() ?? '') &&
        attribute(it, 'exists-action') !== 'delete',
    )
    .flatMap((it) => childrenOf(it).map(textOf))
    .some((value) => value.includes('{{') || (value !== '' && !value.startsWith('@')))
    ? [aKey({ policy: name }, 'it signs calls with a key that is written in it or in a named value')]
    : []
