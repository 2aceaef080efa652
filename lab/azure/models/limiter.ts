import type { Clock } from '../clock.ts'
import type { Draw } from '../draw.ts'

const MINUTE_MS = 60_000
const REQUEST_WINDOW_MS = 10_000

/** What a deployment may take in a minute. */
export type Limits = { tokensPerMinute: number; requestsPerMinute: number }

export type Verdict = {
  exceeded?: 'token rate limit' | 'call rate limit'
  retryAfterMs: number
  headers: Record<string, string>
}

type Counter = { window: number; used: number }
type Counters = { phaseMs: number; tokens: Counter; requests: Counter }

/**
 * Tokens by the minute, requests by ten seconds (azure-facts 11), each deployment with windows of its own. What is refused counts too.
 * Kept in memory only: a new process begins with empty counters, as a minute later everybody does.
 */
export function createLimiter(clock: Clock, draw: Draw) {
  const deployments = new Map<string, Counters>()

  /** `estimate`: prompt and the most that may be generated. */
  function admit(id: string, { tokensPerMinute, requestsPerMinute }: Limits, estimate: number): Verdict {
    const counters = deployments.get(id) ?? started(draw.fraction('rate window', id) * MINUTE_MS)
    deployments.set(id, counters)
    const at = clock.now() + counters.phaseMs
    // Too few for a share of ten seconds: counted by the whole minute.
    const requestWindowMs = requestsPerMinute < 6 ? MINUTE_MS : REQUEST_WINDOW_MS
    const mostRequests = Math.floor((requestsPerMinute * requestWindowMs) / MINUTE_MS)
    const requests = counted(counters.requests, Math.floor(at / requestWindowMs), 1)
    const tokens = counted(counters.tokens, Math.floor(at / MINUTE_MS), estimate)
    const resetRequestsMs = requestWindowMs - (at % requestWindowMs)
    const resetTokensMs = MINUTE_MS - (at % MINUTE_MS)
    const exceeded =
      tokens > tokensPerMinute ? 'token rate limit' : requests > mostRequests ? 'call rate limit' : undefined
    return {
      ...(exceeded ? { exceeded } : {}),
      retryAfterMs: Math.ceil(exceeded === 'token rate limit' ? resetTokensMs : resetRequestsMs),
      headers: {
        'x-ratelimit-limit-requests': String(mostRequests),
        'x-ratelimit-limit-tokens': String(Math.floor(tokensPerMinute)),
        'x-ratelimit-remaining-requests': String(Math.max(0, mostRequests - requests)),
        'x-ratelimit-remaining-tokens': String(Math.max(0, Math.floor(tokensPerMinute - tokens))),
        'x-ratelimit-reset-requests': String(Math.ceil(resetRequestsMs / 1000)),
        'x-ratelimit-reset-tokens': String(Math.ceil(resetTokensMs / 1000)),
      },
    }
  }

  return { admit }
}

const started = (phaseMs: number): Counters => ({
  phaseMs,
  tokens: { window: 0, used: 0 },
  requests: { window: 0, used: 0 },
})

function counted(counter: Counter, window: number, more: number): number {
  if (counter.window !== window) {
    counter.window = window
    counter.used = 0
  }
  counter.used += more
  return counter.used
}
