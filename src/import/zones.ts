import { textAt } from '../environment/raw.ts'
import { list } from '../preflight/live-network.ts'
import { isSameName } from '../preflight/words.ts'
import type { JsonObject, Resource } from '../resources/kind.ts'
import type { Draft } from './draft.ts'
import { endpointsIn } from './endpoints.ts'
import { type Found, groupId, idOf, lastOf, listed, nameOf, types } from './found.ts'
import { ofOneHand } from './hand.ts'
import type { Tell } from './note.ts'

type Zones = NonNullable<Draft['network']['dns']>

/** Private DNS zones of the whole subscription: a landing zone keeps them in another group. */
const zonesIn = ({ subscriptionId, ...found }: Found): JsonObject[] =>
  listed({ subscriptionId, ...found }, `/subscriptions/${subscriptionId}/providers/${types.zones}`)

/**
 * Whose the zones are that the document needs. One is the service's to write only where nobody else seems to use it: it is in the group,
 * linked as the service links, and carries no tag and no endpoint of others.
 * @param resources what the document describes when every zone is the service's
 */
export function describeZones(
  found: Found,
  service: JsonObject,
  network: JsonObject,
  resources: Resource[],
  tell: Tell,
): Zones {
  const dns: Zones = {}
  const described = new Set(resources.map(({ id }) => id.toLowerCase()))
  for (const { id } of resources.filter(({ kind }) => kind === 'dns-zone')) {
    const name = lastOf(id)
    const here = zonesIn(found).find((zone) => isSameName(idOf(zone), id))
    const why = here && othersZone(found, here, service, network, described)
    const elsewhere = here ? undefined : linkedElsewhere(found, name, network)
    if (why) {
      dns[name] = 'existing'
      tell({
        is: 'existing',
        path: `network.dns.${name}`,
        resource: id,
        message: `${name} ${why}: it is looked at and never written`,
        remedy: 'remove this line to have the service keep it, and take it away with the environment',
      })
    } else if (elsewhere !== undefined) {
      dns[name] = { existing: elsewhere }
      tell({
        is: 'existing',
        path: `network.dns.${name}`,
        resource: elsewhere,
        message: `${name} is in another resource group than ${groupId(found)}`,
      })
    }
  }
  return dns
}

/** Why the zone is taken for somebody else's; undefined: nothing says so. */
function othersZone(
  found: Found,
  zone: JsonObject,
  service: JsonObject,
  network: JsonObject,
  described: ReadonlySet<string>,
): string | undefined {
  const link = linkTo(found, zone, network)
  if (link && !isSameName(nameOf(link), nameOf(network)))
    return `is linked to the network by ${nameOf(link)}, and Azure allows one link of a zone to a network`
  if (!ofOneHand(zone, service)) return 'carries tags that the gateway does not'
  const stranger = endpointsIn(found).find(
    (endpoint) =>
      zonesOf(found, endpoint).some((id) => isSameName(id, idOf(zone))) &&
      !described.has(idOf(endpoint).toLowerCase()),
  )
  return stranger && `holds the names of ${nameOf(stranger)}, which is not the service’s`
}

const linkTo = (found: Found, zone: JsonObject, network: JsonObject): JsonObject | undefined =>
  listed(found, `${idOf(zone)}/virtualNetworkLinks`).find((link) =>
    isSameName(textAt(link, 'properties.virtualNetwork.id') ?? '', idOf(network)),
  )

/** Ids of the zones an endpoint keeps its names in. */
const zonesOf = (found: Found, endpoint: JsonObject): string[] =>
  listed(found, `${idOf(endpoint)}/privateDnsZoneGroups`).flatMap((group) =>
    list(group, 'properties.privateDnsZoneConfigs').flatMap(
      (config) => textAt(config, 'properties.privateDnsZoneId') ?? [],
    ),
  )

/** A zone of this name that the network sees, or that endpoints of the group keep their names in. */
function linkedElsewhere(found: Found, name: string, network: JsonObject): string | undefined {
  const linked = zonesIn(found).find((zone) => isSameName(nameOf(zone), name) && linkTo(found, zone, network))
  return linked
    ? idOf(linked)
    : endpointsIn(found)
        .flatMap((endpoint) => zonesOf(found, endpoint))
        .find((id) => isSameName(lastOf(id), name))
}
