import type { Fault, Harmless } from './fault.ts'
import { at, gpt4o, group, subscription, type World } from './world.ts'

type Item = { [name: string]: unknown }

const patch = (world: World, path: string, changes: Item) => {
  world.azure[path] = { ...(world.azure[path] as Item), ...changes }
}
const rows = (world: World, path: string) => world.azure[path] as Item[]
const there = (world: World, type: string, name: string) =>
  void rows(world, at.contents).push({ id: `${group}/providers/${type}/${name}`, type, name })
const lock = (level: string) => [
  { id: `${group}/providers/Microsoft.Authorization/locks/keep`, properties: { level } },
]
const provider = (world: World, namespace: string, registrationState: string) =>
  patch(world, `${subscription}/providers/${namespace}`, { registrationState })
const grave = (name: string, properties: Item = {}) => [
  { name, properties: { scheduledPurgeDate: '2026-11-03T10:00:00Z', ...properties } },
]
const taken = (code: string, fault: string, path: string, name: string): Fault => ({
  code,
  fault,
  at: path,
  says: /taken/,
  given: (world) => void world.taken.add(name),
})
const deployment = ({ document }: World, index = 0) => {
  const found = document.foundry.accounts[index]?.deployments[0]
  if (!found) throw new Error('no deployment')
  return found
}
const quota = (
  world: World,
  location: string,
  currentValue: number,
  limit: number,
  usage = 'OpenAI.GlobalStandard.gpt-4o',
) => {
  for (const row of rows(world, at.usages(location)))
    if ((row['name'] as Item)['value'] === usage) Object.assign(row, { currentValue, limit })
}
const grants = (world: World, actions: string[], notActions: string[] = []) => {
  world.azure[at.permissions] = [{ actions, notActions }]
}
const firstDeployment = 'foundry.accounts[0].deployments[0]'

