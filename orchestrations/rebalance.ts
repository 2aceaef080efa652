import type { OrchestrationContext, OrchestrationHandler } from 'durable-functions'
import type { Watched } from '../src/rebalance/deeds.ts'
import { call } from './call.ts'

const minuteMs = 60_000
/** Past the full minute, at which everybody's schedules fire. */
const pastMinuteMs = 10_000
/** Two turns never fall into one minute. */
const leastApartMs = 40_000

/**
 * An episode: one pool, a turn every minute, until all has been quiet for a while. Each turn is an execution of its own, so that history stays short;
 * all it knows is in the pool's row.
 */
export const rebalance: OrchestrationHandler = function* (context: OrchestrationContext) {
  const watched = context.df.getInput() as Watched
  const turn = yield* call(context, 'decideWeights', watched)
  if (turn.write !== undefined) yield* call(context, 'setWeights', { ...watched, decision: turn.write })
  if (turn.over) return 'quiet'
  const now = context.df.currentUtcDateTime.getTime()
  const next = Math.ceil((now + leastApartMs - pastMinuteMs) / minuteMs) * minuteMs + pastMinuteMs
  yield context.df.createTimer(new Date(next))
  context.df.continueAsNew(watched)
  return undefined
}
