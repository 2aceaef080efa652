import type { Azure } from '../../lab/azure-client.ts'

export const group = '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-contoso-ai'

/** Without it a service in internal mode does not come up. */
const management = {
  name: 'management',
  properties: {
    protocol: 'Tcp',
    access: 'Allow',
    direction: 'Inbound',
    priority: 100,
    sourceAddressPrefix: 'ApiManagement',
    sourcePortRange: '*',
    destinationAddressPrefix: 'VirtualNetwork',
    destinationPortRange: '3443',
  },
}

/** What a template of somebody else leaves in the group: names of its own, a public gateway, a pool that is half made. */
export async function fabrikam(azure: Azure): Promise<void> {
  const id = (path: string) => `${group}/providers/${path}`
  const put = (path: string, apiVersion: string, body: object) =>
    azure.arm('PUT', `${id(path)}?api-version=${apiVersion}`, { location: 'eastus', ...body })
  const rules = 'Microsoft.Network/networkSecurityGroups/gw-rules'
  await put(rules, '2025-05-01', { properties: { securityRules: [management] } })
  await azure.advance(60)
  const vnet = 'Microsoft.Network/virtualNetworks/net-hub'
  await put(vnet, '2025-05-01', {
    properties: {
      addressSpace: { addressPrefixes: ['10.9.0.0/16'] },
      subnets: [
        { name: 'gw', properties: { addressPrefix: '10.9.0.0/28', networkSecurityGroup: { id: id(rules) } } },
        { name: 'links', properties: { addressPrefix: '10.9.1.0/27' } },
      ],
    },
  })
  await put('Microsoft.Network/publicIPAddresses/gw-ip', '2025-05-01', {
    sku: { name: 'Standard' },
    properties: { publicIPAllocationMethod: 'Static', publicIPAddressVersion: 'IPv4' },
  })
  for (const name of ['fabrikam-ai', 'fabrikam-second'])
    await put(`Microsoft.CognitiveServices/accounts/${name}`, '2025-09-01', {
      kind: 'AIServices',
      sku: { name: 'S0' },
      identity: { type: 'SystemAssigned' },
      properties: { customSubDomainName: name, publicNetworkAccess: 'Enabled' },
    })
  await put('Microsoft.Storage/storageAccounts/fabrikamfiles', '2024-01-01', {
    kind: 'StorageV2',
    sku: { name: 'Standard_LRS' },
    properties: {},
  })
  await azure.advance(600)
  const service = 'Microsoft.ApiManagement/service'
  await put(`${service}/fabrikam-gw`, '2024-05-01', {
    sku: { name: 'Developer', capacity: 1 },
    properties: {
      publisherName: 'Fabrikam',
      publisherEmail: 'it@fabrikam.example',
      virtualNetworkType: 'Internal',
      virtualNetworkConfiguration: { subnetResourceId: id(`${vnet}/subnets/gw`) },
      publicIpAddressId: id('Microsoft.Network/publicIPAddresses/gw-ip'),
    },
  })
  await put(`${service}/fabrikam-open`, '2024-05-01', {
    sku: { name: 'Developer', capacity: 1 },
    properties: { publisherName: 'Fabrikam', publisherEmail: 'it@fabrikam.example' },
  })
  for (const account of ['fabrikam-ai', 'fabrikam-second']) {
    await put(`Microsoft.CognitiveServices/accounts/${account}/deployments/chat`, '2025-09-01', {
      sku: { name: 'GlobalStandard', capacity: 10 },
      properties: { model: { format: 'OpenAI', name: 'gpt-4o', version: '2024-11-20' } },
    })
    await azure.advance(600)
  }
  await put('Microsoft.Network/privateEndpoints/endpoint-7', '2025-05-01', {
    properties: {
      subnet: { id: id(`${vnet}/subnets/links`) },
      privateLinkServiceConnections: [
        {
          name: 'c',
          properties: {
            privateLinkServiceId: id('Microsoft.CognitiveServices/accounts/fabrikam-ai'),
            groupIds: ['account'],
          },
        },
      ],
    },
  })
  await azure.advance(7200)
  const inService = (path: string, properties: object) =>
    put(`${service}/fabrikam-gw/${path}`, '2024-10-01-preview', { properties })
  for (const host of ['fabrikam-ai', 'fabrikam-second', 'nobody'])
    await inService(`backends/to-${host}`, {
      type: 'Single',
      protocol: 'http',
      url: `https://${host}.openai.azure.com/openai`,
    })
  const poolOf = (members: [name: string, weight: number][]) => ({
    type: 'Pool',
    pool: {
      services: members.map(([name, weight]) => ({
        id: id(`${service}/fabrikam-gw/backends/to-${name}`),
        priority: 1,
        weight,
      })),
    },
  })
  await inService(
    'backends/chat-pool',
    poolOf([
      ['fabrikam-ai', 97],
      ['fabrikam-second', 3],
      ['nobody', 1],
    ]),
  )
  await inService('backends/half-made', poolOf([['nobody', 1]]))
  await inService('apis/llm', { displayName: 'LLM', path: 'llm', protocols: ['https'] })
  await inService('apis/llm/policies/policy', {
    format: 'xml',
    value:
      '<policies><inbound><base /><rate-limit-by-key calls="100" renewal-period="60" counter-key="@(context.Subscription.Id)" /><set-backend-service backend-id="chat-pool" /></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>',
  })
}
