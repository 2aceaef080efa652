import type { Weights } from '../gateway/shares.ts'
import type { Store } from '../store/store.ts'
import { toBeGraded } from './closing.ts'
import {
  type BalanceRow,
  type DecisionRow,
  decisionId,
  decisionKey,
  decisionsOf,
  type Evidence,
} from './rows.ts'

/** What a turn has come to. */
export type Outcome =
  | { is: 'held'; reason: string; why: string }
  | { is: 'decided' | 'shadow'; after: Weights; why: string; expected: string }

/**
 * The row with that outcome as its latest decision. A hold for the reason of the hold before it is the same decision, gone on. Pure.
 * @param before weights of all members
 */
export function concluded(
  row: BalanceRow,
  outcome: Outcome,
  { before, evidence, nowMs }: { before: Weights; evidence: Evidence | undefined; nowMs: number },
): BalanceRow {
  const { environment, pool, latest } = row
  const seen = evidence ? { evidence } : {}
  if (outcome.is === 'held') {
    const { reason, why } = outcome
    const goesOn = latest?.state === 'held' && latest.reason === reason
    return {
      ...row,
      turnMs: nowMs,
      latest: {
        id: goesOn ? latest.id : decisionId(environment, pool, nowMs, reason.replaceAll(' ', '-')),
        environment,
        pool,
        state: 'held',
        atMs: goesOn ? latest.atMs : nowMs,
        untilMs: nowMs,
        times: goesOn ? (latest.times ?? 1) + 1 : 1,
        reason,
        why,
        before,
        ...seen,
      },
    }
  }
  const { is: state, after, why, expected } = outcome
  const decision: DecisionRow = {
    id: decisionId(environment, pool, nowMs),
    environment,
    pool,
    state,
    atMs: nowMs,
    why,
    expected,
    before,
    after,
    ...seen,
  }
  if (state === 'decided') return { ...row, turnMs: nowMs, latest: decision }
  return {
    ...row,
    turnMs: nowMs,
    latest: { ...decision, ...(row.ours ? { inForce: row.ours } : {}) },
    shadow: { ...before, ...after },
    ungraded: toBeGraded(row, decision, nowMs),
  }
}

/** Copies a decision to where people find it; again changes nothing. */
export const copyOut = (store: Pick<Store, 'decisions'>, decision: DecisionRow): Promise<void> =>
  store.decisions.put(decisionsOf(decision.environment, decision.pool), decisionKey(decision), decision)
