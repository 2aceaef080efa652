import { createHash } from 'node:crypto'
import type { WantedObject } from '../resources/kind.ts'

/** One backend per account and deployment: a backend has one breaker, and one model's 429 must not take its neighbour away. */
export interface BackendSpec {
  account: string
  deployment: string
  /** Custom subdomain of the account, without which a model endpoint takes no token. */
  subDomain: string
  /** Host suffix of the cloud. */
  suffix?: string
}

const longestId = 80

/**
 * `{account}--{deployment}` in lower case, as ARM compares names. Where that is too long, or where two pairs could give it (an account
 * with `--` in its name or a hyphen at its end), it is cut and ends in a hash of the pair.
 */
export function backendId(account: string, deployment: string): string {
  const pair = [account, deployment].map((name) => name.toLowerCase())
  const plain = pair.join('--')
  const ambiguous = /--|-$/.test(pair[0] ?? '')
  if (plain.length <= longestId && !ambiguous) return plain
  const hash = createHash('sha256').update(JSON.stringify(pair)).digest('hex').slice(0, 12)
  return `${plain.slice(0, longestId - hash.length - 2)}--${hash}`
}

export const backendBody = ({
  account,
  deployment,
  subDomain,
  suffix = 'openai.azure.com',
}: BackendSpec): WantedObject => ({
  properties: {
    title: `${deployment} at ${account}`,
    type: 'Single',
    url: `https://${subDomain}.${suffix}/openai`,
    protocol: 'http',
    circuitBreaker: { rules: [breakerRule] },
    tls: { validateCertificateChain: true, validateCertificateName: true },
  },
})

/**
 * Azure takes one rule per backend. It has no error reasons on purpose: a passed timeout or a refused connection is tried elsewhere
 * but takes no member out of the pool, since a slow answer or a DNS flicker says nothing of the next call.
 */
export const breakerRule: WantedObject = {
  name: 'failover',
  failureCondition: {
    // The first: a member that said 429 must be out before the next try picks.
    count: 1,
    // Any would do with a count of one; short, so that nothing is remembered.
    interval: 'PT10S',
    statusCodeRanges: [
      { min: 408, max: 408 },
      { min: 429, max: 429 },
      // A provisioned deployment that is full, in disguise.
      { min: 499, max: 499 },
      { min: 500, max: 599 },
    ],
  },
  // For failures that do not say how long: request limits are kept in windows of 1 or 10 seconds, and a longer trip loses more than it saves.
  tripDuration: 'PT10S',
  // A 429 knows when its minute ends. Never cut short here: see docs/gateway.md for the Retry-After of a day.
  acceptRetryAfter: true,
}
