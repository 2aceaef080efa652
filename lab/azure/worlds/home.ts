import type { Azure } from '../arm/azure.ts'
import { place, registerAll } from './populate.ts'
import { HOME } from './world.ts'

const TAGS = { 'azd-env-name': 'contoso', owner: 'platform' }

/** What infra/ leaves behind: the app's home, and nothing that the service itself makes. */
export function home(azure: Azure): void {
  registerAll(azure)
  const group = `/subscriptions/${azure.subscriptionId}/resourceGroups/${HOME.resourceGroup}`
  const network = (path: string) => `${group}/providers/Microsoft.Network/${path}`
  const virtualNetwork = network(`virtualNetworks/${HOME.virtualNetwork}`)
  const securityGroup = { id: network('networkSecurityGroups/nsg-agents') }
  const routeTable = { id: network('routeTables/rt-agents') }
  const tracked = { location: HOME.location, tags: TAGS }

  place(azure, group, { ...tracked, properties: {} })
  place(azure, securityGroup.id, { ...tracked, properties: { securityRules: RULES } })
  place(azure, routeTable.id, { ...tracked, properties: { routes: [] } })
  place(azure, virtualNetwork, {
    ...tracked,
    properties: { addressSpace: { addressPrefixes: ['192.168.0.0/16'] }, subnets: [] },
  })
  place(
    azure,
    `${virtualNetwork}/subnets/${HOME.opsSubnet}`,
    {
      properties: {
        addressPrefix: '192.168.5.0/27',
        networkSecurityGroup: securityGroup,
        routeTable,
        delegations: [{ name: 'flex', properties: { serviceName: 'Microsoft.App/environments' } }],
      },
    },
    { serviceAssociationLinks: [FLEX_LINK(group)] },
  )
  place(azure, `${virtualNetwork}/subnets/snet-ops-endpoints`, {
    properties: { addressPrefix: '192.168.6.0/27' },
  })
  for (const service of ['blob', 'table', 'queue']) {
    const zone = network(`privateDnsZones/privatelink.${service}.core.windows.net`)
    const shared = { location: 'global', tags: TAGS }
    place(azure, zone, { ...shared, properties: {} })
    place(azure, `${zone}/virtualNetworkLinks/${HOME.virtualNetwork}`, {
      ...shared,
      properties: { virtualNetwork: { id: virtualNetwork }, registrationEnabled: false },
    })
  }
  monitoring(azure, group)
}

/** Where the app listens and writes: a workspace, two hubs, and the way from an alert to one of them. */
function monitoring(azure: Azure, group: string): void {
  const tracked = { location: HOME.location, tags: TAGS }
  const hubs = `${group}/providers/Microsoft.EventHub/namespaces/evhns-ops`
  place(azure, `${group}/providers/Microsoft.OperationalInsights/workspaces/log-ops`, {
    ...tracked,
    properties: {},
  })
  place(azure, hubs, {
    ...tracked,
    sku: { name: 'Standard' },
    properties: { publicNetworkAccess: 'Disabled', disableLocalAuth: true },
  })
  for (const hub of ['gateway-log', 'alerts']) place(azure, `${hubs}/eventhubs/${hub}`, { properties: {} })
  place(azure, `${group}/providers/Microsoft.Insights/actionGroups/ag-ops`, {
    location: 'global',
    tags: TAGS,
    properties: {
      groupShortName: 'ops',
      eventHubReceivers: [
        {
          name: 'alerts',
          eventHubNameSpace: 'evhns-ops',
          eventHubName: 'alerts',
          subscriptionId: azure.subscriptionId,
          tenantId: azure.tenantId,
          useCommonAlertSchema: true,
        },
      ],
    },
  })
}

/** Flex Consumption holds its subnet by this link, as a Foundry account holds its own. */
const FLEX_LINK = (group: string) => ({
  name: 'legionservicelink',
  linkedResourceType: 'Microsoft.App/environments',
  link: `${group}/providers/Microsoft.Web/sites/func-contoso-ops`,
})

const outbound = (name: string, priority: number, destination: string, port: string) => ({
  name,
  properties: {
    protocol: 'Tcp',
    access: 'Allow',
    direction: 'Outbound',
    priority,
    sourceAddressPrefix: 'VirtualNetwork',
    sourcePortRange: '*',
    destinationAddressPrefix: destination,
    destinationPortRange: port,
  },
})

const RULES = [
  outbound('AllowEntraOutBound', 100, 'AzureActiveDirectory', '443'),
  outbound('AllowResourceManagerOutBound', 110, 'AzureResourceManager', '443'),
  outbound('AllowMonitorOutBound', 120, 'AzureMonitor', '443'),
  outbound('AllowStorageOutBound', 130, 'Storage', '443'),
]
