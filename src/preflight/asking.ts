import type { Document } from '../environment/schema.ts'
import type { Subject } from './check.ts'
import { agentProviders, ownAccounts, providersOf, runsAgents } from './declared.ts'
import { type Facts, itemsOf, keyOf, type Question } from './facts.ts'
import { subnetsOf } from './live-network.ts'
import { type Asker, ask, lastOf } from './questions.ts'
import { isSameName } from './words.ts'

/** Which questions a document raises, in two rounds. */

/** What can be asked from the start. */
export function questions(it: Asker): Question[] {
  const { document } = it
  const accounts = ownAccounts(document)
  const locations = [...new Set(accounts.map(({ location }) => location))]
  const { storage, search, cosmos, keyVault } = document.data
  const names: [unknown, (it: Asker, name: string) => Question][] = [
    [storage, ask.storageName],
    [search, ask.searchName],
    [cosmos, ask.cosmosName],
    [keyVault, ask.vaultName],
  ]
  return [
    ...[ask.subscription, ask.locations, ask.group, ask.contents, ask.network, ask.zones],
    ...[ask.locks, ask.locksAbove, ask.permissions, ask.permissionsAbove],
    ...[ask.apimName, ask.deletedServices],
    ...(accounts.length > 0 ? [ask.deletedAccounts] : []),
    ...(typeof keyVault === 'string' ? [ask.deletedVaults] : []),
  ]
    .map((question) => question(it))
    .concat(
      names.flatMap(([name, question]) => (typeof name === 'string' ? [question(it, name)] : [])),
      accounts.flatMap(({ name }) => [ask.subdomain(it, name), ask.deployments(it, name)]),
      locations.flatMap((location) => [ask.models(it, location), ask.usages(it, location)]),
      existingZoneIds(document).map(ask.zone),
    )
}

/** What the resources and the first answers lead to: providers, what hangs on the subnets, and who sees which zones. */
export function furtherQuestions(
  it: Pick<Subject, 'document' | 'surroundings' | 'resources'>,
  facts: Facts,
): Question[] {
  const found = (question: Question) => {
    const answer = facts.get(keyOf(question))
    return answer && 'body' in answer && answer.status === 200 ? answer.body : undefined
  }
  const subnets = subnetsOf(found(ask.network(it)))
  const zones = itemsOf(found(ask.zones(it))).filter(({ name }) =>
    it.resources.some((wanted) => wanted.kind === 'dns-zone' && isSameName(lastOf(wanted.id), String(name))),
  )
  const namespaces = new Set([
    ...providersOf(it.resources),
    ...(runsAgents(it.document) ? agentProviders : []),
  ])
  return [...new Set(subnets.flatMap(({ securityGroupId }) => securityGroupId ?? []))]
    .map(ask.securityGroup)
    .concat(
      [...new Set(subnets.flatMap(({ routeTableId }) => routeTableId ?? []))].map(ask.routeTable),
      zones.map(({ id }) => ask.links(String(id))),
      [...namespaces].map((namespace) => ask.provider(it, namespace)),
    )
}

const existingZoneIds = ({ network }: Document): string[] =>
  Object.values(network.dns).flatMap((owner) => (typeof owner === 'string' ? [] : owner.existing))
