import { readFileSync } from 'node:fs'
import { expand } from '../../src/environment/expand.ts'
import { parse } from '../../src/environment/parse.ts'
import type { Document } from '../../src/environment/schema.ts'
import type { Surroundings } from '../../src/environment/surroundings.ts'
import { furtherQuestions, questions } from '../../src/preflight/asking.ts'
import type { Subject } from '../../src/preflight/check.ts'
import { type Answer, type Facts, keyOf, type Question } from '../../src/preflight/facts.ts'
import type { JsonObject, Resource } from '../../src/resources/kind.ts'

/** A document and an Azure in which every check passes, to be broken in one place at a time. */

export const subscription = '/subscriptions/00000000-0000-4000-8000-000000000001'
export const group = `${subscription}/resourceGroups/rg-contoso-ai`
export const inNetwork = (path: string) => `${group}/providers/Microsoft.Network/${path}`
export const network = inNetwork('virtualNetworks/vnet-contoso-ai')
export const blobZone = inNetwork('privateDnsZones/privatelink.blob.core.windows.net')

type Item = { [name: string]: unknown }

export interface World {
  document: Document
  surroundings: Surroundings
  nowMs: number
  /** Instead of what the document expands to: documents that the parser refuses need not expand. */
  resources?: Resource[]
  /** Bodies by path; undefined is 404. Lists are arrays. */
  azure: Record<string, Item | Item[] | undefined>
  /** Names that somebody holds. */
  taken: Set<string>
}

export function soundWorld(): World {
  return {
    document: soundDocument(),
    surroundings: {
      subscriptionId: '00000000-0000-4000-8000-000000000001',
      gatewaySuffix: 'azure-api.net',
      eventHub: {
        id: `${group}/providers/Microsoft.EventHub/namespaces/n/eventhubs/h`,
        namespace: 'n',
        hub: 'h',
      },
      probeIdentities: {
        probe: {
          principalId: 'aaaaaaaa-0000-4000-8000-000000000001',
          clientId: 'aaaaaaaa-0000-4000-8000-000000000002',
        },
        nobody: {
          principalId: 'aaaaaaaa-0000-4000-8000-000000000003',
          clientId: 'aaaaaaaa-0000-4000-8000-000000000004',
        },
      },
    },
    nowMs: Date.parse('2026-11-01'),
    azure: soundAzure(),
    taken: new Set(),
  }
}

function soundDocument(): Document {
  const parsed = parse(readFileSync('examples/contoso.yaml', 'utf8'), 'contoso')
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  const { document } = parsed
  document.gateway.apim = { ...document.gateway.apim, sku: 'Premium', units: 2 }
  document.gateway.api = { ...document.gateway.api, responses: 'sticky', logTo: 'eventHub' }
  return document
}

const usage = (value: string, currentValue: number, limit: number) => ({
  name: { value },
  currentValue,
  limit,
})
const sku = (name: string, usageName: string, minimum = 1, step = 1) => ({
  name,
  usageName,
  deprecationDate: '2029-01-01T00:00:00Z',
  capacity: { minimum, maximum: 1000, step, default: minimum },
})
export const gpt4o = (version = '2024-11-20', retires = '2029-01-01T00:00:00Z') => ({
  model: {
    format: 'OpenAI',
    name: 'gpt-4o',
    version,
    deprecation: { inference: retires },
    skus: [
      sku('GlobalStandard', 'OpenAI.GlobalStandard.gpt-4o'),
      // Units of this tier are good for any model.
      sku('GlobalProvisionedManaged', 'OpenAI.GlobalProvisionedManaged', 15, 5),
    ],
  },
})

export const at = {
  network: `${network}`,
  models: (location: string) =>
    `${subscription}/providers/Microsoft.CognitiveServices/locations/${location}/models`,
  usages: (location: string) =>
    `${subscription}/providers/Microsoft.CognitiveServices/locations/${location}/usages`,
  zones: `${subscription}/providers/Microsoft.Network/privateDnsZones`,
  links: (zone: string) => `${zone}/virtualNetworkLinks`,
  contents: `${group}/resources`,
  locks: `${group}/providers/Microsoft.Authorization/locks`,
  locksAbove: `${subscription}/providers/Microsoft.Authorization/locks`,
  permissions: `${group}/providers/Microsoft.Authorization/permissions`,
  permissionsAbove: `${subscription}/providers/Microsoft.Authorization/permissions`,
  deletedServices: `${subscription}/providers/Microsoft.ApiManagement/deletedservices`,
  deletedAccounts: `${subscription}/providers/Microsoft.CognitiveServices/deletedAccounts`,
  deletedVaults: `${subscription}/providers/Microsoft.KeyVault/deletedVaults`,
  deployments: (account: string) =>
    `${group}/providers/Microsoft.CognitiveServices/accounts/${account}/deployments`,
  rules: inNetwork('networkSecurityGroups/nsg-agents'),
  apimRules: inNetwork('networkSecurityGroups/nsg-apim'),
  routes: inNetwork('routeTables/rt-agents'),
}

