import type { Verdict } from './limiter.ts'
import { type Refused, refused } from './refused.ts'

/** The 429 of azure-facts 11. `kind` is the account's: the text names its pricing tier. */
export function tooMany(
  { exceeded, retryAfterMs }: Verdict,
  headers: Record<string, string>,
  { operation, apiVersion }: { operation: string; apiVersion: string },
  kind: string,
): Refused {
  const seconds = Math.ceil(retryAfterMs / 1000)
  return refused(
    429,
    '429',
    `Requests to the ${operation} Operation under Azure OpenAI API version ${apiVersion} have exceeded ${exceeded} of your current ${kind} S0 pricing tier. Please retry after ${seconds} seconds. Please contact Azure support service if you would like to further increase the default rate limit.`,
    { ...headers, 'retry-after': String(seconds), 'retry-after-ms': String(retryAfterMs) },
  )
}
