import { numberAt, textAt } from '../environment/raw.ts'
import { type Check, inDocument, type Said } from './check.ts'
import { ownAccounts } from './declared.ts'
import { listed } from './facts.ts'
import { ask } from './questions.ts'
import { eachDemand } from './quota-demand.ts'
import { isSameName } from './words.ts'

/** Quota is counted per subscription, region, model and tier; whoever else lives in the subscription uses it too. */

/** How much of a quota may be in use before the next deployment is somebody's surprise. */
const nearlyAll = 0.9

export const quotaRules: Check[] = [
  {
    code: 'QTA-001',
    title: 'the quota of every model suffices',
    why: 'Azure refuses a deployment beyond the quota (InsufficientQuota); the rest of the environment stands without it.',
    remedy: 'ask for less, free what others hold, or request more quota for the region',
    severity: 'FAIL',
    run: (it) =>
      eachDemand(it, ({ location, usage, units, held }, limit, used) => {
        const free = limit - used + held
        return units > free
          ? [
              inDocument(
                'foundry.accounts',
                `asks for ${units} of ${usage} in ${location}; ${free} of ${limit} are free`,
              ),
            ]
          : []
      }),
  },
  {
    code: 'QTA-002',
    title: 'some quota is left afterwards',
    why: 'Without spare quota no deployment can be raised when traffic moves to its region.',
    remedy: 'request more quota before it is needed',
    severity: 'WARN',
    run: (it) =>
      eachDemand(it, ({ location, usage, units, held }, limit, used) => {
        const after = used - held + units
        return after <= limit && after > limit * nearlyAll
          ? [inDocument('foundry.accounts', `leaves ${limit - after} of ${limit} ${usage} in ${location}`)]
          : []
      }),
  },
  {
    code: 'QTA-003',
    title: 'there is room for the accounts in their regions',
    why: 'A subscription has at most 30 Foundry accounts per region, deleted ones included until they are purged.',
    remedy: 'delete and purge accounts nobody uses, or choose another region',
    severity: 'FAIL',
    run: (it) =>
      listed(it.facts, ask.contents(it), (contents) =>
        [...Map.groupBy(ownAccounts(it.document), ({ location }) => location)].flatMap(
          ([location, accounts]) =>
            listed(it.facts, ask.usages(it, location), (usages): Said[] => {
              const row = usages.find((usage) => textAt(usage, 'name.value') === 'OpenAI.S0.AccountCount')
              if (!row)
                return [{ about: `number of accounts in ${location}`, unread: 'Azure lists no quota' }]
              const fresh = accounts.filter(
                ({ name }) => !contents.some((one) => isSameName(textAt(one, 'name') ?? '', name)),
              ).length
              const free = (numberAt(row, 'limit') ?? 0) - (numberAt(row, 'currentValue') ?? 0)
              return fresh > free
                ? [
                    inDocument(
                      'foundry.accounts',
                      `has ${fresh} new accounts in ${location}; there is room for ${free}`,
                    ),
                  ]
                : []
            }),
        ),
      ),
  },
]
