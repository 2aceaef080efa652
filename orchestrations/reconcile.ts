import type { OrchestrationContext, OrchestrationHandler } from 'durable-functions'
import type { Run } from '../src/operations/deeds.ts'
import { call } from './call.ts'

/**
 * One operation, from its first look to its end: look, act, wait, and the same again as a new execution, so that history stays short and
 * a new version of the app can finish what an old one began. Everything worth knowing is in rows; nothing is in here.
 */
export const reconcile: OrchestrationHandler = function* (context: OrchestrationContext) {
  const run = context.df.getInput() as Run
  const seen = yield* call(context, 'look', run)
  if (seen.end) return seen.end
  if (seen.act.length > 0) yield* call(context, 'act', { ...run, act: seen.act })
  const now = context.df.currentUtcDateTime.getTime()
  yield context.df.createTimer(new Date(now + seen.waitSeconds * 1000))
  context.df.continueAsNew(run)
  return undefined
}
