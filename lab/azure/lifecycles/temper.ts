import type { Verb } from '../arm/kind.ts'

export type Range = readonly [least: number, most: number]

/** How long one verb on one type takes, what its provisioningState says meanwhile, and what may go wrong. */
export type Lifecycle = {
  of: string
  verb: Verb
  seconds: Range
  state: string
  /** How long a new object answers 404. */
  invisibleSeconds?: Range
  mishaps?: Mishap[]
}

/** Each has its own draw per (resource, verb, attempt); the first that strikes is the one that happens. */
export type Mishap = { chance: number } & (
  | { what: 'refused'; status: number; code: string; message: string; retryAfterSeconds?: number }
  | { what: 'failed'; code: string; message: string }
  | { what: 'stuck' }
  | { what: 'slower'; times: number }
  /** The connection dies: before anything was done, or after everything was. */
  | { what: 'reset' }
  | { what: 'lost' }
)

export type Temper = {
  lifecycles: Lifecycle[]
  reads: Mishap[]
  /** Seconds of waits that belong to no operation. */
  delays: Record<string, Range>
}

export const minutes = (least: number, most: number): Range => [least * 60, most * 60]
