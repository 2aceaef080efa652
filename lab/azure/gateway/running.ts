import type { Resource } from '../arm/kind.ts'
import type { DataCall } from '../data/call.ts'
import type { Configuration } from './configuration.ts'
import type { Value } from './expressions/values.ts'
import type { GatewayWorld } from './gateway-world.ts'
import type { Unit } from './unit.ts'

/** One call on its way through a unit: what policies read and change. */
export type Running = {
  readonly call: DataCall
  readonly world: GatewayWorld
  readonly unit: Unit
  readonly configuration: Configuration
  readonly api: Resource
  readonly operation: Resource
  readonly parameters: Record<string, string>
  readonly subscription: Resource | null
  readonly product: Resource | null
  readonly requestId: string
  readonly request: Request
  response: Response | null
  readonly variables: Map<string, Value>
  /** Virtual: what backends took, and what retries waited. */
  elapsedMs: number
  /** Where a forward-request goes; undefined: to the API's own serviceUrl. */
  target: { backendId: string } | { baseUrl: string } | undefined
  /** The member that took the last try. */
  backend: Resource | null
  readonly attempts: Attempt[]
  /** An answer has been decided upon: nothing more is executed. */
  isEnded: boolean
  /** The element that is executed, for `context.LastError`. */
  here: { Source: string; Scope: string; Section: string }
  lastError: Record<string, string> | null
  /** Some expression of these documents reads the response's body. */
  readonly readsResponseBody: boolean
  /** What llm-emit-token-metric would tell of, by namespace. */
  readonly metrics: { namespace: string; dimensions: Record<string, string> }[]
  /** What token limits want to know once the answer is there, and headers they promised. */
  readonly afterwards: ((tokens: TokenUse) => void)[]
  readonly promisedHeaders: (() => [name: string, value: string])[]
}

/** `body` null: none, or read away. */
export type Message = {
  headers: Record<string, string>
  body: string | AsyncIterable<string> | null
  isRead: boolean
}

export type Request = Message & {
  body: string | null
  method: string
  /** What follows the API's own path. */
  path: string
  /** Without the question mark. */
  query: string
  /** The whole address; that of the backend once it is known. */
  url: string
}

export type Response = Message & { status: number; reason: string }

export type Attempt = { backendId: string; status: number | null; tookMs: number }

export type TokenUse = { prompt: number; completion: number; isEstimate: boolean }

/** One element of a policy document, ready to run. Nothing to wait for: no promise. */
export type Step = (run: Running) => void | Promise<void>

/** One after the other, until an answer has been decided upon. */
export function sequence(steps: Step[]): Step {
  const [only, ...more] = steps
  if (only && more.length === 0) return only
  return (run) => from(0, steps, run)
}

function from(first: number, steps: Step[], run: Running): void | Promise<void> {
  for (let at = first; at < steps.length && !run.isEnded; at++) {
    const going = steps[at]?.(run)
    if (going) return going.then(() => from(at + 1, steps, run))
  }
}

export const newResponse = (status: number): Response => ({
  status,
  reason: '',
  headers: {},
  body: '',
  isRead: false,
})

/** Nobody will read this body any more: whoever makes it may stop. */
export async function abandon(message: Message | null): Promise<void> {
  if (message?.body && typeof message.body !== 'string') await message.body[Symbol.asyncIterator]().return?.()
}
