import type { Cause } from '../probes/diagnose/cause.ts'
import type { Verdict } from '../probes/probe.ts'

/** What probing keeps. Everything is by environment, and everything about one probe is in one row, so that a write is whole or not at all. */

/** Passed, failed, failed behind another failure (muted), inconclusive. */
export type Mark = 'p' | 'f' | 'm' | 'i'

/** One round of one probe, for the heartbeat and for knowing which rounds are counted. */
export type Pulse = [round: string, mark: Mark, ms: number]

/** A day of one probe, kept for the service level: `day` is days since 1970. */
export type Day = [day: number, pass: number, fail: number]

/** The hour under way: closed into an `HourRow` by the first verdict of a later one. */
export interface Hour {
  startMs: number
  pass: number
  fail: number
  inconclusive: number
  /** Of what passed. */
  ms: number[]
}

/** How one probe stands. */
export interface StateRow {
  probe: string
  /** The newest last. */
  recent: Pulse[]
  /** Since when it has come to this result. */
  sinceMs: number
  lastMs: number
  lastPassMs?: number
  verdict: Verdict
  /** Object id of who handed the last verdict in; absent: asked from inside. */
  handedInBy?: string
  hour: Hour
  /** The hour before: it stands here before it has a row of its own, so that it is written once and by this state's writer alone. */
  closed?: HourRow
  /** At most 30, the newest last. */
  days: Day[]
}

/** An hour of one probe, or a day of it once the hours are a week old. */
export interface HourRow {
  startMs: number
  pass: number
  fail: number
  inconclusive: number
  medianMs: number
  maxMs: number
}

export interface FailureRow {
  probe: string
  round: string
  atMs: number
  verdict: Verdict
  /** The failure behind which it stood. */
  behind?: string
}

/** A verdict that was given and is not counted yet. */
export interface Taken {
  probe: string
  atMs: number
  verdict: Verdict
  handedInBy?: string
}

/** (Part of) a round, written ahead of counting it. */
export interface RoundRow {
  round: string
  part: number
  taken: Taken[]
}

/** Who probes an environment now, and whether it has ever been there to be probed. */
export interface ProbingRow {
  environment: string
  owner: string
  untilMs: number
}

export type Confirmation = 'control plane' | 'another probe' | 'asked again'

/** Something to be told to somebody: logged once it is in the log, accepted once the webhook took it. */
export interface Notice {
  is: 'fired' | 'resolved'
  atMs: number
  logged?: true
  acceptedMs?: number
  attempts: number
  lastAttemptMs?: number
  trouble?: string
}

/** One cause, from when it was first seen until its roots are green again. */
export interface IncidentRow {
  id: string
  environment: string
  /** `maintenance`: an operation of ours was at work; not told to anybody unless it outlasts that. */
  state: 'maintenance' | 'fired' | 'resolved'
  cause: Cause
  /** Keys of earlier explanations of the same failure. */
  earlier: string[]
  openedMs: number
  lastSeenMs: number
  firedMs?: number
  resolvedMs?: number
  confirmedBy: Confirmation
  /** Row of the failure with which it began; kept as long as this is. */
  firstFailure?: string
  notices: Notice[]
  /** When the service last thought of repairing it unasked, and what it decided. */
  repair?: { atMs: number; decision: string }
}
