import type { OrchestrationContext, Task } from 'durable-functions'
import type { Activities } from '../src/activities.ts'

/** Calls an activity by its own type: a wrong name or input does not compile. There are no retries; outcomes are data. */
export function* call<Name extends keyof Activities>(
  context: OrchestrationContext,
  name: Name,
  input: Parameters<Activities[Name]>[0],
): Generator<Task, Awaited<ReturnType<Activities[Name]>>, unknown> {
  return (yield context.df.callActivity(name, input)) as Awaited<ReturnType<Activities[Name]>>
}
