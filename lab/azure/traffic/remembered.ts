import { iso } from '../clock.ts'
import { type Counts, underWay } from './counts.ts'
import type { Start } from './request.ts'

/** A run as it is remembered: what was asked for, and how far it had got when that was last written down. */
export type TrafficRun = {
  id: string
  start: Start
  beganAt: number
  /** Virtual milliseconds of the moment at which this was true. */
  writtenAt: number
  position: number
  counts: Counts
  /** `trouble`: it could not be taken up again. */
  state: 'running' | 'done' | 'stopped' | 'trouble'
  because?: string
}

export type Shown = ReturnType<typeof shown>

/** As `GET /_lab/traffic` tells of it. */
export const shown = ({ id, start, beganAt, state, because }: TrafficRun, counts: Counts) => ({
  id,
  request: start,
  beganAt: iso(beganAt),
  state,
  ...(because === undefined ? {} : { because }),
  done: state !== 'running',
  ...counts,
  underWay: underWay(counts),
  throttled: counts.answers['429'] ?? 0,
  firstAt: counts.firstAt === null ? null : iso(counts.firstAt),
  lastAt: counts.lastAt === null ? null : iso(counts.lastAt),
})
