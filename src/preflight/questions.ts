import type { Document } from '../environment/schema.ts'
import type { JsonObject } from '../resources/kind.ts'
import type { Subject } from './check.ts'
import type { Question } from './facts.ts'

/** Everything preflight asks, each question in one place: whoever gathers asks it, and the checks look its answer up. */

export type Asker = Pick<Subject, 'document' | 'surroundings'>

const get = (about: string, path: string, apiVersion: string): Question => ({
  method: 'GET',
  about,
  path: `${path}?api-version=${apiVersion}`,
})
const post = (about: string, path: string, apiVersion: string, body: JsonObject): Question => ({
  method: 'POST',
  about,
  path: `${path}?api-version=${apiVersion}`,
  body,
})

export const subscriptionId = ({ surroundings }: Asker) => `/subscriptions/${surroundings.subscriptionId}`
export const groupId = (it: Asker) => `${subscriptionId(it)}/resourceGroups/${it.document.resourceGroup}`
const provider = (it: Asker, namespace: string) => `${subscriptionId(it)}/providers/${namespace}`

const networkVersion = '2025-05-01'
const modelsVersion = '2025-09-01'
const authorizationVersion = '2022-04-01'
const resourcesVersion = '2021-04-01'
const locksVersion = '2020-05-01'

export const ask = {
  subscription: (it: Asker) => get('the subscription', subscriptionId(it), '2022-12-01'),
  locations: (it: Asker) => get('locations', `${subscriptionId(it)}/locations`, '2022-12-01'),
  /** One by one: the list of all of them is megabytes. */
  provider: (it: Asker, namespace: string) => get(namespace, provider(it, namespace), resourcesVersion),
  group: (it: Asker) => get('the resource group', groupId(it), resourcesVersion),
  /** What is in the group already: of these names, nobody else holds any. */
  contents: (it: Asker) => get('the group’s contents', `${groupId(it)}/resources`, resourcesVersion),
  locks: (it: Asker) =>
    get('locks of the group', `${groupId(it)}/providers/Microsoft.Authorization/locks`, locksVersion),
  /** Locks of a subscription hold for its groups, and are not in their lists. */
  locksAbove: (it: Asker): Question => ({
    method: 'GET',
    about: 'locks of the subscription',
    path: `${provider(it, 'Microsoft.Authorization')}/locks?api-version=${locksVersion}&$filter=atScope()`,
  }),
  permissions: (it: Asker) =>
    get(
      'permissions in the group',
      `${groupId(it)}/providers/Microsoft.Authorization/permissions`,
      authorizationVersion,
    ),
  permissionsAbove: (it: Asker) =>
    get(
      'permissions in the subscription',
      `${provider(it, 'Microsoft.Authorization')}/permissions`,
      authorizationVersion,
    ),
  network: (it: Asker) =>
    get(
      'the virtual network',
      `${groupId(it)}/providers/Microsoft.Network/virtualNetworks/${networkName(it.document)}`,
      networkVersion,
    ),
  securityGroup: (id: string) => get(`security group ${lastOf(id)}`, id, networkVersion),
  routeTable: (id: string) => get(`route table ${lastOf(id)}`, id, networkVersion),
  zones: (it: Asker) =>
    get('private DNS zones', `${provider(it, 'Microsoft.Network')}/privateDnsZones`, '2024-06-01'),
  zone: (id: string) => get(`zone ${lastOf(id)}`, id, '2024-06-01'),
  links: (zoneId: string) =>
    get(`links of zone ${lastOf(zoneId)}`, `${zoneId}/virtualNetworkLinks`, '2024-06-01'),
  apimName: (it: Asker) =>
    post(
      'the API Management name',
      `${provider(it, 'Microsoft.ApiManagement')}/checkNameAvailability`,
      '2024-05-01',
      { name: it.document.gateway.apim.name },
    ),
  subdomain: (it: Asker, account: string) =>
    post(
      `subdomain ${account}`,
      `${provider(it, 'Microsoft.CognitiveServices')}/checkDomainAvailability`,
      modelsVersion,
      {
        subdomainName: account.toLowerCase(),
        type: 'Microsoft.CognitiveServices/accounts',
        kind: 'AIServices',
      },
    ),
  storageName: (it: Asker, name: string) =>
    post(`storage name ${name}`, `${provider(it, 'Microsoft.Storage')}/checkNameAvailability`, '2024-01-01', {
      name,
      type: 'Microsoft.Storage/storageAccounts',
    }),
  searchName: (it: Asker, name: string) =>
    post(`search name ${name}`, `${provider(it, 'Microsoft.Search')}/checkNameAvailability`, '2025-05-01', {
      name,
      type: 'searchServices',
    }),
  cosmosName: (_it: Asker, name: string): Question => ({
    method: 'HEAD',
    about: `Cosmos DB name ${name}`,
    path: `/providers/Microsoft.DocumentDB/databaseAccountNames/${name}?api-version=2024-11-15`,
  }),
  vaultName: (it: Asker, name: string) =>
    post(`vault name ${name}`, `${provider(it, 'Microsoft.KeyVault')}/checkNameAvailability`, '2023-07-01', {
      name,
      type: 'Microsoft.KeyVault/vaults',
    }),
  deletedServices: (it: Asker) =>
    get(
      'deleted API Management services',
      `${provider(it, 'Microsoft.ApiManagement')}/deletedservices`,
      '2024-05-01',
    ),
  deletedAccounts: (it: Asker) =>
    get(
      'deleted Foundry accounts',
      `${provider(it, 'Microsoft.CognitiveServices')}/deletedAccounts`,
      modelsVersion,
    ),
  deletedVaults: (it: Asker) =>
    get('deleted key vaults', `${provider(it, 'Microsoft.KeyVault')}/deletedVaults`, '2023-07-01'),
  models: (it: Asker, location: string) =>
    get(
      `models in ${location}`,
      `${provider(it, 'Microsoft.CognitiveServices')}/locations/${location}/models`,
      modelsVersion,
    ),
  usages: (it: Asker, location: string) =>
    get(
      `quota in ${location}`,
      `${provider(it, 'Microsoft.CognitiveServices')}/locations/${location}/usages`,
      modelsVersion,
    ),
  deployments: (it: Asker, account: string) =>
    get(
      `deployments of ${account}`,
      `${groupId(it)}/providers/Microsoft.CognitiveServices/accounts/${account}/deployments`,
      modelsVersion,
    ),
}

export const networkName = ({ network: { vnet } }: Document): string =>
  'existing' in vnet ? vnet.existing : vnet.name

export const lastOf = (id: string): string => id.split('/').at(-1) ?? ''
