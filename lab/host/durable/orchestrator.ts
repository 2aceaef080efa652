import { type OrchestratorReply, readReply } from './actions.ts'
import type { App } from './app.ts'
import type { HistoryEvent } from './events.ts'
import type { Instance } from './instances.ts'
import { type Outcome, replay } from './replay.ts'
import { longestTimerMs, longTimerStepMs, timeSpan } from './timers.ts'
import { parsedOrText } from './typed.ts'

/** The app's orchestrator does not know what has happened: it is run from its beginning over the whole history, every turn. */
export async function runOrchestrator(
  instance: Instance,
  history: HistoryEvent[],
  app: App,
): Promise<Outcome> {
  const reply = await invoke(instance, history, app)
  return replay(history, reply, {
    name: instance.name,
    isActivity: (name) => app.activity(name) !== undefined,
  })
}

async function invoke(
  { id, name, input }: Instance,
  history: HistoryEvent[],
  app: App,
): Promise<OrchestratorReply> {
  const fn = app.orchestrator(name)
  if (!fn) {
    const broken = `The function '${name}' doesn't exist, is disabled, or is not an orchestrator function.`
    return { broken }
  }
  const payload = {
    history,
    input: parsedOrText(input),
    instanceId: id,
    isReplaying: history[0]?.IsPlayed ?? false,
    parentInstanceId: null,
    upperSchemaVersion: 1,
    upperSchemaVersionNew: 3,
    maximumShortTimerDuration: timeSpan(longestTimerMs),
    longRunningTimerIntervalDuration: timeSpan(longTimerStepMs),
    // The spelling is Azure's. Without it callHttp dies inside the SDK instead of being refused by name.
    defaultHttpAsyncRequestSleepTimeMillseconds: 30_000,
  }
  return readReply(await app.invoke(fn, { string: JSON.stringify(payload) }, { instanceId: { string: id } }))
}
