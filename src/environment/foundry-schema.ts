import * as z from 'zod'
import {
  accountName,
  cosmosName,
  deploymentName,
  keyVaultName,
  location,
  modelName,
  modelVersion,
  projectName,
  searchName,
  storageName,
} from './words.ts'

/** The models' part of a document: Foundry accounts and the data services of their agents. */

/** Tiers that sell throughput by the unit; the others count thousands of tokens per minute. */
export const provisionedSkus = [
  'ProvisionedManaged',
  'GlobalProvisionedManaged',
  'DataZoneProvisionedManaged',
] as const
/** Tiers that answer within a day: of no use behind a gateway. */
export const batchSkus = ['GlobalBatch', 'DataZoneBatch'] as const

const Deployment = z
  .strictObject({
    /** What callers name; most call it as the model is called. */
    name: deploymentName.optional(),
    model: modelName,
    version: modelVersion,
    /** Publisher of the model, as Azure lists it. */
    format: z.string().min(1).max(64).default('OpenAI'),
    sku: z.enum(['Standard', 'GlobalStandard', 'DataZoneStandard', ...provisionedSkus, ...batchSkus]),
    /** Thousands of tokens per minute, or provisioned units. */
    capacity: z.int().min(1).max(1_000_000),
    /** Keeps the version where it is; without, Azure moves it on when it retires. */
    upgrade: z.literal('never').optional(),
  })
  .transform(({ name, ...rest }) => ({ name: name ?? rest.model, ...rest }))

const Account = z.strictObject({
  /** Somebody else's, with all that is in it: observed and probed, never written. */
  existing: z.literal(true).optional(),
  name: accountName,
  location,
  project: projectName.optional(),
  /** Runs agents in the agents' subnet, which takes one account only. */
  agents: z.boolean().default(false),
  deployments: z.array(Deployment).max(32).default([]),
})

export const Foundry = z.strictObject({ accounts: z.array(Account).max(30).default([]) })

const named = (name: typeof storageName) =>
  z.union([name, z.strictObject({ existing: z.literal(true), name })]).optional()

export const Data = z.strictObject({
  storage: named(storageName),
  search: named(searchName),
  cosmos: named(cosmosName),
  keyVault: named(keyVaultName),
})
