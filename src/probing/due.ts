import { createHash } from 'node:crypto'
import type { Document } from '../environment/schema.ts'
import type { Probe } from '../probes/probe.ts'
import type { StateRow } from './rows.ts'
import { lastMarks } from './tally.ts'

export const minuteMs = 60_000

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000 }

/** Milliseconds of an interval of the document, such as `5m`. */
export const intervalMs = (interval: string): number =>
  Number.parseInt(interval, 10) * unitMs[interval.at(-1) as keyof typeof unitMs]

/** Asked by people from elsewhere, once a day or so. */
const outsideMs = 24 * 3_600_000

/** How long apart a probe is asked. */
export const beatMs = (
  probe: Pick<Probe, 'beat' | 'vantage'>,
  { probes }: Pick<Document, 'probes'>,
): number => (probe.vantage === 'internet' ? outsideMs : intervalMs(probes[probe.beat]))

/** A verdict is fresh for two intervals and a minute. */
export const isFresh = (lastMs: number | undefined, everyMs: number, nowMs: number): boolean =>
  lastMs !== undefined && nowMs - lastMs <= 2 * everyMs + minuteMs

/**
 * Whether a probe is to be asked in this minute. Each has its own place within its beat, so that they do not all fall into one minute; a beat of a minute or less is every minute. What has just changed is asked again at once, for a second opinion.
 * @param again ids whose last verdict no longer says anything: the failure before it has gone, or our own work on the environment has ended
 */
export function isDue(
  probe: Probe,
  state: StateRow | undefined,
  everyMs: number,
  nowMs: number,
  again: ReadonlySet<string>,
): boolean {
  if (probe.vantage === 'internet') return false
  if (!state || everyMs <= minuteMs || again.has(probe.id)) return true
  // What has no past was expected to pass.
  const [last = 'p', before = 'p'] = lastMarks(state, 2)
  if ((last === 'p') !== (before === 'p')) return true
  const place = placeMs(probe, everyMs)
  return Math.floor((nowMs - place) / everyMs) > Math.floor((state.lastMs - place) / everyMs)
}

/**
 * Where in its beat a probe stands: a whole number of minutes, by the hash of its id. Facts of one kind of resource stand together, since they are
 * read together.
 */
function placeMs(probe: Probe, everyMs: number): number {
  const name = probe.module === 'fact' ? probe.target.resource.replace(/\/.*/, '') : probe.id
  const number = createHash('sha256').update(name).digest().readUInt32BE(0)
  return (number % Math.max(1, Math.floor(everyMs / minuteMs))) * minuteMs
}
