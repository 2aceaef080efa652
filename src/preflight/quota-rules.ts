import { numberAt, textAt } from '../environment/raw.ts'
import type { JsonObject } from '../resources/kind.ts'
import { type Check, inDocument, type Said, type Subject } from './check.ts'
import { ownAccounts } from './declared.ts'
import { itemsOf, listed, told } from './facts.ts'
import { total } from './pools.ts'
import { ask } from './questions.ts'
import { isSameName } from './words.ts'

/** Quota is counted per subscription, region, model and tier; whoever else lives in the subscription uses it too. */

interface Demand {
  location: string
  /** As Azure calls it: `OpenAI.GlobalStandard.gpt-4o`. */
  usage: string
  /** Units the document asks for in all. */
  units: number
  /** Units its own deployments have already. */
  held: number
}

/** How much of a quota may be in use before the next deployment is somebody's surprise. */
const nearlyAll = 0.9

/** Speaks of every quota the document draws on, with the row Azure has for it. */
function eachDemand(it: Subject, say: (demand: Demand, limit: number, used: number) => Said[]): Said[] {
  const accounts = ownAccounts(it.document)
  const locations = [...new Set(accounts.map(({ location }) => location))]
  return locations.flatMap((location) =>
    withDeployments(
      it,
      accounts.filter((account) => account.location === location),
      (held) =>
        listed(it.facts, ask.usages(it, location), (usages) =>
          demands(it, location, held).flatMap((demand): Said[] => {
            const row = usages.find((usage) => isSameName(textAt(usage, 'name.value') ?? '', demand.usage))
            const [limit, used] = [numberAt(row, 'limit'), numberAt(row, 'currentValue')]
            return limit === undefined || used === undefined
              ? [{ about: `quota ${demand.usage} in ${location}`, unread: 'Azure lists none' }]
              : say(demand, limit, used)
          }),
        ),
    ),
  )
}

const usageOf = (format: string, sku: string, model: string) => `${format}.${sku}.${model}`

function demands({ document }: Subject, location: string, held: Map<string, number>): Demand[] {
  const wanted = ownAccounts(document)
    .filter((account) => account.location === location)
    .flatMap(({ deployments }) => deployments)
  return [...Map.groupBy(wanted, ({ format, sku, model }) => usageOf(format, sku, model))].map(
    ([usage, all]) => ({
      location,
      usage,
      units: total(all.map(({ capacity }) => capacity)),
      held: held.get(usage.toLowerCase()) ?? 0,
    }),
  )
}

/** Units that the accounts' deployments have already, by usage in lower case. */
function withDeployments(
  it: Subject,
  accounts: { name: string }[],
  say: (held: Map<string, number>) => Said[],
  held = new Map<string, number>(),
): Said[] {
  const [first, ...rest] = accounts
  if (!first) return say(held)
  return told(it.facts, ask.deployments(it, first.name), (body) => {
    for (const deployment of itemsOf(body)) add(held, deployment)
    return withDeployments(it, rest, say, held)
  })
}

function add(held: Map<string, number>, deployment: JsonObject): void {
  const model = (what: string) => textAt(deployment, `properties.model.${what}`) ?? ''
  const usage = usageOf(model('format'), textAt(deployment, 'sku.name') ?? '', model('name')).toLowerCase()
  held.set(usage, (held.get(usage) ?? 0) + (numberAt(deployment, 'sku.capacity') ?? 0))
}

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
            listed(it.facts, ask.usages(it, location), (usages) => {
              const row = usages.find((usage) => textAt(usage, 'name.value') === 'OpenAI.S0.AccountCount')
              const fresh = accounts.filter(
                ({ name }) => !contents.some((one) => isSameName(textAt(one, 'name') ?? '', name)),
              ).length
              const free = (numberAt(row, 'limit') ?? 0) - (numberAt(row, 'currentValue') ?? 0)
              return row && fresh > free
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
