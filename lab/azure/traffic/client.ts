import {
  Broken,
  type DataAnswer,
  type DataCall,
  isUnreached,
  type Send,
  type Unreached,
  type Vantage,
} from '../data/call.ts'
import type { Address } from './address.ts'
import type { Arrival } from './arrivals.ts'
import type { Start } from './request.ts'
import { BROKEN_OFF, type Heard } from './retry.ts'

/** What a client hears, how long it took on the virtual clock, and what the answer says it took. */
export type Outcome = { heard: Heard; tookMs: number; promptTokens: number; completionTokens: number }

/** How the official client waits: for an answer ten minutes, for a connection ten seconds (undici's). */
const ANSWER_TIMEOUT_MS = 600_000
const CONNECT_TIMEOUT_MS = 10_000

const WORDS =
  'the gateway passes on what a client asks and a model says in so many words as it was told to say and no more '
let stock = WORDS
/** A prompt of so many tokens, as the lab's models count them: four letters each. */
function promptOf(tokens: number): string {
  while (stock.length < tokens * 4) stock += stock
  return stock.slice(0, tokens * 4)
}

/** What a call says, and how long the answer to it is to be. */
export type Said = { text: string; answerTokens: number }

export function saidOf(
  { contextTokens, generatedTokens, isStreamed }: Arrival,
  { deployment, maxTokens }: Start,
): Said {
  const answerTokens = Math.max(1, generatedTokens)
  const most = maxTokens === 'generated' ? answerTokens : maxTokens
  const rest = JSON.stringify({
    model: deployment,
    ...(most === 'unsaid' ? {} : { max_tokens: most }),
    ...(isStreamed ? { stream: true, stream_options: { include_usage: true } } : {}),
  })
  // Put together by hand: a prompt has nothing to escape, and there are tens of thousands.
  const messages = `[{"role":"user","content":"${promptOf(Math.max(1, contextTokens))}"}]`
  return { text: `{"messages":${messages},${rest.slice(1)}`, answerTokens }
}

export const callOf = (
  { text, answerTokens }: Said,
  { host, path, headers }: Address,
  retried: number,
): DataCall => ({
  method: 'POST',
  host,
  path,
  headers: {
    ...headers,
    'x-stainless-retry-count': String(retried),
    'x-lab-completion-tokens': String(answerTokens),
  },
  body: text,
  gone: staying,
  journalled: false,
})

/** These clients never hang up. */
const staying = new AbortController().signal

/** One try, its body read to the end. */
export async function tried(call: DataCall, from: Vantage, send: Send): Promise<Outcome> {
  const result = await send(call, from)
  if (isUnreached(result)) return unreached(result)
  if (result.tookMs > ANSWER_TIMEOUT_MS) return troubled('timeout', ANSWER_TIMEOUT_MS)
  const text = await lastOf(result.body)
  if (text === undefined) return troubled(BROKEN_OFF, result.tookMs)
  const { status, headers, tookMs } = result
  const isWhole = status < 300
  return {
    heard: { status, headers },
    tookMs,
    promptTokens: isWhole ? countAfter(text, '"prompt_tokens":') : 0,
    completionTokens: isWhole ? countAfter(text, '"completion_tokens":') : 0,
  }
}

const nothing = { promptTokens: 0, completionTokens: 0 }
const troubled = (trouble: string, tookMs: number): Outcome => ({ ...nothing, heard: { trouble }, tookMs })
const unreached = ({ unreached: trouble }: Unreached) =>
  troubled(trouble, trouble === 'ETIMEDOUT' ? CONNECT_TIMEOUT_MS : 0)

/** All of a text; of a stream the last chunk that speaks of usage; undefined when it broke off. */
async function lastOf(body: DataAnswer['body']): Promise<string | undefined> {
  if (typeof body === 'string') return body
  let last = ''
  try {
    for await (const chunk of body) if (chunk.includes('"prompt_tokens"')) last = chunk
  } catch (error) {
    if (error instanceof Broken) return undefined
    throw error
  }
  return last
}

function countAfter(text: string, label: string): number {
  const at = text.lastIndexOf(label)
  return at < 0 ? 0 : Number.parseInt(text.slice(at + label.length, at + label.length + 12), 10)
}
