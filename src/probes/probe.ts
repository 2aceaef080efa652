import type { Reason } from './reason.ts'

/**
 * A probe is one question to the running environment, with the answer it must get. It is derived from the document (`derive.ts`), asked
 * once by one function (`modules/`), judged by nobody but that function, and never asked twice in a round: one must know what was tested.
 */

/** From the outside in; a failure in one layer explains the failures behind it. */
export const layers = ['control', 'dns', 'tcp', 'tls', 'token', 'gateway', 'role', 'model', 'agent'] as const
export type Layer = (typeof layers)[number]

/** How often: the network costs nothing, a model call costs tokens, an agent run costs minutes (the document's `probes`). */
export type Beat = 'network' | 'models' | 'agents'

/** Whose token a call carries: the app's own identity, the canary with the roles of a caller, the canary without any. */
export type Identity = 'app' | 'probe' | 'nobody'

/** What a call must come to. `refused`: this very status, by this very layer; anything else is no proof. */
export type Expectation = 'works' | 'fails'

/** What each module is asked, by its name. Hosts and ids come from the document alone. */
export interface Targets {
  /** The name resolves, and every address lies in `within` (must work) or none does and nothing answers (must fail). */
  dns: { host: string; within: string[]; through?: string }
  /** The zone's record says what the resolver answers. `record`: ARM id of the record set. */
  record: { host: string; record: string }
  /** A connection is accepted. */
  tcp: { host: string; port: number; within: string[] }
  /** The chain is trusted, the name is the host's, and it holds for another `daysLeft` days at least. */
  tls: { host: string; port: number; within: string[]; daysLeft: number }
  /** GET of a page that says the service is up. */
  page: { url: string; within: string[]; statuses: number[] }
  token: { as: Identity; audience: string }
  /** One model call; `stream` measures the first token too. */
  chat: ModelCall & { stream: boolean }
  responses: ModelCall
  embeddings: ModelCall
  /** A call that must be turned away: by `statuses`, and not by another layer. */
  denied: {
    url: string
    method: 'GET' | 'POST'
    within: string[]
    as?: Identity
    audience?: string
    body?: object
    headers?: Record<string, string>
    statuses: number[]
  }
  /** GET or POST with a token, of a data service or a project: a 2xx proves the role and the path. */
  call: {
    url: string
    method: 'GET' | 'POST'
    within: string[]
    as: Identity
    audience: string
    body?: object
    headers?: Record<string, string>
    /** Statuses that prove it like a 2xx: whoever is told that there is no such index was let in. */
    statuses?: number[]
    /** Names that must be among `value[].name` or `data[].name` of the answer. */
    lists?: string[]
    /** What a refusal means: `Search Index Data Contributor at contoso-search`. */
    role?: string
  }
  /** Create, run, delete; the deletion always, and what earlier runs left behind too. */
  agent: { endpoint: string; within: string[]; as: Identity; audience: string; model: string }
  /** A fact of the control plane: the resource is as described, as far as these paths go (all of it when none). */
  fact: { resource: string; paths?: string[] }
  /** Calls of the last minutes by member, against the weights in force. `pool`: its resource key; `backend`: the backend's name. */
  distribution: { pool: string; members: { backend: string; accountId: string; deployment: string }[] }
  /** Events came to the hub in the last `minutes`, where the gateway had calls to tell of. */
  arrivals: { hubId: string; apimId: string; minutes: number }
  /** What the deployed policy promises to a caller, tried by GETs that cost nothing. `url`: a read of the API, `https://…/probe/openai/v1/models`. */
  policy: { url: string; within: string[]; as: Identity; audience: string; promises: PolicyPromise[] }
  /** What the playground's browser calls, in its order. */
  portal: {
    calls: { url: string; method: 'GET' | 'POST'; audience: string; body?: object }[]
    within: string[]
    as: Identity
  }
}

export interface ModelCall {
  url: string
  within: string[]
  as: Identity
  audience: string
  model: string
  /** Of the answer; 16 is the least the Responses API takes. */
  maxTokens: number
  /** What a refusal means, where the answer does not name it: `Cognitive Services OpenAI User at contoso-eus`. */
  role?: string
  /** First token (without streaming: first byte) later than this is a failure; default 15 s. */
  slowAfterMs?: number
}

export type PolicyPromise =
  | 'turns away without a token'
  | 'says the region'
  | 'counts the retries'
  | 'knows its operations'

export type ModuleName = keyof Targets

/** One probe. `Probe` of any module is a union over the modules, so that `module` tells the type of `target`. */
export type Probe = { [Name in ModuleName]: ProbeOf<Name> }[ModuleName]

export interface ProbeOf<Name extends ModuleName> {
  /** Stable and readable, unique in the environment: `tcp/contoso-eus.openai.azure.com:443`. */
  id: string
  /** For people: what is proven when it holds. */
  title: string
  module: Name
  target: Targets[Name]
  layer: Layer
  expect: Expectation
  /** `internet`: cannot be asked from inside; `ops probe --vantage internet` asks it. */
  vantage: 'inside' | 'internet'
  beat: Beat
  /** Ids of probes without which this one can say nothing. */
  needs: string[]
  /** Keys of the resources whose being proven this probe is (part of) the evidence for. */
  proves: string[]
  /** Keys of the resources a failure may come from, likeliest first; the explanation looks at these. */
  suspects: string[]
  /** Of whose service level it counts: what a person would say does not work. */
  journey?: 'chat through the gateway' | 'models directly' | 'agents' | 'data' | 'isolation'
  /** Calls under one limit share a queue: a slow host delays its own probes and nobody else's. */
  limit: string
  /** What one run costs, for the budget. */
  cost?: { model: string; promptTokens: number; completionTokens: number }
}

/** What happened, phase by phase, and what was said on the way. Nothing of a body beyond what the verdict needs; no token ever. */
export interface Evidence {
  phases: {
    name: 'lookup' | 'connect' | 'tls' | 'token' | 'first byte' | 'first token' | 'rest' | 'arm' | 'work'
    ms: number
  }[]
  trace: string[]
  /** The other side's id of the call, for their support. */
  requestId?: string
}

/** `inconclusive`: neither proven nor disproven (a 400 says nothing of a role). `reason` for machines, `why` for people. */
export type Verdict = Evidence & {
  result: 'pass' | 'fail' | 'inconclusive'
  reason: Reason
  why: string
  /** The layer in which it stopped, where the call came further or less far than the probe's own. */
  stoppedIn?: Layer
}
