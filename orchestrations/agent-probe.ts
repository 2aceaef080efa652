import type { OrchestrationContext, OrchestrationHandler } from 'durable-functions'
import type { AgentRun } from '../src/probing/agent-run.ts'
import { call } from './call.ts'

/** One run of an agent's life cycle. It takes minutes and leaves things behind when it dies, so it is begun again where it died. */
export const agentProbe: OrchestrationHandler = function* (context: OrchestrationContext) {
  return yield* call(context, 'askAgent', context.df.getInput() as AgentRun)
}
