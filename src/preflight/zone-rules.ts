import { textAt } from '../environment/raw.ts'
import type { JsonObject, Resource } from '../resources/kind.ts'
import { type Check, inDocument, inWorld, type Said, type Subject } from './check.ts'
import { itemsOf, listed, told } from './facts.ts'
import { ask, groupId, lastOf, networkName } from './questions.ts'
import { isSameName } from './words.ts'

/** Private DNS: Azure takes one zone per name and network, and says so only when the link is made. */

const zonesIn = ({ resources }: Subject, existing: boolean): Resource[] =>
  resources.filter((resource) => resource.kind === 'dns-zone' && resource.existing === existing)

/** Zones of Azure with the name of one of ours that are not ours. */
const namesakes = (own: Resource, zones: JsonObject[]): string[] =>
  zones
    .map((zone) => String(zone['id']))
    .filter((id) => isSameName(lastOf(id), lastOf(own.id)) && !isSameName(id, own.id))

const networkId = (it: Subject) =>
  `${groupId(it)}/providers/Microsoft.Network/virtualNetworks/${networkName(it.document)}`

/** Ids of the networks a zone answers in. */
const networksOf = (body: JsonObject | undefined): string[] =>
  itemsOf(body).map((link) => textAt(link, 'properties.virtualNetwork.id') ?? '')

const eachNamesake = (
  it: Subject,
  say: (own: Resource, other: string, networks: string[]) => Said[],
): Said[] =>
  listed(it.facts, ask.zones(it), (zones) =>
    [...zonesIn(it, false), ...zonesIn(it, true)].flatMap((own) =>
      namesakes(own, zones).flatMap((other) =>
        told(it.facts, ask.links(other), (links) => say(own, other, networksOf(links))),
      ),
    ),
  )

export const zoneRules: Check[] = [
  {
    code: 'DNS-001',
    title: 'every zone the document calls existing is there',
    why: 'What is not there answers nothing: names resolve to public addresses, and those refuse.',
    remedy: 'correct the id, make the zone, or write managed',
    severity: 'FAIL',
    run: (it) =>
      listed(it.facts, ask.zones(it), (zones) =>
        zonesIn(it, true).flatMap((own) =>
          zones.some(({ id }) => isSameName(String(id), own.id))
            ? []
            : // A zone of another subscription is in no list of this one.
              own.id.includes(it.surroundings.subscriptionId)
              ? [inWorld(own.key, `is not there: ${own.id}`)]
              : told(it.facts, ask.zone(own.id), (zone) =>
                  zone ? [] : [inWorld(own.key, `is not there: ${own.id}`)],
                ),
        ),
      ),
  },
  {
    code: 'DNS-002',
    title: 'no other zone of one of our names answers in the network',
    why: 'Azure links one zone per name to a network: the second is refused.',
    remedy: 'name that zone as existing in network.dns, or take its link away',
    severity: 'FAIL',
    run: (it) =>
      eachNamesake(it, (own, other, networks) =>
        networks.some((id) => isSameName(id, networkId(it)))
          ? [inWorld(own.key, `${other} is linked to the network already`)]
          : [],
      ),
  },
  {
    code: 'DNS-003',
    title: 'no zone of one of our names is kept elsewhere',
    why: 'Where a platform team keeps central zones, a zone of our own hides their records from this network.',
    remedy: 'name the central zone as existing in network.dns, or go on knowingly',
    severity: 'WARN',
    run: (it) =>
      eachNamesake(it, (own, other, networks) =>
        own.existing || networks.some((id) => isSameName(id, networkId(it)))
          ? []
          : [inWorld(own.key, `there is ${other} too`)],
      ),
  },
  {
    code: 'DNS-004',
    title: 'every existing zone answers in the network',
    why: 'The owner of a zone links it; without the link, names resolve to public addresses.',
    remedy: 'link the zone to the network, or to the network whose DNS server asks for it',
    severity: 'WARN',
    run: (it) =>
      zonesIn(it, true)
        .filter(({ id }) => id.includes(it.surroundings.subscriptionId))
        .flatMap((own) =>
          listed(it.facts, ask.zones(it), (zones) =>
            zones.some(({ id }) => isSameName(String(id), own.id))
              ? told(it.facts, ask.links(own.id), (links) =>
                  networksOf(links).some((id) => isSameName(id, networkId(it)))
                    ? []
                    : [inWorld(own.key, 'is not linked to the network')],
                )
              : [],
          ),
        ),
  },
  {
    code: 'DNS-005',
    title: 'every zone the document speaks of is one it needs',
    why: 'What the document says of a zone nothing uses has no effect; the one that was meant is made instead.',
    remedy: 'correct its name, or take the line out',
    severity: 'WARN',
    run: ({ document, resources }) =>
      Object.keys(document.network.dns)
        .filter(
          (name) =>
            !resources.some(
              (resource) => resource.kind === 'dns-zone' && isSameName(resource.key, `dns-zone/${name}`),
            ),
        )
        .map((name) => inDocument('network.dns', `${name} is needed by nothing in the document`)),
  },
]
