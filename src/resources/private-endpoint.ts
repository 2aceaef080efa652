import { anyClient, type Kind, quick, type Resource } from './kind.ts'
import { id, type Place } from './place.ts'

const shared = { client: anyClient, apiVersion: '2025-05-01', conditional: false } as const
const timing = { ...quick, usualMinutes: 1, pollSeconds: 10 }

/** Microsoft.Network/privateEndpoints. Who it leads to cannot be changed, and an endpoint that moves is another one. */
export const privateEndpoint: Kind = {
  ...shared,
  lists: { 'properties.privateLinkServiceConnections': 'name' },
  risks: {
    'properties.subnet': 'destructive',
    'properties.privateLinkServiceConnections': 'destructive',
    'properties.customNetworkInterfaceName': 'destructive',
  },
  neverSent: ['properties.networkInterfaces', 'properties.customDnsConfigs'],
  timing,
  writtenAtRestOf: 'account',
}

/** Microsoft.Network/privateEndpoints/privateDnsZoneGroups: keeps the A records of an endpoint. */
export const dnsZoneGroup: Kind = {
  ...shared,
  lists: { 'properties.privateDnsZoneConfigs': 'name' },
  risks: {},
  neverSent: [],
  timing,
}

/**
 * An endpoint for `groupId` of `target` (azure-facts 2.1).
 * @param needs what must be at rest first: an account that takes a deployment refuses an endpoint
 */
export function managedPrivateEndpoint(
  place: Place,
  subnet: Resource,
  target: Resource,
  groupId: string,
  needs: Resource[],
): Resource {
  const name = `pe-${target.id.split('/').at(-1)}-${groupId}`.toLowerCase()
  return {
    key: `private-endpoint/${name}`,
    kind: 'private-endpoint',
    id: id(place, 'Microsoft.Network', 'privateEndpoints', name),
    existing: false,
    dependsOn: [subnet, target, ...needs].map(({ key }) => key),
    body: {
      location: place.location,
      tags: place.tags,
      properties: {
        subnet: { id: subnet.id },
        privateLinkServiceConnections: [
          { name, properties: { privateLinkServiceId: target.id, groupIds: [groupId] } },
        ],
      },
    },
  }
}

/** Azure takes one group per endpoint; a Foundry account's has three zones. */
export const managedZoneGroup = (endpoint: Resource, zones: Resource[]): Resource => ({
  key: endpoint.key.replace('private-endpoint/', 'dns-zone-group/'),
  kind: 'dns-zone-group',
  id: `${endpoint.id}/privateDnsZoneGroups/default`,
  existing: false,
  dependsOn: [endpoint, ...zones].map(({ key }) => key),
  body: {
    properties: {
      privateDnsZoneConfigs: zones.map((zone) => ({
        name: (zone.id.split('/').at(-1) ?? '').replaceAll('.', '-'),
        properties: { privateDnsZoneId: zone.id },
      })),
    },
  },
})
