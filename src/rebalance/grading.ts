import { grade } from '../balance/grade.ts'
import { learnedCapacities, type Sample } from '../balance/index.ts'
import { judgeShadow } from '../balance/shadow.ts'
import type { Weights } from '../gateway/shares.ts'
import type { Group } from './group-state.ts'
import { outcomeOf } from './ownership.ts'
import { type BalanceRow, type DecisionRow, type Grade, minuteMs, minuteOf, type Ungraded } from './rows.ts'

/** Judging moves by what happened after them. Pure. */

/** Gateway units learn of weights within a minute; ten minutes of effect; four until the last of them can be believed. */
const spreadMinutes = 2
const effectMinutes = 10
const settledMinutes = 4

/** How far back a turn must be able to look to judge in time: ten minutes before a move, and a sweep's length more. */
export const lookBackMinutes = effectMinutes + spreadMinutes + effectMinutes + settledMinutes + 10

/** Moves whose minutes of effect can all be believed. */
export const dueForGrading = (row: BalanceRow, nowMs: number): Ungraded[] =>
  row.ungraded.filter(
    ({ atMs }) => nowMs - minuteOf(atMs) >= (spreadMinutes + effectMinutes + settledMinutes) * minuteMs,
  )

/** The minutes a move is judged by: before it, and after it has spread. Ends are not included. */
export function windowsOf(movedMs: number): Record<'before' | 'after', { fromMs: number; untilMs: number }> {
  const changedMs = minuteOf(movedMs)
  const fromMs = changedMs + spreadMinutes * minuteMs
  return {
    before: { fromMs: changedMs - effectMinutes * minuteMs, untilMs: changedMs },
    after: { fromMs, untilMs: fromMs + effectMinutes * minuteMs },
  }
}

/**
 * @param samples of all minutes that were read, whole pool
 * @param groups as they are live, with the memories that have learned from those minutes
 */
export function graded(
  decision: DecisionRow,
  movedMs: number,
  samples: Sample[],
  groups: Group[],
  memories: BalanceRow['memories'],
): Omit<Grade, 'gradedMs'> {
  const windows = windowsOf(movedMs)
  const within = ({ fromMs, untilMs }: { fromMs: number; untilMs: number }) =>
    samples.filter(({ minute }) => Date.parse(minute) >= fromMs && Date.parse(minute) < untilMs)
  return decision.state === 'shadow'
    ? judged(decision, within(windows.after), groups, memories)
    : grade(within(windows.before), within(windows.after))
}

/** Saved tokens that nobody would notice, as a part of those admitted. */
const negligible = 0.005

/** What shadow would have won or lost: demand and capacities as measured, spread by its weights and by those in force. */
function judged(
  decision: DecisionRow,
  samples: Sample[],
  groups: Group[],
  memories: BalanceRow['memories'],
): Omit<Grade, 'gradedMs'> {
  const inForce = decision.inForce ?? decision.before
  const told = lossOf(inForce, outcomeOf(decision), samples, groups, memories)
  if (!told) return { grade: 'cannot tell', why: 'no minute could be measured' }
  const saved = told.before - told.after
  const why = `in ${effectMinutes} minutes it would have turned away ${tokensText(told.after)} and not ${tokensText(told.before)}`
  if (Math.abs(saved) < negligible * told.admitted) return { grade: 'no difference', why }
  return { grade: saved > 0 ? 'helped' : 'hurt', why }
}

/** What a move should do, by the minutes that led to it. */
export function expectation(
  move: { before: Weights; after: Weights },
  samples: Sample[],
  groups: Group[],
  memories: BalanceRow['memories'],
): string {
  const told = lossOf(move.before, move.after, samples, groups, memories)
  if (!told) return 'the shares of the quotas: nothing was measured'
  return `of the last ${effectMinutes} minutes these weights would have turned away ${tokensText(told.after)} and not ${tokensText(told.before)}`
}

/** Tokens turned away under two sets of weights; undefined where nothing was measured. */
function lossOf(
  before: Weights,
  after: Weights,
  samples: Sample[],
  groups: Group[],
  memories: BalanceRow['memories'],
): { before: number; after: number; admitted: number } | undefined {
  const loss = { before: 0, after: 0, admitted: 0 }
  for (const { priority, state } of groups) {
    const names = state.backends.map(({ name }) => name)
    const own = samples.filter(({ backend }) => names.includes(backend))
    const memory = memories[priority]
    const capacities = memory && learnedCapacities(state, memory)
    if (!capacities || own.length === 0) continue
    const told = judgeShadow(only(before, names), only(after, names), own, capacities)
    loss.before += told.actualLost
    loss.after += told.shadowLost
    loss.admitted += own.reduce((sum, { tokens }) => sum + tokens, 0)
  }
  return loss.admitted > 0 ? loss : undefined
}

const tokensText = (tokens: number): string =>
  tokens < 1_000 ? `${Math.round(tokens)} tokens` : `${(tokens / 1_000).toFixed(1)}k tokens`

/** The last minutes of what was read, as many as a move is judged by. */
export const recent = (samples: Sample[], nowMs: number): Sample[] => {
  const fromMs = minuteOf(nowMs) - (effectMinutes + settledMinutes) * minuteMs
  return samples.filter(({ minute }) => Date.parse(minute) >= fromMs)
}

const only = (weights: Weights, names: string[]): Weights =>
  Object.fromEntries(names.flatMap((name) => (weights[name] === undefined ? [] : [[name, weights[name]]])))
