import fc from 'fast-check'
import { parse } from '../../src/environment/parse.ts'
import type { Document } from '../../src/environment/schema.ts'
import type { Surroundings } from '../../src/environment/surroundings.ts'
import { everything } from '../environment/reference.ts'

/** Documents of every shape that the reader takes, and installations that have more or less. */

const models = ['gpt-4o', 'gpt-5-mini', 'text-embedding-3-large', 'whisper', 'made-by-nobody']
const skus = ['GlobalStandard', 'ProvisionedManaged', 'GlobalBatch']

const deployment = fc.record({
  model: fc.constantFrom(...models),
  sku: fc.constantFrom(...skus),
  format: fc.constantFrom('OpenAI', 'Meta'),
})

const account = fc.record({
  existing: fc.boolean(),
  project: fc.boolean(),
  deployments: fc.uniqueArray(deployment, { maxLength: 3, selector: ({ model }) => model }),
})

const service = fc.constantFrom('none', 'ours', 'theirs')
const choices = fc.record({
  accounts: fc.array(account, { maxLength: 3 }),
  agents: fc.boolean(),
  agentsNetwork: fc.boolean(),
  services: fc.tuple(service, service, service, service),
  sticky: fc.boolean(),
  logs: fc.boolean(),
  people: fc.boolean(),
})

export const documents: fc.Arbitrary<Document> = choices
  .map((chosen) => parse(JSON.stringify(written(chosen)), 'contoso'))
  .filter((read) => !('faults' in read))
  .map((read) => {
    if ('faults' in read) throw new Error('filtered')
    return read.document
  })

type Chosen = typeof choices extends fc.Arbitrary<infer Value> ? Value : never

function written(chosen: Chosen) {
  const names = ['storage', 'search', 'cosmos', 'keyVault']
  const accounts = chosen.accounts.map(({ existing, project, deployments }, index) => ({
    name: `acc-${index}`,
    location: 'eastus',
    ...(existing ? { existing: true } : {}),
    ...(project ? { project: 'main' } : {}),
    ...(chosen.agents && chosen.agentsNetwork && index === 0 && project && !existing ? { agents: true } : {}),
    deployments: deployments.map((one) => ({ ...one, version: '1', capacity: 50 })),
  }))
  const pooled = [...new Set(accounts.flatMap(({ deployments }) => deployments.map(({ model }) => model)))]
  return {
    name: 'contoso',
    location: 'eastus',
    resourceGroup: 'rg',
    network: {
      vnet: { existing: 'vnet' },
      subnets: { apim: '192.168.1.0/27', privateEndpoints: '192.168.2.0/26' },
      ...(chosen.agentsNetwork
        ? { agents: { block: '192.168.4.0/23', subnet: '192.168.4.0/24', ops: { existing: 'snet-ops' } } }
        : {}),
    },
    gateway: {
      apim: { name: 'apim', sku: 'Developer', publisher: { name: 'C', email: 'a@b.example' } },
      api: {
        responses: chosen.sticky && pooled.length > 0 ? 'sticky' : 'stateless',
        logTo: chosen.logs ? 'eventHub' : 'none',
      },
      pools: pooled.map((model) => ({
        name: model,
        deployment: model,
        members: accounts
          .filter(({ deployments }) => deployments.some((one) => one.model === model))
          .map(({ name }) => ({ account: name, weight: 50 })),
        balance: { mode: 'off' },
      })),
    },
    foundry: { accounts },
    data: Object.fromEntries(
      chosen.services.flatMap((whose, index) => {
        const name = `contoso${index}`
        return whose === 'none'
          ? []
          : [[names[index] ?? '', whose === 'ours' ? name : { existing: true, name }]]
      }),
    ),
    access: chosen.people
      ? [{ principal: '6f1d2c3b-0a49-4e58-8c67-9d8e7f605142', type: 'User', as: 'responsesUser' }]
      : [],
  }
}

const optional = <Value>(value: Value) => fc.constantFrom(value, undefined)

export const installations: fc.Arbitrary<Surroundings> = fc
  .record({
    tenantId: optional(everything.tenantId),
    workspaceId: optional(everything.workspaceId),
    actionGroupId: optional(everything.actionGroupId),
    probeIdentities: optional(everything.probeIdentities),
    cloud: fc.constantFrom('AzureCloud', 'AzureUSGovernment', 'AzureChinaCloud'),
  })
  .map((some) => ({
    ...everything,
    ...some,
    gatewaySuffix: {
      AzureCloud: 'azure-api.net',
      AzureUSGovernment: 'azure-api.us',
      AzureChinaCloud: 'azure-api.cn',
    }[some.cloud],
  }))