export const azureFaults: Fault[] = [
  {
    code: 'SUB-001',
    fault: 'subscription-disabled',
    at: subscription,
    says: /Disabled/,
    given: (world) => patch(world, subscription, { state: 'Disabled' }),
  },
  {
    code: 'SUB-002',
    fault: 'location-unknown-to-the-subscription',
    at: 'eastus2',
    given: ({ azure }) => {
      azure[`${subscription}/locations`] = [{ name: 'eastus' }]
    },
  },
  {
    code: 'GRP-001',
    fault: 'group-that-is-not-there',
    at: group,
    given: ({ azure }) => void delete azure[group],
  },
  {
    code: 'GRP-002',
    fault: 'group-in-another-region',
    at: group,
    says: /westus/,
    given: (world) => patch(world, group, { location: 'westus' }),
  },
  {
    code: 'GRP-003',
    fault: 'group-being-deleted',
    at: group,
    given: (world) => patch(world, group, { properties: { provisioningState: 'Deleting' } }),
  },
  {
    code: 'GRP-004',
    fault: 'brake-tag',
    at: group,
    says: /ops-pause=true/,
    given: (world) => patch(world, group, { tags: { 'ops-pause': 'True' } }),
  },
  {
    code: 'GRP-005',
    fault: 'group-locked-against-writes',
    at: /locks\/keep$/,
    given: ({ azure }) => {
      azure[at.locks] = lock('ReadOnly')
    },
  },
  {
    code: 'GRP-005',
    fault: 'subscription-locked-against-writes',
    at: /locks\/keep$/,
    given: ({ azure }) => {
      azure[at.locksAbove] = lock('ReadOnly')
    },
  },
  {
    code: 'GRP-006',
    fault: 'group-locked-against-deletes',
    at: /locks\/keep$/,
    given: ({ azure }) => {
      azure[at.locks] = lock('CanNotDelete')
    },
  },
  {
    code: 'PRV-001',
    fault: 'provider-not-registered',
    at: 'Microsoft.Search',
    given: (world) => provider(world, 'Microsoft.Search', 'NotRegistered'),
  },
  {
    code: 'PRV-002',
    fault: 'agents-provider-still-registering',
    at: 'Microsoft.App',
    says: /Registering/,
    given: (world) => provider(world, 'Microsoft.App', 'Registering'),
  },
  taken('AVL-001', 'gateway-name-taken', 'gateway.apim.name', 'contoso-apim'),
  taken('AVL-002', 'subdomain-taken', 'foundry.accounts[1].name', 'contoso-eus2'),
  taken('AVL-003', 'storage-name-taken', 'data.storage', 'contosoaidata'),
  taken('AVL-004', 'search-name-taken', 'data.search', 'contoso-search'),
  taken('AVL-005', 'cosmos-name-taken', 'data.cosmos', 'contoso-cosmos'),
  taken('AVL-006', 'vault-name-taken', 'data.keyVault', 'contoso-kv'),
  {
    code: 'DEL-001',
    fault: 'gateway-name-held-by-a-deleted-one',
    at: 'gateway.apim.name',
    says: /2026-11-03/,
    given: ({ azure }) => {
      azure[at.deletedServices] = grave('Contoso-APIM')
    },
  },
  {
    code: 'DEL-002',
    fault: 'account-name-held-by-a-deleted-one',
    at: 'foundry.accounts[0].name',
    given: ({ azure }) => {
      azure[at.deletedAccounts] = grave('contoso-eus')
    },
  },
  {
    code: 'DEL-003',
    fault: 'vault-name-held-by-a-deleted-one',
    at: 'data.keyVault',
    says: /purge protection/,
    given: ({ azure }) => {
      azure[at.deletedVaults] = grave('contoso-kv', { purgeProtectionEnabled: true })
    },
  },
  {
    code: 'MDL-001',
    fault: 'model-not-in-the-region',
    at: firstDeployment,
    given: ({ azure }) => {
      azure[at.models('eastus')] = []
    },
  },
  {
    code: 'MDL-002',
    fault: 'version-not-in-the-region',
    at: firstDeployment,
    says: /2024-05-13 and 2024-08-06, not as 2024-11-20/,
    given: ({ azure }) => {
      azure[at.models('eastus')] = [gpt4o('2024-05-13'), gpt4o('2024-08-06')]
    },
  },
  {
    code: 'MDL-003',
    fault: 'tier-not-in-the-region',
    at: firstDeployment,
    says: /GlobalStandard and GlobalProvisionedManaged, not as DataZoneStandard/,
    given: (world) => {
      deployment(world).sku = 'DataZoneStandard'
    },
  },
  {
    code: 'MDL-004',
    fault: 'capacity-between-two-steps',
    at: firstDeployment,
    says: /from 15 in steps of 5, not as 17/,
    given: (world) =>
      void Object.assign(deployment(world), { sku: 'GlobalProvisionedManaged', capacity: 17 }),
  },
  {
    code: 'MDL-005',
    fault: 'version-that-has-retired',
    at: firstDeployment,
    says: /2026-10-01/,
    given: ({ azure }) => {
      azure[at.models('eastus')] = [gpt4o('2024-11-20', '2026-10-01T00:00:00Z')]
    },
  },
  {
    code: 'MDL-006',
    fault: 'version-about-to-retire',
    at: firstDeployment,
    says: /2027-01-15/,
    given: ({ azure }) => {
      azure[at.models('eastus')] = [gpt4o('2024-11-20', '2027-01-15T00:00:00Z')]
    },
  },
  {
    code: 'QTA-001',
    fault: 'quota-used-by-others',
    at: 'foundry.accounts',
    says: /100 of OpenAI.GlobalStandard.gpt-4o in eastus; 50 of 450/,
    given: (world) => quota(world, 'eastus', 400, 450),
  },
  {
    code: 'QTA-001',
    fault: 'quota-used-by-a-stranger-in-our-account',
    at: 'foundry.accounts',
    given: (world) => {
      quota(world, 'eastus', 440, 450)
      world.azure[at.deployments('contoso-eus')] = [
        {
          name: 'of-a-stranger',
          sku: { name: 'GlobalStandard', capacity: 100 },
          properties: { model: { format: 'OpenAI', name: 'gpt-4o' } },
        },
      ]
    },
  },
  {
    code: 'QTA-001',
    fault: 'provisioned-units-shared-by-models',
    at: 'foundry.accounts',
    says: /15 of OpenAI.GlobalProvisionedManaged in eastus; 10 of 200/,
    given: (world) => {
      Object.assign(deployment(world), { sku: 'GlobalProvisionedManaged', capacity: 15 })
      quota(world, 'eastus', 190, 200, 'OpenAI.GlobalProvisionedManaged')
    },
  },
  {
    code: 'QTA-002',
    fault: 'quota-nearly-used-up',
    at: 'foundry.accounts',
    says: /leaves 10 of 450/,
    given: (world) => quota(world, 'eastus', 340, 450),
  },
  {
    code: 'QTA-003',
    fault: 'thirty-accounts-in-the-region',
    at: 'foundry.accounts',
    says: /room for 0/,
    given: (world) => quota(world, 'eastus', 30, 30, 'OpenAI.S0.AccountCount'),
  },
  {
    code: 'PER-001',
    fault: 'reader-only',
    at: group,
    says: /may not Microsoft/,
    given: (world) => grants(world, ['*/read']),
  },
  {
    code: 'PER-002',
    fault: 'blind-to-one-provider',
    at: group,
    says: /Microsoft.Search\/searchServices\/read/,
    given: (world) => grants(world, ['*'], ['Microsoft.Search/*/read']),
  },
  {
    code: 'PER-003',
    fault: 'contributor-alone',
    at: group,
    says: /roleAssignments\/write/,
    given: (world) =>
      grants(world, ['*'], ['Microsoft.Authorization/*/Delete', 'Microsoft.Authorization/*/Write']),
  },
  {
    code: 'PER-004',
    fault: 'may-not-join-subnets',
    at: group,
    says: /subnets\/join\/action/,
    given: (world) => grants(world, ['*'], ['Microsoft.Network/virtualNetworks/subnets/join/action']),
  },
  {
    code: 'PER-005',
    fault: 'may-not-approve-endpoints',
    at: group,
    says: /storageAccounts\/privateEndpointConnectionsApproval/,
    given: (world) =>
      grants(world, ['*'], ['Microsoft.Storage/storageAccounts/privateEndpointConnectionsApproval/action']),
  },
  {
    code: 'PER-006',
    fault: 'may-not-delete',
    at: group,
    given: (world) => grants(world, ['*'], ['*/delete']),
  },
  {
    code: 'PER-007',
    fault: 'nothing-in-the-subscription',
    at: subscription,
    says: /deletedservices\/delete/,
    given: ({ azure }) => {
      azure[at.permissionsAbove] = []
    },
  },
]

