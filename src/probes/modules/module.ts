import type { Evidence, Expectation, ModuleName, Targets, Verdict } from '../probe.ts'
import type { Judged, Judgement } from '../reason.ts'
import type { Tools } from '../tools.ts'

/**
 * A module asks one kind of question once and judges the answer by itself. It returns what went wrong; what it throws is its own defect.
 * `expect` counts for those that can be turned round (dns, tcp, page); the others must work, and `denied` must fail.
 */
export type Module<Name extends ModuleName> = (
  target: Targets[Name],
  tools: Tools,
  signal: AbortSignal,
  expect: Expectation,
) => Promise<Judged>

export const nothingSeen: Evidence = { phases: [], trace: [] }

/** A judgement with its evidence; whatever else the evidence carries is left behind. */
export const judged = (
  { result, reason, why, stoppedIn }: Judgement,
  { phases, trace, requestId }: Evidence,
): Judged => ({
  result,
  reason,
  why,
  phases,
  trace,
  ...(requestId === undefined ? {} : { requestId }),
  ...(stoppedIn === undefined ? {} : { stoppedIn }),
})

/** Went no further: a failure, unless it was this side that gave up. */
export const halted = (
  { reason, why, layer }: { reason: Judged['reason']; why: string; layer: Verdict['stoppedIn'] & string },
  evidence: Evidence,
): Judged =>
  judged(
    { result: reason === 'Cancelled' ? 'inconclusive' : 'fail', reason, why, stoppedIn: layer },
    evidence,
  )
