import { chanceOf } from './random.ts'
import { type LimiterKind, type Member, type Scenario, stateAt } from './scenario.ts'

/**
 * What a deployment admits: tokens (prompt and the most that may be generated) by one of two limiters, requests by ten-second windows. Which of the two
 * Azure has is not known, so both are played. Times are seconds.
 */
export interface Limiter {
  /** Tokens a minute, now. */
  capacity: number
  /** Of a bucket, how many seconds of capacity it holds; 0: a counter by the minute. */
  readonly depthSeconds: number
  readonly phaseSeconds: number
  readonly requestsPerWindow: number
  window: number
  used: number
  level: number
  settledAt: number
  requestWindow: number
  requests: number
}

const MINUTE = 60
const REQUEST_WINDOW = 10
const REQUESTS_PER_MINUTE_AND_TOKEN = 6 / 1000

export function limiterOf(
  { capacityTokensPerMinute, provisioned }: Member,
  kind: LimiterKind,
  phaseSeconds: number,
): Limiter {
  const depthSeconds = provisioned ? 20 : kind === 'minute' ? 0 : 10
  return {
    capacity: capacityTokensPerMinute,
    depthSeconds,
    phaseSeconds,
    requestsPerWindow: Math.max(
      1,
      (capacityTokensPerMinute * REQUESTS_PER_MINUTE_AND_TOKEN * REQUEST_WINDOW) / MINUTE,
    ),
    window: -1,
    used: 0,
    level: (capacityTokensPerMinute * depthSeconds) / MINUTE,
    settledAt: 0,
    requestWindow: -1,
    requests: 0,
  }
}

/** From now on it takes so many tokens a minute; what it has counted stays. */
export function resize(limiter: Limiter, now: number, capacity: number): void {
  settle(limiter, now)
  limiter.capacity = capacity
}

function settle(limiter: Limiter, now: number): void {
  const window = Math.floor((now + limiter.phaseSeconds) / MINUTE)
  if (limiter.window !== window) {
    limiter.window = window
    limiter.used = 0
  }
  const perSecond = limiter.capacity / MINUTE
  limiter.level = Math.min(
    perSecond * limiter.depthSeconds,
    limiter.level + perSecond * (now - limiter.settledAt),
  )
  limiter.settledAt = now
  const requestWindow = Math.floor((now + limiter.phaseSeconds) / REQUEST_WINDOW)
  if (limiter.requestWindow !== requestWindow) {
    limiter.requestWindow = requestWindow
    limiter.requests = 0
  }
}

/** 0: admitted. Else 429, with so many whole seconds of Retry-After. A counter counts what it refuses too (azure-facts 11); a bucket may go negative. */
export function ask(limiter: Limiter, now: number, cost: number): number {
  settle(limiter, now)
  limiter.requests += 1
  if (limiter.requests > limiter.requestsPerWindow) return untilNext(limiter, now, REQUEST_WINDOW)
  if (limiter.depthSeconds > 0) {
    if (limiter.level <= 0) return Math.floor((-limiter.level * MINUTE) / limiter.capacity) + 1
    limiter.level -= cost
    return 0
  }
  limiter.used += cost
  return limiter.used > limiter.capacity ? untilNext(limiter, now, MINUTE) : 0
}

const untilNext = (limiter: Limiter, now: number, width: number) =>
  Math.ceil(width - ((now + limiter.phaseSeconds) % width))

/** What a router that knows all asks before it sends: would this be admitted, and how soon is budget lost that nobody takes? Infinity: no. */
export function expiryOf(limiter: Limiter, now: number, cost: number): number {
  settle(limiter, now)
  if (limiter.requests + 1 > limiter.requestsPerWindow) return Number.POSITIVE_INFINITY
  if (limiter.depthSeconds > 0) {
    if (limiter.level <= 0) return Number.POSITIVE_INFINITY
    return limiter.depthSeconds - (limiter.level * MINUTE) / limiter.capacity
  }
  if (limiter.used + cost > limiter.capacity) return Number.POSITIVE_INFINITY
  return MINUTE - ((now + limiter.phaseSeconds) % MINUTE)
}

/** Of all members, as they are when the run begins. */
export function limitersOf({ members, limiter, seed, happenings }: Scenario): Limiter[] {
  return members.map((member, index) => {
    const made = limiterOf(member, limiter, 60 * chanceOf(seed, 'phase', index)())
    made.capacity *= stateAt(happenings, index, 0).factor
    return made
  })
}
