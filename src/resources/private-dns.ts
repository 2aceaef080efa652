import { instant, type Kind, quick, type Resource, type Wanted } from './kind.ts'
import { id, type Place } from './place.ts'

/** Zones and their links appear within a minute; record sets at once (azure-facts 2.3). */
const shared = {
  client: 'privateDns',
  apiVersion: '2024-06-01',
  lists: {},
  risks: {},
  conditional: true,
} as const
const zoneTiming = { ...quick, usualMinutes: 1, pollSeconds: 10 }

/** Microsoft.Network/privateDnsZones. */
export const dnsZone: Kind = { ...shared, neverSent: [], timing: zoneTiming }

/** Microsoft.Network/privateDnsZones/virtualNetworkLinks. */
export const dnsLink: Kind = {
  ...shared,
  neverSent: [],
  risks: { 'properties.virtualNetwork': 'destructive' },
  timing: zoneTiming,
}

/** Microsoft.Network/privateDnsZones/A. A PUT replaces the whole set, so one owner per name. */
export const dnsRecord: Kind = {
  ...shared,
  neverSent: ['properties.fqdn', 'properties.isAutoRegistered'],
  timing: instant,
}

/** A zone; zones are global. */
export const managedZone = (place: Place, name: string): Resource => ({
  key: `dns-zone/${name}`,
  kind: 'dns-zone',
  id: id(place, 'Microsoft.Network', 'privateDnsZones', name),
  existing: false,
  dependsOn: [],
  body: { location: 'global', tags: place.tags },
})

/** The zone answers inside `network`. One link per zone and network is all Azure allows. */
export const managedLink = (place: Place, zone: Resource, network: Resource): Resource => {
  const name = network.id.split('/').at(-1) ?? ''
  return {
    key: `dns-link/${zone.id.split('/').at(-1)}`,
    kind: 'dns-link',
    id: `${zone.id}/virtualNetworkLinks/${name}`,
    existing: false,
    dependsOn: [zone.key, network.key],
    body: {
      location: 'global',
      tags: place.tags,
      properties: { virtualNetwork: { id: network.id }, registrationEnabled: false },
    },
  }
}

/** The zone's own name (`@`) as an A record. */
export const managedApexRecord = (zone: Resource, address: Wanted, needs: Resource): Resource => ({
  key: `dns-record/${zone.id.split('/').at(-1)}`,
  kind: 'dns-record',
  id: `${zone.id}/A/@`,
  existing: false,
  dependsOn: [zone.key, needs.key],
  body: { properties: { ttl: 3600, aRecords: [{ ipv4Address: address }] } },
})

/** A zone of somebody else, who also links it to the network; in this group unless its id says otherwise. */
export const existingZone = (place: Place, name: string, zoneId?: string): Resource => ({
  ...managedZone(place, name),
  ...(zoneId === undefined ? {} : { id: zoneId }),
  existing: true,
  body: {},
})
