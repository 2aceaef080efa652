import { createHash } from 'node:crypto'

/** Names of rows and routes. Ids of probes hold slashes and colons, which neither a row key nor a path carries safely. */

/** A probe's short name: twelve hexadecimal digits of its id's hash. */
export const probeKey = (id: string): string => createHash('sha256').update(id).digest('hex').slice(0, 12)

/** Sorts by time; eight digits until the year 2059. */
export const roundId = (nowMs: number, random: string): string => nowMs.toString(36).padStart(8, '0') + random

export const timeOfRound = (round: string): number => Number.parseInt(round.slice(0, 8), 36)

export const failureKey = (probe: string, round: string): string => `${probeKey(probe)}-${round}`

/** `h-2026-11-25T10` or `d-2026-11-25`, after the probe's key. */
export const hourKey = (key: string, startMs: number): string =>
  `${key}-h-${new Date(startMs).toISOString().slice(0, 13)}`
export const dayKey = (key: string, startMs: number): string =>
  `${key}-d-${new Date(startMs).toISOString().slice(0, 10)}`
