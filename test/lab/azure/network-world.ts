import { onTestFinished } from 'vitest'
import { openSettings } from '../../../lab/azure/settings.ts'
import { openSimulation } from '../../../lab/azure/simulation.ts'
import { snapshot } from '../../../lab/azure/snapshot.ts'
import { openStore } from '../../../lab/azure/store.ts'
import { place } from '../../../lab/azure/worlds/populate.ts'
import { GROUP, openAzure, VNET } from './open.ts'

/**
 * A provisioned private environment, placed and not waited for: beside the home an internal gateway, three accounts (`contoso-eus`, private;
 * `contoso-open`, public; `contoso-shut`, closed and without an endpoint), a private vault and a private storage account.
 */
export async function openNetworkWorld() {
  const store = openStore(':memory:')
  onTestFinished(() => store.close())
  const kept = store.table<unknown>('settings')
  const simulation = await openSimulation(store, kept, await openSettings(kept, {}))
  const { azure } = simulation
  const group = `/subscriptions/${azure.subscriptionId}/resourceGroups/${GROUP}`
  const at = (short: string) => `${group}/providers/Microsoft.${short}`
  const network = (short: string) => at(`Network/${short}`)
  const subnet = (name: string) => network(`virtualNetworks/${VNET}/subnets/${name}`)
  const east = { location: 'eastus' }
  const put = (id: string, properties: object, more: object = {}) =>
    place(azure, id, { ...more, properties: { ...properties } })

  put(
    network('networkSecurityGroups/nsg-apim'),
    { securityRules: [allowIn(100, 'ApiManagement', '3443')] },
    east,
  )
  put(subnet('snet-apim'), {
    addressPrefix: '192.168.1.0/27',
    networkSecurityGroup: { id: network('networkSecurityGroups/nsg-apim') },
  })
  put(network('networkSecurityGroups/nsg-endpoints'), { securityRules: [] }, east)
  put(subnet('snet-endpoints'), {
    addressPrefix: '192.168.2.0/26',
    networkSecurityGroup: { id: network('networkSecurityGroups/nsg-endpoints') },
  })
  put(
    at('ApiManagement/service/contoso-apim'),
    {
      publisherName: 'Contoso',
      publisherEmail: 'ops@contoso.example',
      virtualNetworkType: 'Internal',
      virtualNetworkConfiguration: { subnetResourceId: subnet('snet-apim') },
    },
    { location: 'East US', sku: { name: 'Developer', capacity: 1 }, identity: { type: 'SystemAssigned' } },
  )
  for (const [name, publicNetworkAccess] of [
    ['contoso-eus', 'Disabled'],
    ['contoso-open', 'Enabled'],
    ['contoso-shut', 'Disabled'],
  ] as const)
    put(
      at(`CognitiveServices/accounts/${name}`),
      { customSubDomainName: name, publicNetworkAccess },
      { ...east, kind: 'AIServices', sku: { name: 'S0' }, identity: { type: 'SystemAssigned' } },
    )
  put(
    at('KeyVault/vaults/contoso-kv'),
    {
      tenantId: azure.tenantId,
      sku: { family: 'A', name: 'standard' },
      enableRbacAuthorization: true,
      publicNetworkAccess: 'Disabled',
    },
    east,
  )
  put(
    at('Storage/storageAccounts/contosodata'),
    { publicNetworkAccess: 'Disabled' },
    { ...east, kind: 'StorageV2', sku: { name: 'Standard_LRS' } },
  )

  const zone = (name: string, { linked = true, link = {} } = {}) => {
    const id = network(`privateDnsZones/${name}`)
    if (!azure.find(id)) put(id, {}, { location: 'global' })
    if (linked && azure.children(id, 'Microsoft.Network/privateDnsZones/virtualNetworkLinks').length === 0)
      put(
        `${id}/virtualNetworkLinks/${VNET}`,
        { virtualNetwork: { id: network(`virtualNetworks/${VNET}`) }, registrationEnabled: false, ...link },
        { location: 'global' },
      )
    return id
  }
  const endpoint = (name: string, target: string, groupId: string, zones: string[]) => {
    const id = network(`privateEndpoints/${name}`)
    put(
      id,
      {
        subnet: { id: subnet('snet-endpoints') },
        privateLinkServiceConnections: [
          { name: 'link', properties: { privateLinkServiceId: target, groupIds: [groupId] } },
        ],
      },
      east,
    )
    if (zones.length)
      put(`${id}/privateDnsZoneGroups/default`, {
        privateDnsZoneConfigs: zones.map((one) => ({
          name: one.replaceAll('.', '-'),
          properties: { privateDnsZoneId: zone(one) },
        })),
      })
    return id
  }
  const record = (zoneId: string, name: string, address: string) =>
    put(`${zoneId}/A/${name}`, { ttl: 300, aRecords: [{ ipv4Address: address }] })

  endpoint('pe-eus', at('CognitiveServices/accounts/contoso-eus'), 'account', FOUNDRY_ZONES)
  endpoint('pe-kv', at('KeyVault/vaults/contoso-kv'), 'vault', ['privatelink.vaultcore.azure.net'])
  endpoint('pe-blob', at('Storage/storageAccounts/contosodata'), 'blob', [
    'privatelink.blob.core.windows.net',
  ])
  const gateway = azure.find(at('ApiManagement/service/contoso-apim'))
  const [gatewayAddress] = (gateway?.assigned['privateIPAddresses'] ?? []) as string[]
  if (!gatewayAddress) throw new Error('the gateway has no address')
  record(zone('contoso-apim.azure-api.net'), '@', gatewayAddress)

  const rule = (groupName: string, name: string, properties: object) =>
    put(network(`networkSecurityGroups/${groupName}/securityRules/${name}`), properties)
  const route = (name: string, addressPrefix: string, nextHopType: string) =>
    put(network(`routeTables/rt-agents/routes/${name}`), {
      addressPrefix,
      nextHopType,
      ...(nextHopType === 'VirtualAppliance' ? { nextHopIpAddress: '192.168.9.4' } : {}),
    })
  return {
    ...simulation,
    put,
    at,
    subnet,
    zone,
    endpoint,
    record,
    rule,
    route,
    gatewayAddress,
    networkId: network(`virtualNetworks/${VNET}`),
    ops: { subnetId: subnet('snet-agents-ops') },
    apim: { subnetId: subnet('snet-apim') },
    snapshot: () => snapshot(store, simulation.clock),
  }
}

