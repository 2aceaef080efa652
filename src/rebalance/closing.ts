import { outcomeOf } from './ownership.ts'
import { type BalanceRow, type DecisionRow, decisionKey, type Ungraded } from './rows.ts'
import { withoutWrite } from './ruling.ts'

/** What the end of a decision means for its pool. Pure. */

const hourMs = 3_600_000
/** More moves than these wait for a judgement only when nothing can be measured. */
const mostUngraded = 20

/** The row once its latest decision has come to its end, whichever turn saw it. */
export function closed(row: BalanceRow, decision: DecisionRow, nowMs: number): BalanceRow {
  const ended = { ...row, latest: decision }
  switch (decision.state) {
    case 'written':
      return {
        ...ended,
        ours: outcomeOf(decision),
        writesMs: [...row.writesMs.filter((ms) => ms > nowMs - hourMs), decision.writtenMs ?? nowMs],
        ungraded: toBeGraded(row, decision, decision.writtenMs ?? nowMs),
      }
    case 'refused':
      return {
        ...unwritten(ended, decision.atMs),
        hold: {
          reason: 'refused',
          found: decision.before,
          sinceMs: nowMs,
          untilMs: nowMs + hourMs,
          message: `Azure will not take new weights: ${decision.why}. The next try is in an hour, or once it is released`,
        },
      }
    case 'lost':
    case 'not written':
      return unwritten(ended, decision.atMs)
    default:
      return ended
  }
}

/** The moves to be judged, with one more. */
export const toBeGraded = (row: BalanceRow, decision: DecisionRow, atMs: number): Ungraded[] =>
  [...row.ungraded, { key: decisionKey(decision), atMs }].slice(-mostUngraded)

const unwritten = (row: BalanceRow, atMs: number): BalanceRow => ({
  ...row,
  memories: withoutWrite(row.memories, atMs),
})
