/** What a policy document of the gateway is made of. Two forms, as in the lab this service grew from. */

interface PolicyBase {
  /** Backend id of the pool that takes what no route names. */
  pool: string
  /** Further pools, chosen by the deployment a call names (in its path, else `model` in its body). */
  routes?: { deployment: string; pool: string }[]
  /** Backend id of the pool with session affinity that takes the Responses API, where `responses: sticky`. */
  stickyPool?: string
  /** How often backends are called for one request at most, the first time included. */
  tries: 2 | 3 | 4 | 5
  /** How long one try may wait for the head of an answer. */
  timeoutSeconds: number
  /** What a caller is told to wait when no backend said how long. */
  retryAfterSeconds: number
  /** Resource of the token with which API Management's identity calls the models. */
  audience: string
  headers: { region: string; retries: string }
  /** Present: callers come with an Entra token instead of a subscription key. */
  admits?: Admission
}

/** Whose tokens open an API that asks for no subscription. */
export type Admission = { tenantId: string; audience: string } & (
  | { caller: 'probe'; clientId: string }
  /** ARM ids of projects, whose own identities call for their agents (azure-facts 5.4). */
  | { caller: 'agents'; projects: string[] }
)

export interface SimplePolicy extends PolicyBase {
  form: 'simple'
}

export interface FullPolicy extends PolicyBase {
  form: 'full'
  requestIdHeader: string
  /** Per subscription and gateway unit; a window is at most 300 seconds. */
  rateLimit?: { calls: number; windowSeconds: number }
  /** Per subscription. */
  tokenLimit?: { tokensPerMinute: number }
  /** Id of the Event Hub logger that is told of every backend attempt. */
  logger?: string
  /** Namespace of the token metrics in Application Insights. */
  tokenMetrics?: string
}

export type PolicySpec = SimplePolicy | FullPolicy

/** The settings of the failover contract; each with its reason in docs/gateway.md. */
export const usualPolicy = {
  tries: 3,
  timeoutSeconds: 240,
  retryAfterSeconds: 10,
  audience: 'https://cognitiveservices.azure.com',
  headers: { region: 'x-backend-region', retries: 'x-backend-retry' },
} satisfies Partial<PolicyBase>

export const usualRequestIdHeader = 'x-apim-request-id'
