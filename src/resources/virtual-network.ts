import { type Kind, quick, type Resource } from './kind.ts'
import { id, type Place } from './place.ts'

/**
 * Microsoft.Network/virtualNetworks. Its subnets never travel with it: a PUT with an inline list deletes every subnet the
 * list leaves out (azure-facts 1.6), so they are resources of their own and the list read from Azure is not sent back.
 */
export const virtualNetwork: Kind = {
  client: 'network',
  apiVersion: '2025-05-01',
  lists: {},
  risks: { 'properties.addressSpace': 'disruptive' },
  neverSent: ['properties.subnets', 'properties.virtualNetworkPeerings'],
  conditional: false,
  timing: quick,
}

/** The network infra made: it must exist, and nothing of it is written. */
export const existingVirtualNetwork = (place: Place, name: string): Resource => ({
  key: `virtual-network/${name}`,
  kind: 'virtual-network',
  id: id(place, 'Microsoft.Network', 'virtualNetworks', name),
  existing: true,
  dependsOn: [],
  body: { location: place.location },
})

/** A network of the service's own, for an app that lives in a peered one. */
export const managedVirtualNetwork = (place: Place, name: string, addressSpace: string): Resource => ({
  ...existingVirtualNetwork(place, name),
  existing: false,
  body: {
    location: place.location,
    tags: place.tags,
    properties: { addressSpace: { addressPrefixes: [addressSpace] } },
  },
})
