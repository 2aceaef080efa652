import { badRequest } from '../arm/errors.ts'
import { MINUTE_MS, minuteOf } from './minutes.ts'

const DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i

/** `PT5M`, `P1DT2H`; undefined: not a duration of days and less. */
function durationMs(text: string): number | undefined {
  const found = DURATION.exec(text)
  if (!found || /[PT]$/i.test(text)) return undefined
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(1).map((part) => Number(part ?? 0))
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000
}

export type Timespan = { from: number; until: number }

/** The four forms of azure-facts 9.5; none given: the last hour. */
export function timespanOf(text: string | undefined, now: number): Timespan {
  if (!text) return { from: now - 60 * MINUTE_MS, until: now }
  const [first = '', second] = text.split('/')
  const length = durationMs(first)
  if (second === undefined) return ordered(now - (length ?? Number.NaN), now, text)
  const end = durationMs(second)
  if (length !== undefined) return ordered(Date.parse(second) - length, Date.parse(second), text)
  if (end !== undefined) return ordered(Date.parse(first), Date.parse(first) + end, text)
  return ordered(Date.parse(first), Date.parse(second), text)
}

function ordered(from: number, until: number, text: string): Timespan {
  if (from < until) return { from, until }
  throw badRequest('BadRequest', `Invalid timespan: '${text}'.`)
}

/** In minutes. */
export const GRAINS: Record<string, number> = {
  PT1M: 1,
  PT5M: 5,
  PT15M: 15,
  PT30M: 30,
  PT1H: 60,
  PT6H: 360,
  PT12H: 720,
  P1D: 1440,
}

/** How long a point is, and where the first one begins: on the grain's own grid; FULL is one point over the whole timespan. */
export type Grain = { name: string; ms: number; first: number }

/** `adjust`: the next longer grain that there is. */
export function grainOf(interval: string | undefined, { from, until }: Timespan, adjust = false): Grain {
  if (/^FULL$/i.test(interval ?? '')) {
    const first = minuteOf(from)
    return { name: 'FULL', ms: Math.max(MINUTE_MS, until - first), first }
  }
  const wanted = durationMs(interval || 'PT1M') ?? Number.NaN
  const found = Object.entries(GRAINS).find(([, minutes]) =>
    adjust ? minutes * MINUTE_MS >= wanted : minutes * MINUTE_MS === wanted,
  )
  if (!found)
    throw badRequest(
      'BadRequest',
      `Detected invalid time grain input: ${interval}. Valid time grains are: ${Object.keys(GRAINS).join(',')}`,
    )
  const ms = found[1] * MINUTE_MS
  return { name: found[0], ms, first: Math.floor(from / ms) * ms }
}
