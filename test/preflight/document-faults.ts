import { expand } from '../../src/environment/expand.ts'
import type { Fault, Harmless } from './fault.ts'
import type { World } from './world.ts'

const principal = '6f1d2c3b-0a49-4e58-8c67-9d8e7f605142'
const account = ({ document }: World, index = 0) => {
  const found = document.foundry.accounts[index]
  if (!found) throw new Error(`no account ${index}`)
  return found
}

export const documentFaults: Fault[] = [
  {
    code: 'DOC-001',
    fault: 'mode-observe',
    at: 'mode',
    says: /nothing will be written/,
    given: ({ document }) => {
      document.mode = 'observe'
    },
  },
  {
    code: 'DOC-002',
    fault: 'mode-repair',
    at: 'mode',
    given: ({ document }) => {
      document.mode = 'repair'
    },
  },
  {
    code: 'DOC-003',
    fault: 'fifty-one-tags',
    at: 'tags',
    says: /51/,
    given: ({ document }) => {
      document.tags = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`tag${n}`, 'x']))
    },
  },
  {
    code: 'DOC-004',
    fault: 'tags-that-differ-in-case',
    at: 'tags',
    says: /owner and Owner/,
    given: ({ document }) => {
      document.tags = { owner: 'a', Owner: 'b' }
    },
  },
  {
    code: 'DOC-005',
    fault: 'automatic-repair-without-budget',
    at: 'repair.budgetPerHour',
    given: ({ document }) => {
      document.repair = { auto: ['safe'], budgetPerHour: 0 }
    },
  },
  {
    code: 'PRB-001',
    fault: 'probes-eat-a-small-deployment',
    at: 'foundry.accounts[0].deployments',
    says: /6 requests a minute/,
    given: (world) => {
      for (const deployment of account(world).deployments) deployment.capacity = 1
      world.document.probes.models = '30s'
    },
  },
  {
    code: 'PRB-002',
    fault: 'agents-probed-every-minute',
    at: 'probes.agents',
    given: ({ document }) => {
      document.probes.agents = '1m'
    },
  },
  {
    code: 'PRB-003',
    fault: 'models-probed-twice-a-day',
    at: 'probes.models',
    given: ({ document }) => {
      document.probes.models = '12h'
    },
  },
  {
    code: 'PRB-004',
    fault: 'network-probed-every-ten-seconds',
    at: 'probes.network',
    given: ({ document }) => {
      document.probes.network = '10s'
    },
  },
  {
    code: 'PRB-005',
    fault: 'no-canary-identities',
    at: 'probes',
    given: ({ surroundings }) => {
      surroundings.probeIdentities = undefined
    },
  },
  {
    code: 'ACC-001',
    fault: 'principal-with-two-types',
    at: 'access',
    says: /User and Group/,
    given: ({ document }) => void document.access.push({ principal, type: 'Group', as: 'responsesUser' }),
  },
  {
    code: 'ACC-002',
    fault: 'roles-for-the-nobody-canary',
    at: 'access[1].principal',
    given: ({ document }) =>
      void document.access.push({
        principal: 'AAAAAAAA-0000-4000-8000-000000000003',
        type: 'ServicePrincipal',
        as: 'responsesUser',
      }),
  },
  {
    code: 'ACC-003',
    fault: 'responses-without-an-index',
    at: 'access',
    says: /no search/,
    given: ({ document }) => {
      for (const each of document.foundry.accounts) each.agents = false
      document.data.search = undefined
    },
  },
  {
    code: 'FND-001',
    fault: 'two-accounts-with-agents',
    at: 'foundry.accounts',
    says: /contoso-eus and contoso-eus2/,
    given: (world) => {
      account(world, 1).agents = true
    },
  },
  {
    code: 'FND-002',
    fault: 'agents-far-from-their-network',
    at: 'foundry.accounts[0].location',
    given: (world) => {
      account(world).location = 'eastus2'
    },
  },
  {
    code: 'FND-003',
    fault: 'agents-without-threads',
    at: 'data',
    says: /cosmos/,
    given: (world) =>
      keepResources(world, () => {
        world.document.data.cosmos = undefined
      }),
  },
  {
    code: 'FND-004',
    fault: 'agents-without-a-project',
    at: 'foundry.accounts[0].project',
    given: (world) =>
      keepResources(world, () => {
        account(world).project = undefined
      }),
  },
  {
    code: 'FND-005',
    fault: 'account-without-deployments',
    at: 'foundry.accounts[1].deployments',
    given: (world) =>
      keepResources(world, () => {
        account(world, 1).deployments = []
      }),
  },
  {
    code: 'NAM-001',
    fault: 'name-with-a-trademark',
    at: 'gateway.apim.name',
    says: /windows/,
    given: ({ document }) => {
      document.gateway.apim.name = 'contoso-Windows-apim'
    },
  },
  {
    code: 'NAM-002',
    fault: 'one-name-for-two-services',
    at: 'data.search',
    says: /gateway.apim.name/,
    given: ({ document }) => {
      document.data.search = 'contoso-apim'
    },
  },
  {
    code: 'NAM-003',
    fault: 'account-name-too-long-for-a-connection',
    at: 'foundry.accounts[1].name',
    given: (world) =>
      keepResources(world, () => {
        account(world, 1).name = 'contoso-foundry-models-eastus2-prod'
      }),
  },
]

export const documentHarmless: Harmless[] = [
  {
    code: 'NAM-001',
    because: 'a word Azure keeps at the beginning is allowed further on',
    given: ({ document }) => {
      document.data.search = 'contoso-login'
    },
  },
  {
    code: 'PRB-001',
    because: 'provisioned throughput counts differently',
    given: (world) => {
      for (const deployment of account(world).deployments)
        Object.assign(deployment, { capacity: 1, sku: 'GlobalProvisionedManaged' })
    },
  },
]

/** The document is one that the parser refuses: it is checked against what the sound one expands to. */
export function keepResources(world: World, change: () => void): void {
  world.resources = expand(world.document, world.surroundings)
  change()
}
