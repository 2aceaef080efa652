import type { Invocation, LoadedFunction, TypedData, Worker } from '../worker/worker.ts'
import { clientInputs } from './client.ts'

/** The app as Durable sees it: orchestrators and activities by name. */
export interface App {
  orchestrator(name: string): LoadedFunction | undefined
  activity(name: string): LoadedFunction | undefined
  invoke(fn: LoadedFunction, input: TypedData, metadata: Record<string, TypedData>): Promise<Invocation>
}

export function durableApp(worker: Worker, clientBinding: string): App {
  const ofType = (type: string) => (name: string) => {
    const fn = worker.functions.get(name.toLowerCase())
    return fn?.trigger.type.toLowerCase() === type ? fn : undefined
  }
  return {
    orchestrator: ofType('orchestrationtrigger'),
    activity: ofType('activitytrigger'),
    invoke: (fn, input, metadata) =>
      worker.invoke(fn, { [fn.trigger.name]: input, ...clientInputs(fn, clientBinding) }, metadata),
  }
}
