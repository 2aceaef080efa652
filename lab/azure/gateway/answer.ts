import type { DataAnswer, DataCall } from '../data/call.ts'
import type { Attempt, Running, TokenUse } from './running.ts'
import type { Served } from './serve.ts'
import { counted, reportedUse } from './token-use.ts'

/** Of each answer, for those who count: metrics, the log. */
export type Answered = {
  serviceId: string
  call: DataCall
  requestId: string | undefined
  /** Undefined: no operation was found. */
  apiId: string | undefined
  operationId: string | undefined
  /** ARM ids. */
  subscriptionId: string | undefined
  productId: string | undefined
  /** `context.LastError`. */
  error: Running['lastError']
  status: number
  /** Of the last try; null: there was none, or no response. */
  backendStatus: number | null
  tookMs: number
  atMs: number
  unit: number
  attempts: Attempt[]
  tokens?: TokenUse
  /** What llm-emit-token-metric was to tell. */
  metrics: Running['metrics']
}

type Listener = ((answered: Answered) => void) | undefined

/** The response as it goes to the caller; who waits for its tokens is told when they are known. */
export function answerOf(served: Served, onAnswered: Listener): DataAnswer {
  const { response, run, call } = served
  const { status, headers, body } = response
  const tookMs = run?.elapsedMs ?? 0
  const done = (use: TokenUse | undefined) => {
    if (use) for (const hear of run?.afterwards ?? []) hear(use)
    onAnswered?.(toldOf(served, use))
  }
  const fromBackend = run !== undefined && run.attempts.length > 0
  if (body !== null && typeof body !== 'string')
    return { status, headers: withPromised(headers, run), tookMs, body: counted(body, call.body, done) }
  const wanted = fromBackend && (run.afterwards.length > 0 || onAnswered !== undefined)
  done(wanted ? reportedUse(body ?? '') : undefined)
  return { status, headers: withPromised(headers, run), tookMs, body: body ?? '' }
}

function withPromised(headers: Record<string, string>, run: Running | undefined): Record<string, string> {
  for (const promised of run?.promisedHeaders ?? []) {
    const [name, value] = promised()
    headers[name] = value
  }
  return headers
}

function toldOf({ call, unit, atMs, response, run }: Served, tokens: TokenUse | undefined): Answered {
  return {
    serviceId: unit.known.service.id,
    call,
    requestId: run?.requestId,
    apiId: run?.api.id,
    operationId: run?.operation.id,
    subscriptionId: run?.subscription?.id,
    productId: run?.product?.id,
    error: run?.lastError ?? null,
    status: response.status,
    backendStatus: run?.attempts.at(-1)?.status ?? null,
    tookMs: run?.elapsedMs ?? 0,
    atMs,
    unit: unit.number,
    attempts: run?.attempts ?? [],
    metrics: run?.metrics ?? [],
    ...(tokens ? { tokens } : {}),
  }
}
