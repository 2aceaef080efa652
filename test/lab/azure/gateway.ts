import { GROUP, VNET } from './open.ts'
import { openSdk, settle } from './sdk.ts'

/** A service that is up, on the fast temper unless told otherwise; `path` is its id, `entity` that of a child. */
export const SERVICE = 'contoso-apim'

export async function openGateway(options: Parameters<typeof openSdk>[0] = { temper: 'fast' }) {
  const lab = await openSdk(options)
  const network = `${lab.group}/providers/Microsoft.Network`
  const securityGroup = `${network}/networkSecurityGroups/nsg-apim`
  await lab.arm('PUT', securityGroup, {
    body: { location: 'eastus', properties: { securityRules: [MANAGEMENT] } },
  })
  await lab.advance(60)
  const subnet = `${network}/virtualNetworks/${VNET}/subnets/snet-apim`
  await lab.arm('PUT', subnet, {
    body: { properties: { addressPrefix: '192.168.1.0/27', networkSecurityGroup: { id: securityGroup } } },
  })
  await lab.advance(60)
  await settle(lab, await beginService(lab, subnet), 900)
  const path = `${lab.group}/providers/Microsoft.ApiManagement/service/${SERVICE}`
  const entity = (short: string) => `${path}/${short}`
  const put = (short: string, properties: unknown, more: Parameters<typeof lab.arm>[2] = {}) =>
    lab.arm('PUT', entity(short), { body: { properties }, ...more })
  return {
    ...lab,
    path,
    entity,
    put,
    get: (short: string, apiVersion = '2024-05-01') => lab.arm('GET', entity(short), { apiVersion }),
    remove: (short: string, ifMatch = '*') =>
      lab.arm('DELETE', entity(short), { headers: { 'if-match': ifMatch } }),
    /** What is wrong with it: the details of a ValidationError as `target: message`. */
    faults: async (short: string, properties: unknown) => {
      const { status, body } = await put(short, properties)
      if (status < 400) return []
      const details: { target: string; message: string }[] = body.error.details ?? []
      return [body.error.code, ...details.map(({ target, message }) => `${target}: ${message}`)]
    },
  }
}

export type Gateway = Awaited<ReturnType<typeof openGateway>>

const beginService = ({ apim }: Awaited<ReturnType<typeof openSdk>>, subnetResourceId: string) =>
  apim.apiManagementService.beginCreateOrUpdate(GROUP, SERVICE, {
    location: 'eastus',
    sku: { name: 'Developer', capacity: 1 },
    identity: { type: 'SystemAssigned' },
    publisherName: 'Contoso',
    publisherEmail: 'ops@contoso.example',
    virtualNetworkType: 'Internal',
    virtualNetworkConfiguration: { subnetResourceId },
  })

const MANAGEMENT = {
  name: 'AllowManagement',
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

export const SINGLE = { url: 'https://aoai-eastus.openai.azure.com/openai', protocol: 'http' }
