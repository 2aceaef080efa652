import { GROUP, VNET } from './open.ts'
import { openSdk, type SdkLab, settle } from './sdk.ts'

const SUBNET = 'snet-endpoints'
export const subnetId = (lab: SdkLab, name = SUBNET) =>
  `${lab.group}/providers/Microsoft.Network/virtualNetworks/${VNET}/subnets/${name}`
export const storageId = (lab: SdkLab, name: string) =>
  `${lab.group}/providers/Microsoft.Storage/storageAccounts/${name}`
const zoneId = (lab: SdkLab, zone: string) =>
  `${lab.group}/providers/Microsoft.Network/privateDnsZones/${zone}`

export const STORAGE_BODY = { location: 'eastus', kind: 'StorageV2', sku: { name: 'Standard_ZRS' } }

/** A lab with a subnet for endpoints and a storage account to point at. */
export async function openWithTarget(...[options]: Parameters<typeof openSdk>) {
  const lab = await openSdk(options)
  await lab.arm('PUT', subnetId(lab), { body: { properties: { addressPrefix: '192.168.7.0/28' } } })
  await lab.arm('PUT', storageId(lab, 'stcontosoagents'), { body: STORAGE_BODY })
  await lab.advance(120)
  return lab
}

export const endpointBody = (lab: SdkLab, target: string, groupIds: string[], subnet = SUBNET) => ({
  location: 'eastus',
  subnet: { id: subnetId(lab, subnet) },
  privateLinkServiceConnections: [{ name: 'link', privateLinkServiceId: target, groupIds }],
})

export const createEndpoint = (lab: SdkLab, name: string, target: string, groupIds: string[]) =>
  settle(
    lab,
    lab.network.privateEndpoints.createOrUpdate(GROUP, name, endpointBody(lab, target, groupIds)),
    120,
  )

export const createZoneGroup = (lab: SdkLab, endpoint: string, zones: string[], name = 'default') =>
  settle(
    lab,
    lab.network.privateDnsZoneGroups.createOrUpdate(GROUP, endpoint, name, {
      privateDnsZoneConfigs: zones.map((zone) => ({
        name: zone.replaceAll('.', '-'),
        privateDnsZoneId: zoneId(lab, zone),
      })),
    }),
    120,
  )