export type NetworkWorld = Awaited<ReturnType<typeof openNetworkWorld>>

/** The same world behind the doors of a running simulated Azure. */
export async function openNetworkAzure(change: (world: NetworkWorld) => void = () => undefined) {
  const world = await openNetworkWorld()
  change(world)
  const lab = await openAzure({ temper: 'fast' })
  await lab.lab('POST', 'state', world.snapshot())
  const { dns, proxy }: { dns: string; proxy: string } = await lab.lab('GET', '')
  const { at, subnet, networkId, gatewayAddress } = world
  return { ...lab, dns, proxy, at, subnet, networkId, gatewayAddress }
}

const FOUNDRY_ZONES = [
  'privatelink.cognitiveservices.azure.com',
  'privatelink.openai.azure.com',
  'privatelink.services.ai.azure.com',
]

const allowIn = (priority: number, source: string, port: string) => ({
  name: `Allow${source}InBound`,
  properties: {
    protocol: 'Tcp',
    access: 'Allow',
    direction: 'Inbound',
    priority,
    sourceAddressPrefix: source,
    sourcePortRange: '*',
    destinationAddressPrefix: 'VirtualNetwork',
    destinationPortRange: port,
  },
})

export const deny = (direction: 'Inbound' | 'Outbound', destination: string, more: object = {}) => ({
  protocol: '*',
  access: 'Deny',
  direction,
  priority: 200,
  sourceAddressPrefix: '*',
  sourcePortRange: '*',
  destinationAddressPrefix: destination,
  destinationPortRange: '*',
  ...more,
})
