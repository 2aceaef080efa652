import type { Memory } from '../balance/index.ts'
import type { Weights } from '../gateway/shares.ts'

/**
 * What the rebalancer keeps. The balance row of a pool is the truth: it is replaced by its ETag, so that of two turns one counts, and it carries the
 * pool's latest decision whole. Decision rows are copies of that for people, and may be written again at any time.
 */

/** The last look at a pool's traffic: complete minutes, and what each backend did in them. */
export interface Evidence {
  fromMs: number
  untilMs: number
  /** By backend; one without a row had no data. */
  totals: Record<string, Totals>
}

export interface Totals {
  total: number
  ok: number
  throttled: number
  errors: number
  tokens: number
}

export type DecisionState =
  /** Nothing is moved, and why. */
  | 'held'
  /** What would have been written; nothing is. */
  | 'shadow'
  /** About to be written. */
  | 'decided'
  | 'written'
  /** Somebody else was faster, or Azure had no time: the next turn looks afresh. */
  | 'lost'
  /** Azure will not take it until somebody acts. */
  | 'refused'
  /** It never left: something held it back, or the process died before the call. */
  | 'not written'

export interface Grade {
  grade: 'helped' | 'no difference' | 'hurt' | 'cannot tell'
  why: string
  gradedMs: number
}

export interface DecisionRow {
  /** `{environment}:{pool}:{minute}`, of a hold with the reason behind it. */
  id: string
  environment: string
  pool: string
  state: DecisionState
  /** When it was taken; of holds that follow each other for one reason, the first. */
  atMs: number
  /** Of holds: the newest, and how many there were. */
  untilMs?: number
  times?: number
  /** Of holds: one word for machines. */
  reason?: string
  why: string
  evidence?: Evidence
  /** Weights of all members as they stood: in shadow, on its own chain. */
  before: Weights
  /** Weights of the members that move. */
  after?: Weights
  /** Of shadow: the weights that were live. */
  inForce?: Weights
  /** What it should change, by what was measured. */
  expected?: string
  /** Of the pool when it was written. */
  etag?: string
  writtenMs?: number
  readBackMs?: number
  grade?: Grade
}

/** Why a pool is watched every minute. */
export interface Episode {
  openedMs: number
  /** Moment of the newest alert. */
  alertMs?: number
  /** The newest minute in which calls were turned away or failed. */
  busyMs?: number
  because: string
}

/** The service keeps its hands off a pool until a moment, or until a person lets go. */
export interface Hold {
  reason: 'edited' | 'refused'
  /** Weights as they stood. */
  found: Weights
  sinceMs: number
  untilMs: number
  message: string
}

/** A move whose effect is still to be judged, by the key of its row. */
export interface Ungraded {
  key: string
  /** When it was written, or would have been. */
  atMs: number
}

export interface BalanceRow {
  environment: string
  pool: string
  /** The law's memory, by priority group. */
  memories: Record<string, Memory>
  /** The newest minute the law has had of each backend. */
  consumed: Record<string, number>
  /** The newest minute that was old enough when the metrics could last be read. */
  seenMs?: number
  /** Weights last known as ours; absent before the first look. */
  ours?: Weights
  /** What the weights would be by now, had shadow written. */
  shadow?: Weights
  /** Tokens per minute, by backend, and when they were read. */
  quotas?: { readMs: number; tokensPerMinute: Weights }
  episode?: Episode
  hold?: Hold
  latest?: DecisionRow
  ungraded: Ungraded[]
  /** Of the last hour. */
  writesMs: number[]
  /** When the last turn was taken. */
  turnMs?: number
}

export const newBalance = (environment: string, pool: string): BalanceRow => ({
  environment,
  pool,
  memories: {},
  consumed: {},
  ungraded: [],
  writesMs: [],
})

export const minuteMs = 60_000
export const minuteOf = (ms: number): number => Math.floor(ms / minuteMs) * minuteMs

/** Partition of a pool's decisions. */
export const decisionsOf = (environment: string, pool: string): string => `${environment}:${pool}`

/** In the order of time. */
export const decisionId = (environment: string, pool: string, atMs: number, reason?: string): string =>
  [environment, pool, timeKey(minuteOf(atMs)), ...(reason === undefined ? [] : [reason])].join(':')

/** The part of an id after the partition. */
export const decisionKey = ({ id, environment, pool }: Pick<DecisionRow, 'id' | 'environment' | 'pool'>) =>
  id.slice(decisionsOf(environment, pool).length + 1)

export const timeKey = (ms: number): string => String(Math.max(0, ms)).padStart(15, '0')
