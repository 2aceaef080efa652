import type { Kind, Resource } from './kind.ts'
import { id, type Place } from './place.ts'

/**
 * Microsoft.ApiManagement/service in internal mode (azure-facts 3). Creation takes 30 to 60 minutes; its private address is known
 * only once it has succeeded. A change of its network or scale takes 15 to 45 minutes and can interrupt the gateway.
 */
export const apiManagement: Kind = {
  client: 'apiManagement',
  apiVersion: '2024-05-01',
  lists: {},
  risks: {
    location: 'destructive',
    sku: 'disruptive',
    'properties.virtualNetworkType': 'disruptive',
    'properties.virtualNetworkConfiguration': 'disruptive',
    'properties.publicIpAddressId': 'disruptive',
  },
  neverSent: [],
  conditional: false,
  timing: { usualMinutes: 40, pollSeconds: 30, graceSeconds: 300, patienceMinutes: 180 },
}

export interface ApiManagementSpec {
  name: string
  sku: 'Developer' | 'Premium'
  units: number
  publisher: { name: string; email: string }
}

export const managedApiManagement = (
  place: Place,
  spec: ApiManagementSpec,
  subnet: Resource,
  address: Resource,
): Resource => ({
  key: `api-management/${spec.name}`,
  kind: 'api-management',
  id: id(place, 'Microsoft.ApiManagement', 'service', spec.name),
  existing: false,
  dependsOn: [subnet.key, address.key],
  body: {
    location: place.location,
    tags: place.tags,
    sku: { name: spec.sku, capacity: spec.units },
    identity: { type: 'SystemAssigned' },
    properties: {
      publisherName: spec.publisher.name,
      publisherEmail: spec.publisher.email,
      virtualNetworkType: 'Internal',
      virtualNetworkConfiguration: { subnetResourceId: subnet.id },
      publicIpAddressId: address.id,
      publicNetworkAccess: 'Enabled',
    },
  },
})

/**
 * The five host names of a service in internal mode (azure-facts 2.2). None is in public DNS, and each gets a zone of its own: one
 * zone for the whole suffix would hide everybody else's gateways from the network.
 */
export const apimHostNames = (name: string, suffix: string): string[] =>
  ['', '.portal', '.developer', '.management', '.scm'].map((part) => `${name.toLowerCase()}${part}.${suffix}`)
