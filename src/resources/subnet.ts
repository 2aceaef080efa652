import { type Kind, quick, type Resource, type WantedObject } from './kind.ts'

/** Microsoft.Network/virtualNetworks/subnets (azure-facts 1.1, 1.3). */
export const subnet: Kind = {
  client: 'network',
  apiVersion: '2025-05-01',
  lists: { 'properties.delegations': 'properties.serviceName' },
  risks: { 'properties.addressPrefix': 'disruptive', 'properties.delegations': 'disruptive' },
  neverSent: [
    'properties.ipConfigurations',
    'properties.privateEndpoints',
    'properties.resourceNavigationLinks',
    'properties.serviceAssociationLinks',
  ],
  conditional: false,
  timing: quick,
}

/** A subnet of `network` that the service owns. `needs` are further resources it refers to. */
export const managedSubnet = (
  network: Resource,
  name: string,
  properties: WantedObject,
  needs: Resource[],
): Resource => ({
  key: `subnet/${name}`,
  kind: 'subnet',
  id: `${network.id}/subnets/${name}`,
  existing: false,
  dependsOn: [network.key, ...needs.map((needed) => needed.key)],
  body: { properties },
})

/** A subnet of the home: observed for what it says, never written. */
export const existingSubnet = (network: Resource, name: string): Resource => ({
  ...managedSubnet(network, name, {}, []),
  existing: true,
  body: {},
})

/** The delegation that Foundry agents and Functions Flex Consumption ask of a subnet (azure-facts 1.1). */
export const containerAppsDelegation: WantedObject = {
  name: 'Microsoft.App.environments',
  properties: { serviceName: 'Microsoft.App/environments' },
}
