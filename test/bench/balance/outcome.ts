import type { Controller, Move } from './controller.ts'
import type { Preset } from './gateway.ts'
import type { Defect } from './metrics.ts'

/** What is played, and what came of it. */
export interface How {
  preset: Preset
  controller: Controller | 'router'
  /** A pool PUT closes the breakers of its members. */
  resetsBreakers?: boolean
  knowsQuotas?: boolean
  defect?: Defect
  settledSeconds?: number
}

export interface Outcome {
  requests: number
  failed: number
  attempts: number
  throttledAttempts: number
  requestsByMinute: number[]
  failedByMinute: number[]
  /** In order; times in seconds. */
  writes: Write[]
}
export interface Write extends Move {
  at: number
  /** When the last unit had it. */
  inForceAt: number
}
