import { type Kind, quick, type Resource } from './kind.ts'
import { id, type Place } from './place.ts'

/** Microsoft.Network/publicIPAddresses: the gateway's stable outbound identity (azure-facts 1.5). */
export const publicIp: Kind = {
  client: 'network',
  apiVersion: '2025-05-01',
  lists: {},
  risks: { sku: 'destructive', 'properties.publicIPAllocationMethod': 'destructive' },
  neverSent: ['properties.ipConfiguration'],
  conditional: false,
  timing: quick,
}

/** API Management accepts a Standard, static IPv4 address of its own region only. */
export const managedPublicIp = (place: Place, name: string): Resource => ({
  key: `public-ip/${name}`,
  kind: 'public-ip',
  id: id(place, 'Microsoft.Network', 'publicIPAddresses', name),
  existing: false,
  dependsOn: [],
  body: {
    location: place.location,
    tags: place.tags,
    sku: { name: 'Standard' },
    properties: { publicIPAllocationMethod: 'Static', publicIPAddressVersion: 'IPv4' },
  },
})
