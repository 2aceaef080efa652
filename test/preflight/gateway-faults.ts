import { keepResources } from './document-faults.ts'
import type { Fault, Harmless } from './fault.ts'
import type { World } from './world.ts'

const pool = ({ document }: World) => {
  const [found] = document.gateway.pools
  if (!found) throw new Error('no pool')
  return found
}
const deployment = ({ document }: World, index: number) => {
  const found = document.foundry.accounts[index]?.deployments[0]
  if (!found) throw new Error('no deployment')
  return found
}
const bounds = (world: World, ...all: [number, number][]) => {
  for (const [index, member] of pool(world).members.entries()) member.bounds = all[index]
}
const first = 'gateway.pools[0]'
const ptu = { sku: 'GlobalProvisionedManaged', capacity: 15 } as const

export const gatewayFaults: Fault[] = [
  {
    code: 'GTW-001',
    fault: 'developer-tier',
    at: 'gateway.apim.sku',
    given: ({ document }) => void Object.assign(document.gateway.apim, { sku: 'Developer', units: 1 }),
  },
  {
    code: 'GTW-002',
    fault: 'one-premium-unit',
    at: 'gateway.apim.units',
    given: ({ document }) => {
      document.gateway.apim.units = 1
    },
  },
  {
    code: 'GTW-003',
    fault: 'member-that-is-no-account',
    at: first,
    says: /contoso-wus/,
    given: (world) =>
      keepResources(world, () => void pool(world).members.push({ account: 'contoso-wus', priority: 1 })),
  },
  {
    code: 'GTW-004',
    fault: 'member-without-the-deployment',
    at: first,
    says: /contoso-eus2/,
    given: (world) =>
      keepResources(world, () => {
        deployment(world, 1).name = 'gpt-4o-east'
      }),
  },
  {
    code: 'GTW-005',
    fault: 'two-models-under-one-name',
    at: first,
    says: /gpt-4o and gpt-4.1/,
    given: (world) => {
      deployment(world, 1).model = 'gpt-4.1'
    },
  },
  {
    code: 'GTW-006',
    fault: 'two-versions-under-one-name',
    at: first,
    given: (world) => {
      deployment(world, 1).version = '2024-08-06'
    },
  },
  {
    code: 'GTW-007',
    fault: 'batch-tier-in-a-pool',
    at: first,
    says: /GlobalBatch/,
    given: (world) => {
      deployment(world, 1).sku = 'GlobalBatch'
    },
  },
  {
    code: 'GTW-008',
    fault: 'pool-with-one-member',
    at: first,
    given: (world) => void pool(world).members.pop(),
  },
  {
    code: 'GTW-009',
    fault: 'members-in-one-region',
    at: first,
    says: /eastus$/,
    given: ({ document }) => {
      for (const account of document.foundry.accounts) account.location = 'eastus'
    },
  },
  {
    code: 'GTW-010',
    fault: 'bounds-that-cannot-add-up',
    at: first,
    says: /120 %/,
    given: (world) => keepResources(world, () => bounds(world, [60, 95], [60, 95])),
  },
  {
    code: 'GTW-010',
    fault: 'bounds-that-leave-a-rest',
    at: first,
    says: /80 %/,
    given: (world) => keepResources(world, () => bounds(world, [5, 40], [5, 40])),
  },
  {
    code: 'GTW-011',
    fault: 'bounds-that-meet',
    at: first,
    says: /contoso-eus can hardly/,
    given: (world) => bounds(world, [50, 52], [5, 95]),
  },
  {
    code: 'GTW-011',
    fault: 'least-shares-that-take-it-all',
    at: first,
    says: /2 % between them/,
    given: (world) => bounds(world, [49, 95], [49, 95]),
  },
  {
    code: 'GTW-012',
    fault: 'stateless-responses-over-a-pool',
    at: 'gateway.api.responses',
    says: /previous_response_id/,
    given: ({ document }) => {
      document.gateway.api.responses = 'stateless'
    },
  },
  {
    code: 'GTW-013',
    fault: 'provisioned-without-fallback',
    at: first,
    given: (world) => {
      Object.assign(deployment(world, 0), ptu)
      Object.assign(deployment(world, 1), ptu)
    },
  },
  {
    code: 'GTW-014',
    fault: 'provisioned-beside-pay-as-you-go',
    at: first,
    given: (world) => void Object.assign(deployment(world, 0), ptu),
  },
  {
    code: 'GTW-015',
    fault: 'token-limit-above-the-pool',
    at: 'gateway.api.tokenLimit.tokensPerMinute',
    says: /130000 tokens/,
    given: ({ document }) => {
      document.gateway.api.tokenLimit = { tokensPerMinute: 200_000 }
    },
  },
  {
    code: 'GTW-016',
    fault: 'limit-that-every-unit-counts-apart',
    at: 'gateway.api.rateLimit',
    given: ({ document }) => {
      document.gateway.api.rateLimit = { calls: 100, windowSeconds: 60 }
    },
  },
  {
    code: 'GTW-017',
    fault: 'event-hub-not-in-the-settings',
    at: 'gateway.api.logTo',
    given: (world) =>
      keepResources(world, () => {
        world.surroundings.eventHub = undefined
      }),
  },
  {
    code: 'GTW-018',
    fault: 'provisioned-in-no-pool',
    at: 'foundry.accounts[1].deployments',
    says: /idle/,
    given: ({ document }) =>
      void document.foundry.accounts[1]?.deployments.push({
        name: 'idle',
        model: 'gpt-4o',
        version: '2024-11-20',
        format: 'OpenAI',
        ...ptu,
      }),
  },
]

export const gatewayHarmless: Harmless[] = [
  {
    code: 'GTW-011',
    because: 'nobody moves shares where balancing is off',
    given: (world) => {
      bounds(world, [50, 50], [50, 50])
      pool(world).balance.mode = 'off'
    },
  },
  {
    code: 'GTW-012',
    because: 'one member finds its own responses',
    given: (world) => {
      world.document.gateway.api.responses = 'stateless'
      pool(world).members.pop()
    },
  },
  {
    code: 'GTW-014',
    because: 'pay-as-you-go behind provisioned is what a fallback is',
    given: (world) => {
      Object.assign(deployment(world, 0), ptu)
      const [, second] = pool(world).members
      if (second) second.priority = 2
    },
  },
  {
    code: 'GTW-004',
    because: 'what an account of somebody else has, the document does not say',
    given: (world) =>
      keepResources(world, () => {
        const [, second] = world.document.foundry.accounts
        if (second) Object.assign(second, { existing: true, deployments: [] })
      }),
  },
]
