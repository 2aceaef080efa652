import type { Outcome } from './outcome.ts'
import type { Scenario } from './scenario.ts'

/** So many minutes in a row, in which no more of the calls than this fail beyond those that the best weights, without delay, lose too. */
const MINUTES = 3
const BEYOND = 0.01

/**
 * Minutes from the one lasting drop of a run until the calls are served again as well as they can be; as long as the drop where that is never.
 * Undefined where there is no such drop.
 * @param best the same calls with weights that know all at once
 */
export function recoveryMinutes(scenario: Scenario, run: Outcome, best: Outcome): number | undefined {
  const [drop] = scenario.happenings
  if (scenario.family !== 'degrade' || !drop) return undefined
  const { fromMinute, untilMinute } = drop
  for (let minute = Math.ceil(fromMinute); minute + MINUTES <= untilMinute; minute++) {
    const within = (counts: number[]) =>
      counts.slice(minute, minute + MINUTES).reduce((total, count) => total + count, 0)
    const beyond = within(run.failedByMinute) - within(best.failedByMinute)
    if (beyond <= BEYOND * within(run.requestsByMinute)) return minute - fromMinute
  }
  return untilMinute - fromMinute
}
