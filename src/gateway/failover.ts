import { code, csharp, type Expression, element } from './element.ts'
import type { PolicySpec } from './policy-spec.ts'
import type { XmlElement } from './xml.ts'

/**
 * The failover contract (docs/gateway.md) as policy elements. State of a request, in context variables, all of type int: `tries`,
 * `exhaustedStatus` (what the caller gets if nothing better comes) and `retryAfterSeconds` (the earliest a backend has named).
 *
 * Nothing here asks whether the elements after a forward-request that got no response are still executed: both ways end the same.
 */

const answered = (...statuses: number[]) =>
  statuses.map((it) => `context.Response.StatusCode == ${it}`).join(' || ')

/** A backend said "later"; its status is the caller's, when all say so. */
const refused = answered(408, 429, 499)
const serverError = 'context.Response.StatusCode >= 500'
const transientConflict =
  '(context.Response.StatusCode == 409 && context.Response.Headers.ContainsKey("Retry-After"))'

const tryAgain = `context.Response == null || ${refused} || ${transientConflict} || ${serverError}`

const anotherMember = `context.Response == null || ${refused} || ${serverError}`

/** Larger than any Retry-After that is read: nobody has named one. */
const never = 1_000_000
const retryAfter = 'context.Response.Headers.GetValueOrDefault("Retry-After", "")'
/** Seconds only: a date would need a clock. */
const namesSeconds = `context.Response != null && Regex.IsMatch(${retryAfter}, "^[1-9][0-9]{0,5}$")`

export const variable = (name: string): string => `(int)context.Variables[${csharp(name)}]`
export const set = (name: string, value: Expression): XmlElement => element('set-variable', { name, value })
export const when = (condition: string, ...then: XmlElement[]): XmlElement =>
  element('choose', {}, element('when', { condition: code(condition) }, ...then))

export const beforeTries = (): XmlElement[] => [
  set('tries', code('0')),
  set('exhaustedStatus', code('503')),
  set('retryAfterSeconds', code(String(never))),
]

/** The single child of the backend section. `begin` and `end` are run with every try, before it is counted and after its answer. */
export const tries = (
  spec: PolicySpec,
  begin: XmlElement[],
  selectPool: XmlElement,
  end: XmlElement[],
): XmlElement =>
  element(
    'retry',
    { condition: code(tryAgain), count: spec.tries - 1, interval: 0, 'first-fast-retry': true },
    ...begin,
    set('tries', code(`${variable('tries')} + 1`)),
    // Inside the retry: a pool picks a member once per choice of backend and forward.
    selectPool,
    element('forward-request', {
      timeout: spec.timeoutSeconds,
      // Without a copy the second try would send an empty body.
      'buffer-request-body': true,
      // A stream reaches its reader chunk by chunk.
      'buffer-response': false,
      'fail-on-error-status-code': false,
    }),
    when(
      `context.Response != null && (${refused})`,
      set('exhaustedStatus', code('context.Response.StatusCode')),
    ),
    when(
      namesSeconds,
      set('retryAfterSeconds', code(`Math.Min(${variable('retryAfterSeconds')}, int.Parse(${retryAfter}))`)),
    ),
    ...end,
  )

/** Last in outbound: an answer that was worth another try, and is still there, goes to the caller in our words. */
export const exhausted = (
  spec: PolicySpec,
  also: { first: XmlElement[]; headers: XmlElement[] },
): XmlElement => when(anotherMember, ...also.first, tellExhausted(spec, also.headers))

/** Last in on-error: no response at all. Errors of the inbound section (401, limits) keep API Management's own answer. */
export const unreachable = (
  spec: PolicySpec,
  also: { first: XmlElement[]; headers: XmlElement[] },
): XmlElement =>
  when(
    'context.LastError.Section == "backend" && context.LastError.Reason != "ClientConnectionFailure"',
    ...also.first,
    tellExhausted(spec, also.headers),
  )

export const retriesHeader = (spec: PolicySpec): XmlElement =>
  header(spec.headers.retries, code(`(${variable('tries')} - 1).ToString()`))

export const header = (name: string, value: string | Expression): XmlElement =>
  element('set-header', { name, 'exists-action': 'override' }, element('value', {}, value))

/** A new response: whatever the backend said of itself (name, limits, certificate, retry-after-ms) stays behind. */
const tellExhausted = (spec: PolicySpec, headers: XmlElement[]): XmlElement =>
  element(
    'return-response',
    {},
    element('set-status', { code: code(variable('exhaustedStatus')), reason: 'Try Again Later' }),
    header(
      'Retry-After',
      code(
        `(${variable('retryAfterSeconds')} == ${never} ? ${spec.retryAfterSeconds} : ${variable('retryAfterSeconds')}).ToString()`,
      ),
    ),
    retriesHeader(spec),
    ...headers,
    header('Content-Type', 'application/json'),
    element('set-body', {}, exhaustedBody),
  )

const exhaustedBody = JSON.stringify({
  error: {
    code: 'no_capacity',
    message: 'No model backend could answer. Try again after the seconds named in Retry-After.',
  },
})
