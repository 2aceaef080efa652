import type { Azure } from '../arm/azure.ts'
import { keyOf, nameOf } from '../arm/ids.ts'
import type { Resource } from '../arm/kind.ts'
import { isJoined } from '../arm/private-link.ts'
import { labelIn } from '../providers/network/private-dns-zone-records.ts'
import { connectionOf, type Endpoint } from '../providers/network/private-endpoints-shape.ts'
import { REGIONS } from '../regions.ts'
import { type PublicTag, publicAddress } from './public-addresses.ts'

/** A name as the internet knows it. */
export type PublicName = {
  name: string
  /** The name it stands for: that of a private link, once the service has one. */
  alias?: string
  address: string
  /** Known to DNS only: no certificate is for it. */
  isAlias?: boolean
  /** Whose it is; nobody's of the subscription, when it is Azure's own. */
  resourceId?: string
}

const ENDPOINTS = 'Microsoft.Network/privateEndpoints'
export const GATEWAYS = 'Microsoft.ApiManagement/service'

const TAG_OF_TYPE: Record<string, PublicTag> = {
  'microsoft.storage/storageaccounts': 'Storage',
  'microsoft.cognitiveservices/accounts': 'CognitiveServicesManagement',
  'microsoft.search/searchservices': 'Search',
  'microsoft.documentdb/databaseaccounts': 'AzureCosmosDB',
  'microsoft.keyvault/vaults': 'AzureKeyVault',
  'microsoft.eventhub/namespaces': 'EventHub',
}

const PLATFORM: [PublicTag, string[]][] = [
  ['AzureResourceManager', ['management.azure.com']],
  ['AzureActiveDirectory', ['login.microsoftonline.com', 'login.windows.net', 'sts.windows.net']],
  ['AzureMonitor', ['api.loganalytics.io', 'api.loganalytics.azure.com']],
]
const REGIONAL: [PublicTag, string][] = [
  ['AzureMonitor', 'metrics.monitor.azure.com'],
  ['CognitiveServicesManagement', 'api.cognitive.microsoft.com'],
]

/** Everything that has a name on the internet now. What is deleted has none. */
export function publicNames(azure: Azure): PublicName[] {
  const resources = [...azure.world.resources.values()].filter(({ settledAt }) => settledAt !== null)
  const links = privateLinks(azure)
  return [
    ...PLATFORM_NAMES,
    ...resources.flatMap((resource) =>
      keyOf(resource.type) === keyOf(GATEWAYS)
        ? gatewayNames(resource)
        : serviceNames(resource, links, azure),
    ),
  ]
}

const PLATFORM_NAMES: PublicName[] = [
  ...PLATFORM.flatMap(([tag, names]) =>
    names.map((name) => ({ name, address: publicAddress(tag, undefined, name) })),
  ),
  ...Object.keys(REGIONS).flatMap((region) =>
    REGIONAL.map(([tag, suffix]) => ({
      name: `${region}.${suffix}`,
      address: publicAddress(tag, region, `${region}.${suffix}`),
    })),
  ),
]

/** With a private endpoint the public name is an alias of its private link's, which the internet knows too (azure-facts 2.1). */
function serviceNames(resource: Resource, links: Set<string>, azure: Azure): PublicName[] {
  const tag = TAG_OF_TYPE[keyOf(resource.type)]
  const link = azure.kind(resource.type)?.privateLink
  if (!tag || !link || !hasOwnName(resource)) return []
  const address = publicAddress(tag, resource.location, keyOf(resource.id))
  const shared = { address, resourceId: resource.id }
  return Object.entries(link.groups(resource)).flatMap(([groupId, names]) => {
    const isPrivate = links.has(linkOf(resource.id, groupId))
    return names.flatMap((named): PublicName[] => {
      const name = named.fqdn.toLowerCase()
      if (!isPrivate) return [{ name, ...shared }]
      const alias = `${labelIn({ ...named, address })}.${named.zone}`.toLowerCase()
      return [
        { name, alias, ...shared },
        { name: alias, isAlias: true, ...shared },
      ]
    })
  })
}

/** An account without a subdomain of its own answers at its region's address only. */
const hasOwnName = ({ type, properties }: Resource) =>
  keyOf(type) !== 'microsoft.cognitiveservices/accounts' || Boolean(properties['customSubDomainName'])

/** `{target id} {group}` of every private link that is up. */
const privateLinks = (azure: Azure): Set<string> =>
  new Set(
    (azure.all(ENDPOINTS) as unknown as Resource<Endpoint>[]).flatMap((endpoint) => {
      const { target, groupIds } = connectionOf(endpoint)
      const isUp = isConnected(endpoint as unknown as Resource, azure.find(target))
      return isUp ? groupIds.map((groupId) => linkOf(target, groupId)) : []
    }),
  )

const linkOf = (targetId: string, groupId: string) => `${keyOf(targetId)} ${groupId}`

/** Approved, and by this incarnation of its target. */
export const isConnected = (endpoint: Resource, target: Resource | undefined): boolean =>
  isJoined(endpoint, target) &&
  (endpoint.hidden?.['connectionState'] as { status?: string } | undefined)?.status === 'Approved'

export const gatewayHosts = ({ id }: Resource) =>
  ['', '.portal', '.developer', '.management', '.scm'].map(
    (part) => `${nameOf(id).toLowerCase()}${part}.azure-api.net`,
  )

/** In internal mode none of them is on the internet (azure-facts 2.2). */
function gatewayNames(gateway: Resource): PublicName[] {
  const [address] = (gateway.assigned['publicIPAddresses'] ?? []) as string[]
  if (gateway.properties['virtualNetworkType'] === 'Internal' || !address) return []
  return gatewayHosts(gateway).map((name) => ({ name, address, resourceId: gateway.id }))
}
