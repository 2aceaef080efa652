import type { Clock } from '../clock.ts'
import type { Table } from '../store.ts'
import { Refusal } from './errors.ts'

/** A token bucket in virtual time. */
export type Bucket = { left: number; at: number }

type Limit = { capacity: number; refillPerSecond: number }
type Kind = 'reads' | 'writes' | 'deletes'

/** azure-facts 12.1: per principal; the whole subscription has fifteen times as much. */
const LIMITS: Record<Kind, Limit> = {
  reads: { capacity: 250, refillPerSecond: 25 },
  writes: { capacity: 200, refillPerSecond: 10 },
  deletes: { capacity: 200, refillPerSecond: 10 },
}
const WHOLE_SUBSCRIPTION = 15

/** Limits of the providers themselves, which answer 429 without Retry-After. */
const PROVIDER_LIMITS: { path: RegExp; kind: Kind; limit: Limit }[] = [
  { path: /\/providers\/microsoft\.network\/privatednszones/i, kind: 'reads', limit: per5Minutes(500) },
  { path: /\/providers\/microsoft\.network\//i, kind: 'reads', limit: per5Minutes(10_000) },
  { path: /\/providers\/microsoft\.network\//i, kind: 'writes', limit: per5Minutes(1000) },
  { path: /\/providers\/microsoft\.network\//i, kind: 'deletes', limit: per5Minutes(1000) },
]

function per5Minutes(requests: number): Limit {
  return { capacity: requests, refillPerSecond: requests / 300 }
}

const kindOf = (method: string): Kind =>
  method === 'GET' || method === 'HEAD' ? 'reads' : method === 'DELETE' ? 'deletes' : 'writes'

export type Throttle = (
  method: string,
  path: string,
  principal: string,
  subscription: string,
) => { headers: Record<string, string>; refusal?: Refusal }

export function createThrottle(buckets: Table<Bucket>, clock: Clock): Throttle {
  const take = (name: string, { capacity, refillPerSecond }: Limit) => {
    const now = clock.now()
    const bucket = buckets.get(name) ?? { left: capacity, at: now }
    const left = Math.min(capacity, bucket.left + (Math.max(0, now - bucket.at) / 1000) * refillPerSecond)
    const taken = left >= 1
    buckets.put(name, { left: taken ? left - 1 : left, at: now })
    return {
      taken,
      left: Math.floor(taken ? left - 1 : left),
      waitSeconds: Math.ceil((1 - left) / refillPerSecond),
    }
  }

  return (method, path, principal, subscription) => {
    const kind = kindOf(method)
    const limit = LIMITS[kind]
    const whole = {
      capacity: limit.capacity * WHOLE_SUBSCRIPTION,
      refillPerSecond: limit.refillPerSecond * WHOLE_SUBSCRIPTION,
    }
    const own = take(`${principal} ${kind}`, limit)
    const global = take(`global ${kind}`, whole)
    const headers = {
      [`x-ms-ratelimit-remaining-subscription-${kind}`]: String(own.left),
      [`x-ms-ratelimit-remaining-subscription-global-${kind}`]: String(global.left),
    }
    if (!own.taken || !global.taken) {
      const waitSeconds = Math.max(own.taken ? 0 : own.waitSeconds, global.taken ? 0 : global.waitSeconds)
      return { headers, refusal: subscriptionThrottled(kind, subscription, principal, waitSeconds) }
    }
    const provider = PROVIDER_LIMITS.find((entry) => entry.kind === kind && entry.path.test(path))
    if (provider && !take(`${provider.path.source} ${kind}`, provider.limit).taken)
      return { headers, refusal: new Refusal(429, 'TooManyRequests', PROVIDER_MESSAGE) }
    return { headers }
  }
}

const PROVIDER_MESSAGE =
  'The request is being throttled as the limit has been reached for operation type of this resource provider.'

const subscriptionThrottled = (kind: Kind, subscription: string, principal: string, waitSeconds: number) =>
  new Refusal(
    429,
    'SubscriptionRequestsThrottled',
    `Number of '${kind}' requests for subscription '${subscription}' actor '${principal}' exceeded. Please try again after '${waitSeconds}' seconds after additional tokens are available. Refer to https://aka.ms/arm-throttling for additional information.`,
    { headers: { 'Retry-After': String(waitSeconds), 'x-ms-failure-cause': 'gateway' } },
  )
