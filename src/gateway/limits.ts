import { code, element, type Value } from './element.ts'
import { when } from './failover.ts'
import type { FullPolicy } from './policy-spec.ts'
import type { XmlElement } from './xml.ts'

/** What the full form does to a call before it is forwarded. All of it is refused by API Management itself, with 429. */
export const limits = (spec: FullPolicy): XmlElement[] => [
  ...(spec.rateLimit ? [rateLimit(spec, spec.rateLimit)] : []),
  ...tokenPolicies(spec),
]

/** Who comes with a token has no subscription; all of a kind share one counter of their own. */
export const caller = (spec: FullPolicy): Value => spec.admits?.caller ?? code('context.Subscription.Id')

const rateLimit = (spec: FullPolicy, limit: { calls: number; windowSeconds: number }) =>
  element('rate-limit-by-key', {
    calls: limit.calls,
    'renewal-period': limit.windowSeconds,
    'counter-key': caller(spec),
    'retry-after-header-name': 'Retry-After',
  })

/** Reads and deletions have no prompt to count. */
function tokenPolicies(spec: FullPolicy): XmlElement[] {
  const policies = [
    ...(spec.tokenLimit ? [tokenLimit(spec, spec.tokenLimit.tokensPerMinute)] : []),
    ...(spec.tokenMetrics === undefined ? [] : [tokenMetrics(spec, spec.tokenMetrics)]),
  ]
  return policies.length === 0 ? [] : [when('context.Request.Method == "POST"', ...policies)]
}

const tokenLimit = (spec: FullPolicy, tokensPerMinute: number) =>
  element('llm-token-limit', {
    'counter-key': caller(spec),
    'tokens-per-minute': tokensPerMinute,
    // Counts what the model reports; a prompt is not parsed twice. Streams are estimated whatever is said here.
    'estimate-prompt-tokens': false,
    'retry-after-header-name': 'Retry-After',
  })

/** Application Insights takes five dimensions of ours at most. */
const tokenMetrics = (spec: FullPolicy, namespace: string) =>
  element(
    'llm-emit-token-metric',
    { namespace },
    element('dimension', { name: 'Caller', value: caller(spec) }),
    element('dimension', { name: 'API', value: code('context.Api.Id') }),
    element('dimension', { name: 'Operation', value: code('context.Operation.Id') }),
  )
