// What begins a function other than a request and Durable: its schedule, an event, or a hand.
import type { Alarms } from './clock/alarms.ts'
import { type EventHubOptions, type EventHubs, openEventHubs } from './events/event-hubs.ts'
import { eventText } from './http/mounts.ts'
import type { Log } from './log.ts'
import type { TimerStatuses } from './timers/status.ts'
import { openTimers, type Timers } from './timers/timers.ts'
import { invokeWithRetry } from './worker/retry.ts'
import type { Invocation, LoadedFunction, TypedData, Worker } from './worker/worker.ts'

/** All inputs of one run: the trigger's value, and a Durable client where the function asks for one. */
export type Inputs = (fn: LoadedFunction, input: TypedData) => Record<string, TypedData>

export interface Triggers {
  timers: Timers
  eventHubs: EventHubs
  /** `POST /admin/functions/{name}`. Null: HTTP has its own door, orchestrations are started by a client. */
  fire(fn: LoadedFunction, input: unknown): Promise<Invocation | undefined> | null
}

export function openTriggers(
  options: {
    worker: Worker
    inputs: Inputs
    alarms: Alarms
    statuses: TimerStatuses
    log: Log
  } & Omit<EventHubOptions, 'functions' | 'run'>,
): Triggers {
  const { worker, inputs, alarms, statuses, log, ...forEvents } = options
  const pause = (ms: number) => alarms.until(Date.now() + ms)
  const run = (fn: LoadedFunction, input: TypedData, metadata: Record<string, TypedData>) =>
    invokeWithRetry(worker, fn, inputs(fn, input), metadata, pause)
  const timers = openTimers({ functions: worker.ofType('timerTrigger'), alarms, statuses, run, log })
  const eventHubs = openEventHubs({ functions: worker.ofType('eventHubTrigger'), run, log, ...forEvents })

  function fire(fn: LoadedFunction, input: unknown) {
    switch (fn.trigger.type.toLowerCase()) {
      case 'timertrigger':
        return timers.fire(fn)
      case 'eventhubtrigger':
        return eventHubs.fire(fn, (Array.isArray(input) ? input : [input ?? '']).map(eventText))
      case 'activitytrigger':
        return worker.invoke(fn, inputs(fn, { string: eventText(input ?? '') }))
      default:
        return null
    }
  }
  return { timers, eventHubs, fire }
}