export const azureHarmless: Harmless[] = [
  {
    code: 'AVL-001',
    because: 'the name is taken by our own service',
    given: (world) => {
      world.taken.add('contoso-apim')
      there(world, 'Microsoft.ApiManagement/service', 'contoso-apim')
    },
  },
  {
    code: 'AVL-001',
    because: 'what a deleted one holds is another check’s to tell',
    given: (world) => {
      world.taken.add('contoso-apim')
      world.azure[at.deletedServices] = grave('contoso-apim')
    },
  },
  {
    code: 'QTA-001',
    because: 'what our own deployments use is not used by others',
    given: (world) => {
      quota(world, 'eastus', 440, 450)
      world.azure[at.deployments('contoso-eus')] = [
        {
          name: 'gpt-4o',
          sku: { name: 'GlobalStandard', capacity: 100 },
          properties: { model: { format: 'OpenAI', name: 'gpt-4o' } },
        },
      ]
    },
  },
  {
    code: 'QTA-003',
    because: 'the account that fills the region is ours',
    given: (world) => {
      quota(world, 'eastus', 30, 30, 'OpenAI.S0.AccountCount')
      there(world, 'Microsoft.CognitiveServices/accounts', 'contoso-eus')
    },
  },
  {
    code: 'PER-003',
    because: 'one role gives what another takes away',
    given: (world) => {
      world.azure[at.permissions] = [
        { actions: ['*'], notActions: ['Microsoft.Authorization/*/Write'] },
        { actions: ['*/read', 'microsoft.authorization/roleAssignments/write'], notActions: [] },
      ]
    },
  },
  {
    code: 'GRP-004',
    because: 'the tag says false',
    given: (world) => patch(world, group, { tags: { 'ops-pause': 'false' } }),
  },
]
