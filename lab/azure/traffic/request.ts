import { z } from 'zod'

const Synthetic = z.strictObject({
  synthetic: z.enum(['conversation', 'code']),
  minutes: z
    .number()
    .positive()
    .max(24 * 60),
  seed: z.int().default(1),
})

/** What clients are to do. */
export const Start = z.strictObject({
  name: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional(),
  /** The API Management service. */
  gateway: z.string().regex(/^[\w-]+$/),
  /** A subscription's name, or a key; without it the first active subscription. */
  key: z.string().min(1).optional(),
  /** The path of an API of the gateway; without it the first that demands a subscription. */
  api: z.string().min(1).optional(),
  deployment: z.string().min(1),
  /** A CSV as of AzurePublicDataset (`TIMESTAMP,ContextTokens,GeneratedTokens`) by its path on this machine, or one that is made up. */
  trace: z.union([z.string().min(1), Synthetic]),
  /** Of the trace's rate. Below 1 calls are left out, above 1 some are made several times, a few seconds apart. */
  scale: z.number().positive().max(100).default(1),
  /** What a call says it wants at most: what the trace's answer took, a number, or nothing. */
  maxTokens: z.union([z.literal('generated'), z.literal('unsaid'), z.int().positive()]).default('generated'),
  /** So many play the trace at once, each for itself. */
  clients: z.int().min(1).max(100).default(1),
  /** How often a client tries again; 2 is the SDK's own. */
  retries: z.int().min(0).max(10).default(2),
  /** Which share of the calls is streamed. */
  stream: z.number().min(0).max(1).default(0),
  /** The subnet they stand in, or `internet`; without it where the app stands. */
  from: z.string().min(1).optional(),
})

export const TrafficRequest = z.union([
  z.strictObject({ start: Start }),
  z.strictObject({ stop: z.string().min(1) }),
])

export type Start = z.infer<typeof Start>
export type TrafficRequest = z.infer<typeof TrafficRequest>
