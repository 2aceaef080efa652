import * as z from 'zod'
import { accountName, apimName, apiPath, deploymentName, email, poolName } from './words.ts'

/** The gateway's part of a document: the service, its API, and the pools that calls are spread over. */

const Member = z.strictObject({
  account: accountName,
  /** Lower is preferred; the next group is used only while every member of this one is out. As in Azure's samples, 1 comes first. */
  priority: z.int().min(0).max(100).default(1),
  /** Percent of its priority group's traffic within which the rebalancer may move it; 1 at least, so that it can earn its way back. */
  bounds: z.tuple([z.number().min(1).max(100), z.number().min(1).max(100)]).optional(),
  /** Share at birth, beside the others of its group; without, proportional to capacity. */
  weight: z.int().min(1).max(100).optional(),
})

const Pool = z.strictObject({
  name: poolName,
  /** The one name that every member's deployment has: a pool forwards the same path to each. */
  deployment: deploymentName,
  members: z.array(Member).min(1).max(30),
  /** Shadow decides and writes nothing: the first weeks show what it would have done. */
  balance: z
    .strictObject({ mode: z.enum(['off', 'shadow', 'auto']).default('shadow') })
    .default({ mode: 'shadow' }),
})

const Api = z.strictObject({
  /** SDKs of OpenAI append to a base that ends in `openai`. */
  path: apiPath.default('openai'),
  /** A stored response lives on one account: sticky gives stateful Responses calls a pool of their own, with affinity. */
  responses: z.enum(['stateless', 'sticky']).default('stateless'),
  /** The event hub is the one in the app's settings; one event per backend attempt costs, so it is off until asked for. */
  logTo: z.enum(['none', 'eventHub']).default('none'),
  /** Per subscription and gateway unit. */
  tokenLimit: z.strictObject({ tokensPerMinute: z.int().min(1).max(100_000_000) }).optional(),
  /** Per subscription and gateway unit; API Management counts in windows of at most 300 seconds. */
  rateLimit: z
    .strictObject({
      calls: z.int().min(1).max(1_000_000),
      windowSeconds: z.int().min(1).max(300),
    })
    .optional(),
})

export const Gateway = z.strictObject({
  apim: z.strictObject({
    name: apimName,
    /** Only these two can be injected into a virtual network in internal mode (azure-facts 3.2). */
    sku: z.enum(['Developer', 'Premium']),
    /** Scale units; Developer has exactly one. */
    units: z.int().min(1).max(31).default(1),
    publisher: z.strictObject({ name: z.string().min(1).max(100), email: email }),
  }),
  api: Api.prefault({}),
  pools: z.array(Pool).max(20).default([]),
})
