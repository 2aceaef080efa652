import type { Resource } from '../resources/kind.ts'
import { managedPrivateEndpoint, managedZoneGroup } from '../resources/private-endpoint.ts'
import type { Area, Network } from './area.ts'
import { cloudOf } from './surroundings.ts'
import { groupIds, type Service, zonesOf } from './zones.ts'

/**
 * The private endpoint of a service of ours, with the names it is found by. Somebody else's service gets none: its owner connects it, since a
 * second endpoint in linked networks would overwrite the first one's record.
 */
export function endpointOf(
  { place, surroundings }: Area,
  network: Network,
  target: Resource,
  service: Service,
  needs: Resource[] = [],
): Resource[] {
  if (target.existing) return []
  const endpoint = managedPrivateEndpoint(place, network.endpointSubnet, target, groupIds[service], needs)
  const zones = zonesOf[cloudOf(surroundings)][service].flatMap((name) => network.zones.get(name) ?? [])
  return zones.length > 0 ? [endpoint, managedZoneGroup(endpoint, zones)] : [endpoint]
}
