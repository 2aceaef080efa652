import type { Verb } from '../arm/kind.ts'
import { type Lifecycle, minutes, type Range, type Temper } from './temper.ts'

const SOON: Range = [2, 8]
const BLINK: Range = [0, 2]

const network = (of: string): Lifecycle[] => [
  {
    of: `Microsoft.Network/${of}`,
    verb: 'create',
    seconds: SOON,
    state: 'Updating',
    invisibleSeconds: BLINK,
  },
  { of: `Microsoft.Network/${of}`, verb: 'update', seconds: SOON, state: 'Updating' },
  { of: `Microsoft.Network/${of}`, verb: 'delete', seconds: SOON, state: 'Deleting' },
]

const privateDns = (of: string): Lifecycle[] => [
  { of: `Microsoft.Network/${of}`, verb: 'create', seconds: [20, 60], state: 'Creating' },
  { of: `Microsoft.Network/${of}`, verb: 'update', seconds: [5, 20], state: 'Updating' },
  { of: `Microsoft.Network/${of}`, verb: 'delete', seconds: [20, 60], state: 'Deleting' },
]

const privateLink = (of: string): Lifecycle[] => [
  {
    of: `Microsoft.Network/${of}`,
    verb: 'create',
    seconds: [25, 80],
    state: 'Updating',
    invisibleSeconds: BLINK,
  },
  { of: `Microsoft.Network/${of}`, verb: 'update', seconds: [10, 30], state: 'Updating' },
  { of: `Microsoft.Network/${of}`, verb: 'delete', seconds: [15, 60], state: 'Deleting' },
]

/** Storage, search, Cosmos DB and Key Vault; of them only Cosmos DB takes time for an update or a deletion. */
const stores: Lifecycle[] = [
  {
    of: 'Microsoft.Storage/storageAccounts',
    verb: 'create',
    seconds: [12, 30],
    state: 'Creating',
    invisibleSeconds: BLINK,
  },
  { of: 'Microsoft.Search/searchServices', verb: 'create', seconds: minutes(2, 6), state: 'Provisioning' },
  {
    of: 'Microsoft.DocumentDB/databaseAccounts',
    verb: 'create',
    seconds: minutes(3, 8),
    state: 'Creating',
    invisibleSeconds: BLINK,
  },
  { of: 'Microsoft.DocumentDB/databaseAccounts', verb: 'update', seconds: [30, 120], state: 'Updating' },
  {
    of: 'Microsoft.DocumentDB/databaseAccounts',
    verb: 'delete',
    seconds: minutes(3, 8),
    state: 'Deleting',
  },
  ...(['create', 'update', 'delete'] as const).map(
    (verb): Lifecycle => ({
      of: 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments',
      verb,
      seconds: [15, 60],
      state: 'Updating',
      ...(verb === 'create' ? { invisibleSeconds: minutes(2, 2) } : {}),
    }),
  ),
  { of: 'Microsoft.KeyVault/vaults', verb: 'create', seconds: [15, 45], state: 'RegisteringDns' },
  {
    of: 'Microsoft.KeyVault/locations/deletedVaults',
    verb: 'delete',
    seconds: [20, 60],
    state: 'Deleting',
  },
]

/** Children of an API Management service: deletes are done at once. */
const inGateway = (of: string, seconds: Range, updateSeconds = seconds): Lifecycle[] => [
  { of: `Microsoft.ApiManagement/service/${of}`, verb: 'create', seconds, state: 'Creating' },
  { of: `Microsoft.ApiManagement/service/${of}`, verb: 'update', seconds: updateSeconds, state: 'Updating' },
  { of: `Microsoft.ApiManagement/service/${of}`, verb: 'delete', seconds: [0, 0], state: 'Deleting' },
]

/** So are these; of Event Hubs only a new namespace takes time. */
const monitoring: Lifecycle[] = [
  { of: 'Microsoft.EventHub/namespaces', verb: 'create', seconds: [30, 90], state: 'Creating' },
  ...['metricAlerts', 'actionGroups', 'diagnosticSettings'].flatMap((type) =>
    (['create', 'update', 'delete'] as const).map(
      (verb): Lifecycle => ({ of: `Microsoft.Insights/${type}`, verb, seconds: [0, 0], state: 'Updating' }),
    ),
  ),
]

