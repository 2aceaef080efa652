import type { Evidence, Verdict } from '../probes/probe.ts'
import { timeOfRound } from './keys.ts'
import type { Day, Hour, HourRow, Mark, StateRow, Taken } from './rows.ts'

/** Counting verdicts, one probe at a time. Pure; counting a round again changes nothing. */

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** More than the rounds that can be waiting to be counted, and what a heartbeat shows. */
const mostPulses = 30
const mostDays = 30

export const isCounted = (state: StateRow | undefined, round: string): boolean =>
  state?.recent.some(([counted]) => counted === round) ?? false

/** The last marks that said something, the newest first. */
export const lastMarks = (state: StateRow, most: number): Exclude<Mark, 'i'>[] =>
  state.recent
    .map(([, mark]) => mark)
    .filter((mark) => mark !== 'i')
    .slice(-most)
    .toReversed()

/** How a probe stands: an inconclusive round leaves it as it was. */
export const standsAt = (state: StateRow | undefined): Exclude<Mark, 'i'> | undefined =>
  state && lastMarks(state, 1)[0]

export const totalMs = ({ phases }: Pick<Evidence, 'phases'>): number =>
  Math.round(phases.reduce((sum, { ms }) => sum + ms, 0))

export const markOf = ({ result }: Verdict): Mark => (result === 'pass' ? 'p' : result === 'fail' ? 'f' : 'i')

/** When the hour began that a round counts in. */
export const hourOf = (round: string): number => Math.floor(timeOfRound(round) / hourMs) * hourMs

/** A probe's state with one more verdict in it. */
export function withVerdict(
  state: StateRow | undefined,
  { probe, atMs, verdict, handedInBy }: Taken,
  round: string,
  mark: Mark,
): StateRow {
  const ms = totalMs(verdict)
  const startMs = hourOf(round)
  const passed = mark === 'p'
  // A round that was left over counts in the hour in which it is counted.
  const ends = state && state.hour.startMs < startMs
  const closed = ends ? hourRow(state.hour) : state?.closed
  const hour = state && !ends ? state.hour : { startMs, pass: 0, fail: 0, inconclusive: 0, ms: [] }
  const before = state?.recent.at(-1)?.[1]
  const alike = before !== undefined && isFailure(before) === isFailure(mark) && (before === 'p') === passed
  return {
    probe,
    recent: [...(state?.recent ?? []), [round, mark, ms] as const].slice(-mostPulses) as StateRow['recent'],
    sinceMs: alike && state ? state.sinceMs : atMs,
    lastMs: Math.max(atMs, state?.lastMs ?? 0),
    ...(passed ? { lastPassMs: atMs } : state?.lastPassMs ? { lastPassMs: state.lastPassMs } : {}),
    verdict,
    ...(handedInBy ? { handedInBy } : {}),
    hour: {
      startMs: hour.startMs,
      pass: hour.pass + Number(passed),
      fail: hour.fail + Number(isFailure(mark)),
      inconclusive: hour.inconclusive + Number(mark === 'i'),
      ms: passed ? [...hour.ms, ms] : hour.ms,
    },
    days: withDay(state?.days ?? [], Math.floor(hour.startMs / dayMs), passed, isFailure(mark)),
    ...(closed ? { closed } : {}),
  }
}

export const isFailure = (mark: Mark): boolean => mark === 'f' || mark === 'm'

function withDay(days: Day[], day: number, passed: boolean, failed: boolean): Day[] {
  const last = days.at(-1)
  const [, pass, fail] = last?.[0] === day ? last : [day, 0, 0]
  const others = last?.[0] === day ? days.slice(0, -1) : days
  return [...others, [day, pass + Number(passed), fail + Number(failed)] as Day].slice(-mostDays)
}

/** An hour that is over, as it is kept. */
function hourRow({ startMs, pass, fail, inconclusive, ms }: Hour): HourRow {
  const sorted = ms.toSorted((a, b) => a - b)
  return {
    startMs,
    pass,
    fail,
    inconclusive,
    medianMs: sorted[Math.floor(sorted.length / 2)] ?? 0,
    maxMs: sorted.at(-1) ?? 0,
  }
}

/** Hours of one day as one row. The median of a day is the median of its hours' medians. */
export function collapsed(hours: HourRow[], startMs: number): HourRow {
  const sum = (field: 'pass' | 'fail' | 'inconclusive') => hours.reduce((total, row) => total + row[field], 0)
  const medians = hours.filter(({ pass }) => pass > 0).map(({ medianMs }) => medianMs)
  return {
    ...hourRow({ startMs, pass: 0, fail: 0, inconclusive: 0, ms: medians }),
    pass: sum('pass'),
    fail: sum('fail'),
    inconclusive: sum('inconclusive'),
    maxMs: Math.max(0, ...hours.map(({ maxMs }) => maxMs)),
  }
}

const mostLines = 30
const longestLine = 400
const mostPhases = 20
const mostCharacters = 800

/** Evidence as it is kept: a talkative answer does not fill the tables. */
export const bounded = (verdict: Verdict): Verdict => ({
  ...verdict,
  why: verdict.why.slice(0, longestLine),
  phases: verdict.phases.slice(-mostPhases),
  trace: verdict.trace.slice(0, mostLines).map((line) => line.slice(0, longestLine)),
})

/** Evidence of one failure among thousands: 800 characters, of the trace the end, which tells most. */
export function short(verdict: Verdict): Verdict {
  const without = { ...verdict, phases: verdict.phases.slice(-8), trace: [] }
  let room = mostCharacters - JSON.stringify(without).length
  const from = verdict.trace.findLastIndex((line) => {
    room -= JSON.stringify(line).length + 1
    return room < 0
  })
  return { ...without, trace: verdict.trace.slice(from + 1) }
}
