import { type Described, describe as described, type Wishes } from '../../src/import/describe.ts'
import type { Found } from '../../src/import/found.ts'
import type { Note } from '../../src/import/note.ts'
import type { JsonObject } from '../../src/resources/kind.ts'

/** A resource group as ARM shows it, made for one test: the least that an environment needs, and what the test adds. */

const subscriptionId = '11111111-2222-4333-8444-555555555555'
export const surroundings = { subscriptionId, gatewaySuffix: 'azure-api.net' }
export const group = `/subscriptions/${subscriptionId}/resourceGroups/rg-hub`
export const id = (path: string): string => `${group}/providers/${path}`

export const vnetId = id('Microsoft.Network/virtualNetworks/net')
const serviceId = id('Microsoft.ApiManagement/service/gw')
export const accountId = (name: string) => id(`Microsoft.CognitiveServices/accounts/${name}`)

/** A body at a path below the group's providers. */
export const at = (path: string, rest: JsonObject = {}): JsonObject => ({
  id: id(path),
  name: path.split('/').at(-1) ?? '',
  type: path
    .split('/')
    .filter((_, index) => index === 0 || index % 2 === 1)
    .join('/'),
  location: 'eastus',
  ...rest,
})

export const subnet = (name: string, addressPrefix: string, properties: JsonObject = {}): JsonObject => ({
  id: `${vnetId}/subnets/${name}`,
  name,
  properties: { addressPrefix, ...properties },
})

export const delegated = (link?: string): JsonObject => ({
  delegations: [{ name: 'd', properties: { serviceName: 'Microsoft.App/environments' } }],
  ...(link ? { serviceAssociationLinks: [{ name: 'l', properties: { link } }] } : {}),
})

export const network = (subnets: JsonObject[], space = '10.0.0.0/16', rest: JsonObject = {}): JsonObject =>
  at('Microsoft.Network/virtualNetworks/net', {
    properties: { addressSpace: { addressPrefixes: [space] }, subnets },
    ...rest,
  })

export const service = (name: string, properties: JsonObject = {}, rest: JsonObject = {}): JsonObject =>
  at(`Microsoft.ApiManagement/service/${name}`, {
    sku: { name: 'Developer', capacity: 1 },
    properties: {
      publisherName: 'Hub',
      publisherEmail: 'it@hub.example',
      virtualNetworkType: 'Internal',
      virtualNetworkConfiguration: { subnetResourceId: `${vnetId}/subnets/snet-apim` },
      ...properties,
    },
    ...rest,
  })

export const account = (name: string, rest: JsonObject = {}): JsonObject =>
  at(`Microsoft.CognitiveServices/accounts/${name}`, {
    kind: 'AIServices',
    properties: { customSubDomainName: name },
    ...rest,
  })

export const deployment = (of: string, name: string, sku: string, capacity: number): JsonObject =>
  at(`Microsoft.CognitiveServices/accounts/${of}/deployments/${name}`, {
    sku: { name: sku, capacity },
    properties: { model: { name: 'gpt-4o', version: '2024-11-20', format: 'OpenAI' } },
  })

export const backend = (name: string, host: string): JsonObject =>
  at(`Microsoft.ApiManagement/service/gw/backends/${name}`, {
    properties: { type: 'Single', url: `https://${host}.openai.azure.com/openai` },
  })

export const pool = (name: string, members: [backend: string, weight: number][], rest: JsonObject = {}) =>
  at(`Microsoft.ApiManagement/service/gw/backends/${name}`, {
    properties: {
      type: 'Pool',
      pool: {
        services: members.map(([of, weight]) => ({ id: `${serviceId}/backends/${of}`, priority: 1, weight })),
        ...rest,
      },
    },
  })

export const endpoint = (name: string, subnetName: string, target: string): JsonObject =>
  at(`Microsoft.Network/privateEndpoints/${name}`, {
    properties: {
      subnet: { id: `${vnetId}/subnets/${subnetName}` },
      privateLinkServiceConnections: [{ name: 'c', properties: { privateLinkServiceId: target } }],
    },
  })

const usualSubnets = [subnet('snet-apim', '10.0.0.0/27'), subnet('snet-private-endpoints', '10.0.1.0/26')]

/** Every body once: lists and the group's contents are made from them. Without a network or a service there is a usual one. */
export function standing(...bodies: JsonObject[]): Found {
  const has = (type: string) => bodies.some((body) => body['type'] === type)
  const all = [
    ...bodies,
    ...(has('Microsoft.Network/virtualNetworks') ? [] : [network(usualSubnets)]),
    ...(has('Microsoft.ApiManagement/service') ? [] : [service('gw')]),
  ]
  const collection = (body: JsonObject) => {
    // Read alone, and not as a list.
    if (/\/(?:policies|namedValues)\/[^/]+$/.test(String(body['id']))) return String(body['id']).toLowerCase()
    const own = String(body['id']).toLowerCase().split('/').slice(0, -1).join('/')
    // Zones are listed for the whole subscription.
    return own.replace(
      /^(\/subscriptions\/[^/]+)\/resourcegroups\/[^/]+(\/providers\/microsoft\.network\/privatednszones)$/,
      '$1$2',
    )
  }
  const lists = new Map<string, JsonObject[]>()
  for (const body of all) lists.set(collection(body), [...(lists.get(collection(body)) ?? []), body])
  return {
    subscriptionId,
    resourceGroup: 'rg-hub',
    location: 'eastus',
    contents: all.filter((body) => String(body['id']).split('/').length === 9),
    lists,
  }
}

/** What is made of it; a refusal fails the test. */
export function describing(found: Found, wishes: Wishes = {}): Described & { about(path: string): Note[] } {
  const answer = described(found, surroundings, wishes)
  if ('faults' in answer) throw new Error(JSON.stringify(answer.faults))
  return { ...answer, about: (path) => answer.notes.filter(({ resource }) => resource === id(path)) }
}

export function refusal(found: Found, wishes: Wishes = {}) {
  const answer = described(found, surroundings, wishes)
  if ('faults' in answer) return answer.faults
  throw new Error(`it is described: ${answer.yaml}`)
}