/** Listed although they take no time, so that chaos has something to strike. */
const AT_ONCE = [
  'backends',
  'apis/operations',
  'apis/policies',
  'apis/operations/policies',
  'apis/diagnostics',
  'policies',
  'loggers',
  'diagnostics',
  'products',
  'products/apis',
  'products/policies',
  'subscriptions',
]

const foundry = (of: string, seconds: Partial<Record<Verb, Range>>, creating = 'Creating'): Lifecycle[] => {
  const states = { create: creating, update: 'Accepted', delete: 'Deleting' }
  return Object.entries(seconds).map(([name, range]) => {
    const verb = name as Verb
    return {
      of: `Microsoft.CognitiveServices/${of}`,
      verb,
      seconds: range,
      state: states[verb],
      ...(verb === 'create' ? { invisibleSeconds: BLINK } : {}),
    }
  })
}

/** A quiet day. What is not listed is done before it is answered. */
export const usual: Temper = {
  lifecycles: [
    ...network('virtualNetworks'),
    ...network('virtualNetworks/subnets'),
    ...network('networkSecurityGroups'),
    ...network('networkSecurityGroups/securityRules'),
    ...network('routeTables'),
    ...network('routeTables/routes'),
    ...network('publicIPAddresses'),
    ...privateDns('privateDnsZones'),
    ...privateDns('privateDnsZones/virtualNetworkLinks'),
    ...privateLink('privateEndpoints'),
    ...privateLink('privateEndpoints/privateDnsZoneGroups'),
    ...stores,
    {
      of: 'Microsoft.ApiManagement/service',
      verb: 'create',
      seconds: minutes(35, 45),
      state: 'Activating',
      invisibleSeconds: BLINK,
    },
    { of: 'Microsoft.ApiManagement/service', verb: 'update', seconds: minutes(15, 20), state: 'Updating' },
    { of: 'Microsoft.ApiManagement/service', verb: 'delete', seconds: minutes(15, 25), state: 'Terminating' },
    ...inGateway('apis', [1, 5], [0, 0]),
    ...inGateway('namedValues', [1, 4]),
    ...inGateway('policyFragments', [1, 4]),
    ...AT_ONCE.flatMap((of) => inGateway(of, [0, 0])),
    ...monitoring,
    {
      of: 'Microsoft.ApiManagement/locations/deletedservices',
      verb: 'delete',
      seconds: minutes(1, 3),
      state: 'Deleting',
    },
    ...foundry('accounts', { create: minutes(1, 3), update: [20, 90], delete: [30, 90] }, 'Accepted'),
    ...foundry('accounts/deployments', { create: [15, 60], update: [5, 30], delete: [5, 30] }),
    ...foundry('accounts/projects', { create: [20, 60], update: [5, 20], delete: [20, 60] }),
    ...foundry('accounts/capabilityHosts', { create: minutes(2, 6), delete: minutes(3, 8) }),
    ...foundry('accounts/projects/capabilityHosts', { create: minutes(10, 20), delete: minutes(5, 15) }),
    {
      of: 'Microsoft.CognitiveServices/locations/resourceGroups/deletedAccounts',
      verb: 'delete',
      seconds: minutes(1, 3),
      state: 'Deleting',
    },
    {
      of: 'Microsoft.Authorization/roleAssignments',
      verb: 'create',
      seconds: [0, 0],
      state: 'Succeeded',
      invisibleSeconds: [0, 5],
    },
    { of: 'Microsoft.Resources/resourceGroups', verb: 'delete', seconds: minutes(1, 3), state: 'Deleting' },
  ],
  reads: [],
  delays: {
    principalKnown: [5, 40],
    roleEffective: minutes(0.5, 5),
    accountSettles: [5, 30],
    capacityFelt: minutes(0, 15),
    subnetReleased: minutes(2, 20),
    gatewayLearns: [5, 60],
    metricVisible: minutes(1, 3),
    metricWhole: minutes(2, 7),
    logVisible: minutes(3, 10),
    alertDelivered: [5, 40],
  },
}
