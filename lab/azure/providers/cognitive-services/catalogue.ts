import { regionCode } from '../../regions.ts'

/** What a unit of capacity is worth: azure-facts 11. */
export type Ratio = { tokensPerUnit: number; requestsPerUnit: number }

export type Model = {
  format: string
  name: string
  version: string
  isDefault: boolean
  /** Sku → the most that a region's quota allows, in units. */
  skus: Record<string, number>
  ratio: Ratio
  /** The day its inference ends; `soon`: the first of the month after next. */
  retires: string
  capabilities: Record<string, string>
  /** PTU: least, step. */
  provisioned?: Record<string, { minimum: number; scaleUnit: number }>
  regions?: string[]
}

const CHAT: Ratio = { tokensPerUnit: 1000, requestsPerUnit: 6 }
const REASONING: Ratio = { tokensPerUnit: 1000, requestsPerUnit: 1 }
const chat = { chatCompletion: 'true', responses: 'true', assistants: 'true' }

/** A small catalogue: enough to have a default, an older and a retired version, PTUs, and regions that lack things. */
const CATALOGUE: Model[] = [
  {
    format: 'OpenAI',
    name: 'gpt-4o',
    version: '2024-11-20',
    isDefault: true,
    skus: {
      Standard: 150,
      GlobalStandard: 450,
      DataZoneStandard: 300,
      GlobalBatch: 5000,
      ProvisionedManaged: 200,
      GlobalProvisionedManaged: 200,
      DataZoneProvisionedManaged: 200,
    },
    ratio: CHAT,
    retires: '2031-10-01',
    capabilities: chat,
    provisioned: {
      ProvisionedManaged: { minimum: 50, scaleUnit: 50 },
      GlobalProvisionedManaged: { minimum: 15, scaleUnit: 5 },
      DataZoneProvisionedManaged: { minimum: 15, scaleUnit: 5 },
    },
  },
  {
    format: 'OpenAI',
    name: 'gpt-4o',
    version: '2024-08-06',
    isDefault: false,
    skus: { Standard: 150, GlobalStandard: 450 },
    ratio: CHAT,
    retires: 'soon',
    capabilities: chat,
  },
  {
    format: 'OpenAI',
    name: 'gpt-4o-mini',
    version: '2024-07-18',
    isDefault: true,
    skus: {
      Standard: 450,
      GlobalStandard: 2000,
      DataZoneStandard: 1000,
      ProvisionedManaged: 200,
      GlobalProvisionedManaged: 200,
    },
    ratio: CHAT,
    retires: '2031-10-01',
    capabilities: chat,
    provisioned: {
      ProvisionedManaged: { minimum: 25, scaleUnit: 25 },
      GlobalProvisionedManaged: { minimum: 15, scaleUnit: 5 },
    },
  },
  {
    format: 'OpenAI',
    name: 'gpt-4.1',
    version: '2025-04-14',
    isDefault: true,
    skus: { GlobalStandard: 1000, DataZoneStandard: 300, GlobalProvisionedManaged: 300 },
    ratio: CHAT,
    retires: '2031-04-14',
    capabilities: chat,
    provisioned: { GlobalProvisionedManaged: { minimum: 15, scaleUnit: 5 } },
  },
  {
    format: 'OpenAI',
    name: 'o4-mini',
    version: '2025-04-16',
    isDefault: true,
    skus: { GlobalStandard: 1000, DataZoneStandard: 300 },
    ratio: REASONING,
    retires: '2031-04-16',
    capabilities: chat,
    regions: ['eastus', 'eastus2', 'swedencentral', 'westus3'],
  },
  {
    format: 'OpenAI',
    name: 'text-embedding-3-large',
    version: '1',
    isDefault: true,
    skus: { Standard: 350, GlobalStandard: 1000 },
    ratio: CHAT,
    retires: '2031-04-15',
    capabilities: { embeddings: 'true' },
  },
  {
    format: 'OpenAI',
    name: 'gpt-35-turbo',
    version: '0613',
    isDefault: true,
    skus: { Standard: 300 },
    ratio: CHAT,
    retires: '2025-02-13',
    capabilities: { chatCompletion: 'true' },
  },
  {
    format: 'DeepSeek',
    name: 'DeepSeek-R1',
    version: '1',
    isDefault: true,
    skus: { GlobalStandard: 100 },
    ratio: REASONING,
    retires: '2031-01-01',
    capabilities: { chatCompletion: 'true' },
  },
]

/** Regions where this subscription has other quota than the catalogue's: `name sku` → units. */
const QUOTAS: Record<string, Record<string, number>> = {
  northcentralus: { 'gpt-4o Standard': 30 },
  westeurope: { 'gpt-4o GlobalProvisionedManaged': 0 },
}

/** Regions without Foundry models. */
const WITHOUT = ['southindia', 'polandcentral']

export const modelsIn = (location: string): Model[] =>
  WITHOUT.includes(regionCode(location))
    ? []
    : CATALOGUE.filter(({ regions }) => !regions || regions.includes(regionCode(location)))

export const quotaFor = (location: string, name: string, sku: string): number =>
  QUOTAS[regionCode(location)]?.[`${name} ${sku}`] ??
  modelsIn(location).find((model) => model.name === name && sku in model.skus)?.skus[sku] ??
  0

export const retirementOf = ({ retires }: Model, now: number): number => {
  if (retires !== 'soon') return Date.parse(retires)
  const today = new Date(now)
  return Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 2, 1)
}
