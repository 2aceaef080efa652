import { textAt } from '../environment/raw.ts'
import { groupIds, type Service } from '../environment/zones.ts'
import { list } from '../preflight/live-network.ts'
import { isSameName } from '../preflight/words.ts'
import type { JsonObject } from '../resources/kind.ts'
import { managedPrivateEndpoint } from '../resources/private-endpoint.ts'
import { type Found, idOf, inGroup, placeOf, standing, types } from './found.ts'

export const endpointsIn = (found: Found): JsonObject[] => inGroup(found, types.endpoints)

/** Ids of what an endpoint leads to. */
const targetsOf = (endpoint: JsonObject): string[] =>
  ['privateLinkServiceConnections', 'manualPrivateLinkServiceConnections'].flatMap((connections) =>
    list(endpoint, `properties.${connections}`).flatMap(
      (it) => textAt(it, 'properties.privateLinkServiceId') ?? [],
    ),
  )

export const subnetIdOf = (endpoint: JsonObject): string => textAt(endpoint, 'properties.subnet.id') ?? ''

/** Ids of the subnets of endpoints, one for each endpoint. */
export const endpointSubnetIds = (found: Found): string[] => endpointsIn(found).map(subnetIdOf)

export const endpointsTo = (found: Found, targetId: string): JsonObject[] =>
  endpointsIn(found).filter((endpoint) => targetsOf(endpoint).some((id) => isSameName(id, targetId)))

/**
 * An endpoint that leads to a service under another name than its own would have. Beside it the service would make a second, and in linked
 * networks that one would overwrite the first one's record.
 */
export function othersEndpoint(found: Found, targetId: string, service: Service): JsonObject | undefined {
  const target = standing(targetId)
  const own = managedPrivateEndpoint(placeOf(found), target, target, groupIds[service], []).id
  const all = endpointsTo(found, targetId)
  return all.some((it) => isSameName(idOf(it), own)) ? undefined : all[0]
}
