import type { Scenario } from './scenario.ts'

/** What moves weights, ours and every other alike. */
export interface Controller {
  name: string
  open(pool: Pool): Weighing
}

export interface Pool {
  names: string[]
  /** As declared; without it nothing is known. */
  quotas: (number | undefined)[]
  bounds: [number, number][] | undefined
  hasBreaker: boolean
  /** For references that may know what no controller can. */
  scenario: Scenario
}

export interface Weighing {
  weights: number[]
  /** Once a minute. Nothing: stay. */
  turn?: (seen: Seen) => Move | undefined
  /** At once in every unit whenever a capacity changes: only for a reference. */
  atOnce?: (minute: number) => number[]
}

export interface Move {
  weights: number[]
  why?: string
}

export interface Seen {
  nowMs: number
  /** Of minutes not seen before, oldest first. */
  fresh: Sample[]
  /** As last written. */
  weights: number[]
  /** How old the end of the newest minute is whose metrics can be read. */
  newestEndMinute: number
}

export interface Sample {
  backend: string
  /** ISO start, UTC. */
  minute: string
  total: number
  ok: number
  throttled: number
  errors: number
  tokens: number
}

/** The largest is 100, none is below 1. */
export function integersOf(shares: number[]): number[] {
  const largest = Math.max(...shares)
  return shares.map((share) => (largest > 0 ? Math.max(1, Math.round((100 * share) / largest)) : 100))
}

export function normalised(values: number[]): number[] {
  const total = values.reduce((sum, value) => sum + value, 0)
  return values.map((value) => (total > 0 ? value / total : 1 / values.length))
}
