import { numberAt, textAt } from '../environment/raw.ts'
import type { JsonObject } from '../resources/kind.ts'
import type { Said, Subject } from './check.ts'
import { ownAccounts } from './declared.ts'
import { itemsOf, listed, told } from './facts.ts'
import { list } from './live-network.ts'
import { total } from './pools.ts'
import { ask } from './questions.ts'
import { isSameName } from './words.ts'

/** What a document draws from the quotas of its regions, beside what its own deployments have already. */

export interface Demand {
  location: string
  /** As Azure calls it: `OpenAI.GlobalStandard.gpt-4o`. */
  usage: string
  /** Units the document asks for in all. */
  units: number
  /** Units that those deployments have already. */
  held: number
}

type Account = ReturnType<typeof ownAccounts>[number]
interface Draw {
  format: string
  model: string
  sku: string
}

/** Speaks of every quota the document draws on, with what Azure says of it. */
export const eachDemand = (
  it: Subject,
  say: (demand: Demand, limit: number, used: number) => Said[],
): Said[] =>
  [...Map.groupBy(ownAccounts(it.document), ({ location }) => location)].flatMap(([location, accounts]) =>
    listed(it.facts, ask.models(it, location), (models) =>
      listed(it.facts, ask.usages(it, location), (usages) =>
        withHeld(it, accounts, (held) =>
          demands(location, accounts, models, held).flatMap((demand): Said[] => {
            const row = usages.find((usage) => isSameName(textAt(usage, 'name.value') ?? '', demand.usage))
            const [limit, used] = [numberAt(row, 'limit'), numberAt(row, 'currentValue')]
            return limit === undefined || used === undefined
              ? [{ about: `quota ${demand.usage} in ${location}`, unread: 'Azure lists none' }]
              : say(demand, limit, used)
          }),
        ),
      ),
    ),
  )

/** Tiers may share a quota across models: which one a deployment draws on is in the list of models. */
function usageOf(models: JsonObject[], { format, model, sku }: Draw): string {
  const named = models
    .filter(
      (one) => isSameName(textAt(one, 'model.name') ?? '', model) && textAt(one, 'model.format') === format,
    )
    .flatMap((one) => list(one, 'model.skus'))
    .filter((one) => textAt(one, 'name') === sku)
    .flatMap((one) => textAt(one, 'usageName') ?? [])
  return named[0] ?? `${format}.${sku}.${model}`
}

function demands(location: string, accounts: Account[], models: JsonObject[], held: Held[]): Demand[] {
  const wanted = accounts.flatMap(({ deployments }) => deployments)
  return [...Map.groupBy(wanted, (deployment) => usageOf(models, deployment))].map(([usage, all]) => ({
    location,
    usage,
    units: total(all.map(({ capacity }) => capacity)),
    held: total(held.flatMap((one) => (isSameName(usageOf(models, one), usage) ? [one.capacity] : []))),
  }))
}

interface Held extends Draw {
  capacity: number
}

/** Reads account by account what the document's deployments have; what strangers deployed there stays theirs. */
function withHeld(
  it: Subject,
  [account, ...rest]: Account[],
  say: (held: Held[]) => Said[],
  held: Held[] = [],
): Said[] {
  if (!account) return say(held)
  return told(it.facts, ask.deployments(it, account.name), (body) => {
    const own = itemsOf(body)
      .filter((one) => account.deployments.some(({ name }) => isSameName(name, textAt(one, 'name') ?? '')))
      .map((one) => ({
        format: textAt(one, 'properties.model.format') ?? '',
        model: textAt(one, 'properties.model.name') ?? '',
        sku: textAt(one, 'sku.name') ?? '',
        capacity: numberAt(one, 'sku.capacity') ?? 0,
      }))
    return withHeld(it, rest, say, [...held, ...own])
  })
}