const namespaces = [
  ...['ApiManagement', 'App', 'CognitiveServices', 'ContainerService', 'DocumentDB', 'EventHub', 'Insights'],
  ...['KeyVault', 'MachineLearningServices', 'Network', 'Search', 'Storage'],
]

export const subnet = (name: string, addressPrefix: string, properties: Item = {}) => ({
  id: `${network}/subnets/${name}`,
  name,
  properties: { addressPrefix, ...properties },
})

export const link = (networkId: string) => ({ properties: { virtualNetwork: { id: networkId } } })

export const opsSubnet = (properties: Item = {}, addressPrefix = '192.168.5.0/27') =>
  subnet('snet-agents-ops', addressPrefix, {
    networkSecurityGroup: { id: at.rules },
    routeTable: { id: at.routes },
    delegations: [{ properties: { serviceName: 'Microsoft.App/environments' } }],
    serviceAssociationLinks: [{ properties: { link: `${group}/providers/Microsoft.Web/sites/func` } }],
    ...properties,
  })

export const vnet = (properties: Item = {}, location = 'eastus') => ({
  id: network,
  location,
  properties: {
    addressSpace: { addressPrefixes: ['192.168.0.0/16'] },
    subnets: [opsSubnet()],
    virtualNetworkPeerings: [],
    ...properties,
  },
})

export const rule = (name: string, priority: number, access: string, properties: Item = {}) => ({
  name,
  properties: {
    priority,
    access,
    direction: 'Outbound',
    protocol: '*',
    sourceAddressPrefix: '*',
    destinationAddressPrefix: '*',
    destinationPortRange: '*',
    ...properties,
  },
})

const soundAzure = (): World['azure'] => ({
  [subscription]: { state: 'Enabled' },
  [`${subscription}/locations`]: ['eastus', 'eastus2', 'swedencentral'].map((name) => ({ name })),
  ...Object.fromEntries(
    namespaces.map((name) => [
      `${subscription}/providers/Microsoft.${name}`,
      { registrationState: 'Registered' },
    ]),
  ),
  [group]: { id: group, location: 'eastus', tags: {}, properties: { provisioningState: 'Succeeded' } },
  [at.contents]: [],
  [at.locks]: [],
  [at.locksAbove]: [],
  [at.permissions]: [{ actions: ['*'], notActions: [] }],
  [at.permissionsAbove]: [{ actions: ['*'], notActions: [] }],
  [network]: vnet(),
  [at.rules]: { properties: { securityRules: [rule('allow-entra', 100, 'Allow')] } },
  [at.routes]: { properties: { routes: [] } },
  [at.zones]: [{ id: blobZone, name: 'privatelink.blob.core.windows.net' }],
  [at.links(blobZone)]: [link(network)],
  [at.deletedServices]: [],
  [at.deletedAccounts]: [],
  [at.deletedVaults]: [],
  ...Object.fromEntries(
    ['eastus', 'eastus2'].flatMap((location) => [
      [at.models(location), [gpt4o()]],
      [
        at.usages(location),
        [
          usage('OpenAI.GlobalStandard.gpt-4o', 50, 450),
          usage('OpenAI.GlobalProvisionedManaged', 0, 200),
          usage('OpenAI.S0.AccountCount', 2, 30),
        ],
      ],
    ]),
  ),
})

/** What such an Azure answers, as the app would hear it. */
function answer(world: World, question: Question): Answer {
  const path = question.path.split('?')[0] ?? ''
  if (question.method === 'HEAD')
    return { status: world.taken.has(path.split('/').at(-1) ?? '') ? 200 : 404, body: {} }
  if (question.method === 'POST') {
    const isFree = !world.taken.has(String(question.body['name'] ?? question.body['subdomainName']))
    return { status: 200, body: { nameAvailable: isFree, isSubdomainAvailable: isFree } }
  }
  const found = world.azure[path]
  if (found === undefined) return { status: 404, body: { error: { code: 'ResourceNotFound' } } }
  return { status: 200, body: (Array.isArray(found) ? { value: found } : found) as JsonObject }
}

/** The subject of the checks, its facts gathered in the order in which the app gathers them. */
export function subjectOf(world: World): Subject {
  const { document, surroundings, nowMs } = world
  const resources = world.resources ?? expand(document, surroundings)
  const answers = (asked: Question[]) => asked.map((it) => [keyOf(it), answer(world, it)] as const)
  const facts = new Map(answers(questions({ document, surroundings })))
  for (const [key, found] of answers(furtherQuestions({ document, surroundings, resources }, facts)))
    facts.set(key, found)
  return { document, resources, surroundings, nowMs, facts }
}

export const blind: Facts = new Map()
