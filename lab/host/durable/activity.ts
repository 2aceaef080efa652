// One run of one activity. It happens at least once: what is committed at the end takes it off the queue and tells the
// orchestration in one transaction, so a kill before that moment means it runs again, and after it never.
import type { Invocation, TypedData } from '../worker/worker.ts'
import type { QueuedActivity } from './activity-queue.ts'
import type { App } from './app.ts'
import { EventType, type FailureDetails, type HistoryEvent, historyEvent } from './events.ts'
import type { TurnServices } from './turn.ts'
import { fromTyped, parsedOrText } from './typed.ts'

/** Answers why it failed, if it did. */
export async function runActivity(
  activity: QueuedActivity,
  { store, app, stopped }: TurnServices,
): Promise<string | undefined> {
  const completion = completionOf(activity, await invoke(activity, app))
  if (stopped()) return undefined
  store.transaction(() => {
    store.activities.delete(activity.seq)
    store.inbox.send(activity.instance, completion, { dueMs: Date.now(), execution: activity.execution })
  })
  return completion.EventType === EventType.TaskFailed ? completion.Reason : undefined
}

async function invoke({ name, instance, input }: QueuedActivity, app: App): Promise<Invocation> {
  const fn = app.activity(name)
  if (!fn) return { ok: false, error: new Error(`Activity function '${name}' does not exist.`) }
  const value: unknown = JSON.parse(input)
  const encoded = encodeInput(value)
  const metadata: Record<string, TypedData> = { instanceId: { string: instance } }
  if (encoded.string !== undefined) {
    metadata[fn.trigger.name] = encoded
    metadata['data'] = { json: input }
  }
  return app.invoke(fn, encoded, metadata)
}

/** The .NET host hands the worker a text, which the library parses if it can: booleans arrive as "True" and "False". */
function encodeInput(value: unknown): { string?: string } {
  if (value === null || value === undefined) return {}
  if (typeof value === 'string') return { string: value }
  if (typeof value === 'boolean') return { string: value ? 'True' : 'False' }
  return { string: JSON.stringify(value) }
}

function completionOf({ task, name }: QueuedActivity, invocation: Invocation): HistoryEvent {
  if (invocation.ok) {
    const value = fromTyped(invocation.value)
    const Result = value === null ? null : JSON.stringify(value)
    return historyEvent({ EventType: EventType.TaskCompleted, TaskScheduledId: task, Result })
  }
  const { error } = invocation
  const details = failureDetails(error.message)
  const message = ` ${details?.ErrorMessage ?? error.message}`
  return historyEvent({
    EventType: EventType.TaskFailed,
    TaskScheduledId: task,
    Reason: `Activity function '${name}' failed: ${message}`,
    Details: JSON.stringify({
      ClassName: 'System.Exception',
      Message: message,
      StackTraceString: error.stack ?? null,
    }),
    FailureDetails: details,
  })
}

/** With an exception properties provider (SDK 3.5) the message of an activity's error is itself JSON. */
function failureDetails(message: string): FailureDetails | null {
  const thrown = parsedOrText(message) as Record<string, unknown> | null
  if (typeof thrown?.['errorType'] !== 'string' || typeof thrown['errorMessage'] !== 'string') return null
  return {
    ErrorType: thrown['errorType'],
    ErrorMessage: thrown['errorMessage'],
    StackTrace: typeof thrown['stackTrace'] === 'string' ? thrown['stackTrace'] : null,
    InnerFailure: null,
    IsNonRetriable: thrown['isNonRetriable'] === true,
    Properties: thrown['properties'] ?? null,
  }
}
