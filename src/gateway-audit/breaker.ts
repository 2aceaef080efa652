import { at, items, numberAt, textAt } from '../environment/raw.ts'
import type { Member } from './pool-view.ts'

/** The circuit breaker of a backend (azure-facts 4.3): API Management takes one rule. */
export interface Breaker {
  ranges: { min: number; max: number }[]
  /** Kinds of trouble besides, by name. */
  reasons: string[]
  count: number | undefined
  percentage: number | undefined
  acceptsRetryAfter: boolean
  /** Undefined where the text is no duration. */
  tripSeconds: number | undefined
}

export function breakerOf({ body }: Member): Breaker | undefined {
  const [rule] = items(body, 'properties.circuitBreaker.rules').map(({ value }) => value)
  if (rule === undefined) return undefined
  const reasons = at(rule, 'failureCondition.errorReasons')
  return {
    ranges: items(rule, 'failureCondition.statusCodeRanges').flatMap(({ value }) => {
      const [min, max] = [numberAt(value, 'min'), numberAt(value, 'max')]
      return min === undefined || max === undefined ? [] : [{ min, max }]
    }),
    reasons: Array.isArray(reasons) ? reasons.map(String) : [],
    count: numberAt(rule, 'failureCondition.count'),
    percentage: numberAt(rule, 'failureCondition.percentage'),
    acceptsRetryAfter: at(rule, 'acceptRetryAfter') === true,
    tripSeconds: secondsOf(textAt(rule, 'tripDuration') ?? ''),
  }
}

export const tripsOn = ({ ranges }: Breaker, status: number): boolean =>
  ranges.some(({ min, max }) => min <= status && status <= max)

/** Of an ISO 8601 duration of days and less, such as `PT1M`. */
function secondsOf(duration: string): number | undefined {
  const found = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(duration)
  if (!found || !/\d/.test(duration)) return undefined
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(1).map((part) => Number(part ?? 0))
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
}
