import { keyOf } from '../arm/ids.ts'
import type { Resource } from '../arm/kind.ts'
import { millisecondsOf } from './duration.ts'
import type { Unit } from './unit.ts'
import { add, newWindow, sumOf, type Window } from './window.ts'

/** A breaker of one backend in one unit: azure-facts 4.3. It is open until a moment and then closed; there is no half-open (unverified). */
export type Breaker = { openUntil: number; failures: Window; calls: Window }

export type Rule = {
  failureCondition: {
    count?: number | null
    percentage?: number | null
    interval: string
    statusCodeRanges?: { min: number; max: number }[] | null
    errorReasons?: string[] | null
  }
  tripDuration: string
  acceptRetryAfter?: boolean | null
}

/** What a try came to: an answer, or the reason why there was none. */
export type Outcome = { status: number; retryAfter: string | undefined } | { reason: string }

/** @param key of the backend's id */
export const isOpen = ({ breakers }: Unit, key: string, now: number): boolean =>
  (breakers.get(key)?.openUntil ?? 0) > now

/** Has the unit's breaker of that backend hear of a try. */
export function judge(unit: Unit, backend: Resource, outcome: Outcome, now: number): void {
  const rule = ruleOf(backend)
  if (!rule) return
  const { count, percentage, interval } = rule.failureCondition
  const failed = isFailure(rule, outcome)
  if (!failed && percentage == null) return
  const breaker = breakerOf(unit, backend.id)
  const widthMs = millisecondsOf(interval)
  if (percentage != null) add(breaker.calls, now, 1)
  if (!failed) return
  add(breaker.failures, now, 1)
  const failures = sumOf(breaker.failures, now, widthMs)
  const reached =
    percentage != null
      ? (100 * failures) / sumOf(breaker.calls, now, widthMs) >= percentage
      : failures >= (count ?? 1)
  if (!reached) return
  breaker.openUntil = now + tripMs(rule, outcome, now)
  breaker.failures = newWindow()
  breaker.calls = newWindow()
}

function breakerOf(unit: Unit, backendId: string): Breaker {
  const key = keyOf(backendId)
  const known = unit.breakers.get(key)
  if (known) return known
  const made = { openUntil: 0, failures: newWindow(), calls: newWindow() }
  unit.breakers.set(key, made)
  return made
}

function ruleOf({ properties }: Resource): Rule | undefined {
  const { circuitBreaker } = properties as { circuitBreaker?: { rules?: Rule[] } | null }
  return circuitBreaker?.rules?.[0]
}

function isFailure(
  { failureCondition: { statusCodeRanges, errorReasons } }: Rule,
  outcome: Outcome,
): boolean {
  if ('reason' in outcome)
    return (errorReasons ?? []).some((reason) => reason.toLowerCase() === outcome.reason.toLowerCase())
  return (statusCodeRanges ?? []).some(({ min, max }) => min <= outcome.status && outcome.status <= max)
}

/** Retry-After outweighs the rule's own duration, however long it is: a day parks a member for a day. */
function tripMs({ acceptRetryAfter, tripDuration }: Rule, outcome: Outcome, now: number): number {
  const asked = acceptRetryAfter && 'status' in outcome ? retryAfterMs(outcome.retryAfter, now) : undefined
  return asked ?? millisecondsOf(tripDuration)
}

/** Seconds or a date; nothing for what is neither, or is over already. */
function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now
  return ms > 0 ? ms : undefined
}
