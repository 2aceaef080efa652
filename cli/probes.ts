import type { Verdict } from '../src/probes/probe.ts'
import type { ProofView } from '../src/probing/proof.ts'
import type { ProbesView, ProbeView } from '../src/probing/show.ts'
import type { IncidentView } from '../src/probing/show-incidents.ts'

/** Probing for people. */

const signs = { passing: '✓', failing: '✗', muted: '·', inconclusive: '?', 'never asked': ' ' }

export function probesLines({ probes, coverage, budget, serviceLevels }: ProbesView): string[] {
  const wide = Math.max(0, ...probes.map(({ id }) => id.length))
  const line = ({ stands, id, layer, beat, recent, ms, why, behind, vantage }: ProbeView) =>
    [
      signs[stands],
      id.padEnd(wide),
      layer.padEnd(7),
      (vantage === 'internet' ? 'by hand' : beat).padEnd(7),
      recent.slice(-12).padStart(12),
      ms === undefined ? '' : `${ms} ms`,
      behind ? `(behind ${behind})` : stands === 'passing' ? '' : (why ?? ''),
    ]
      .join('  ')
      .trimEnd()
  return [
    ...probes.map(line),
    '',
    `coverage: ${coverage.covered} of ${coverage.provable} resources that can be proven; ${coverage.notProvable} assigned, not proven`,
    `budget: at most ${budget.dollars.toFixed(2)} dollars a month (${budget.runs} paid calls, ${budget.promptTokens} + ${budget.completionTokens} tokens)`,
    ...serviceLevels.map(
      ({ journey, availabilityPercent, errorBudgetPercent, objectivePercent }) =>
        `${journey}: ${availabilityPercent === undefined ? 'never asked' : `${availabilityPercent} %`} of ${objectivePercent} %${errorBudgetPercent === undefined ? '' : `, error budget left ${errorBudgetPercent} %`}`,
    ),
  ]
}

/** One verdict, phase by phase. */
export const verdictLines = (
  id: string,
  { result, reason, why, phases, trace, requestId }: Verdict,
): string[] => [
  `${id}: ${result} ${reason}: ${why}`,
  ...phases.map(({ name, ms }) => `  ${name.padEnd(12)} ${ms} ms`),
  ...trace.map((line) => `  | ${line}`),
  ...(requestId === undefined ? [] : [`  request ${requestId}`]),
]

export const incidentLines = (incidents: IncidentView[]): string[] =>
  incidents.length === 0
    ? ['nothing has failed']
    : incidents.flatMap(({ state, cause, openedAt, resolvedAt, repair, earlier, confirmedBy }) => [
        `${openedAt} ${state}${resolvedAt ? ` ${resolvedAt}` : ''}  ${cause.message}`,
        `  ${cause.layer} ${cause.reason}, confirmed by ${confirmedBy}; ${cause.roots.length} failing, ${cause.muted.length} behind them`,
        `  do: ${cause.remedy}`,
        ...(earlier.length > 0 ? [`  first taken for: ${earlier.join(', ')}`] : []),
        ...(repair
          ? [`  repair: ${repair.call} (${repair.class})${repair.decision ? `: ${repair.decision}` : ''}`]
          : []),
      ])

export const proofLines = ({ resources, coverage }: ProofView): string[] => [
  ...resources.map(
    ({ resource, is, why, ageSeconds }) =>
      `${resource.padEnd(60)} ${is}${ageSeconds === undefined ? '' : `, ${ageSeconds} s ago`}${why ? `: ${why}` : ''}`,
  ),
  '',
  `coverage: ${coverage.covered} of ${coverage.provable} (${coverage.percent} %)`,
]
