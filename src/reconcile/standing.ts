import type { Outcome } from './outcome.ts'

/**
 * Where a resource stands within an operation. `ready`, `failed`, `blocked`, `gone` and `kept` are final for that operation; `awaiting` goes on only
 * when a person approves the plan. `gone` and `kept` are said by a removal.
 */
export type Phase = 'pending' | 'settling' | 'awaiting' | 'ready' | 'failed' | 'blocked' | 'gone' | 'kept'

export type Truth = 'True' | 'False' | 'Unknown'

export interface Standing {
  resource: string
  phase: Phase
  /** Is it as the document describes it? */
  synced: Truth
  /** Does Azure say it works? */
  ready: Truth
  /** For machines: one word. */
  reason: string
  /** For people: what, why, and what to do next. Without times, so that the same trouble reads the same tomorrow. */
  message: string
  /** Of a blocked one: the resource whose failure it waits for. */
  blockedBy?: string
  /** Of a pending one: the resource whose turn comes first. */
  waitsFor?: string
}

/** A standing and since when it has been so (virtual or real Unix milliseconds, whatever the clock says). */
export type Remembered = Standing & { sinceMs: number }

/** Condition as the API shows it: one per resource and axis. */
export interface Condition {
  resource: string
  axis: 'Synced' | 'Ready' | 'Proven'
  status: Truth
  reason: string
  message: string
  /** When it became so, ISO 8601. */
  since: string
}

export const conditions = (standing: Remembered): Condition[] =>
  (['Synced', 'Ready'] as const).map((axis) => ({
    resource: standing.resource,
    axis,
    status: axis === 'Synced' ? standing.synced : standing.ready,
    reason: standing.reason,
    message: standing.message,
    since: new Date(standing.sinceMs).toISOString(),
  }))

const final: ReadonlySet<Phase> = new Set(['ready', 'failed', 'blocked', 'gone', 'kept'])

export const isFinal = (phase: Phase): boolean => final.has(phase)

/**
 * The note kept about the last write of a resource: put down before Azure is called, so that a killed process leaves a trace of
 * what may be under way. The operation's URL is evidence for later, not a thing to poll.
 */
export interface Intent {
  resource: string
  operation: string
  /** 1 for the first write of this operation. */
  attempt: number
  atMs: number
  /** Absent while nobody knows what became of the call. */
  outcome?: Outcome
  /** Why Azure gave up, read once from the operation's URL. */
  evidence?: { reason: string; message: string }
}
