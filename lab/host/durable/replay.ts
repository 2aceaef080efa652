// From history and the SDK's actions to new work. The actions are carried out against the history as the .NET extension does it
// (functions-host.md, E4): what the history shows is done already, what it does not show is new. Pure: no clock, no storage.
import {
  type Action,
  ActionType,
  customStatusRefusal,
  type OrchestratorReply,
  type OrchestratorState,
  refusal,
} from './actions.ts'
import { EventType, type HistoryEvent } from './events.ts'
import { allOf, anyOf, Future, happened } from './future.ts'
import { Schedule, type Work } from './schedule.ts'
import { longestTimerMs, longTimerStepMs } from './timers.ts'

type Ending =
  | { status: 'Completed' | 'Failed' | 'Terminated'; output: string | null }
  | { status: 'ContinuedAsNew'; input: string | null }

/** `ending` is null while the orchestration goes on; `customStatus` (JSON) undefined leaves what was set before. */
export interface Outcome {
  newWork: Work[]
  ending: Ending | null
  customStatus?: string | undefined
}

export interface Orchestrator {
  name: string
  isActivity(name: string): boolean
}

export function replay(
  history: HistoryEvent[],
  reply: OrchestratorReply,
  orchestrator: Orchestrator,
): Outcome {
  const { name, isActivity } = orchestrator
  const failure = (why: string): Ending => ({
    status: 'Failed',
    output: `Orchestrator function '${name}' failed: ${why}`,
  })
  if ('broken' in reply) return { newWork: [], ending: failure(reply.broken) }
  const customStatus = reply.customStatus === undefined ? undefined : JSON.stringify(reply.customStatus)
  const tooLarge = customStatus && customStatusRefusal(customStatus)
  if (tooLarge) return { newWork: [], ending: failure(tooLarge) }
  const refused = refusal(reply.actions, isActivity)
  if (refused) return { newWork: [], ending: failure(refused), customStatus }

  const { schedule, reachedEnd, mismatch } = carryOut(reply.actions, history)
  if (mismatch) return { newWork: [], ending: { status: 'Failed', output: mismatch }, customStatus }
  // An orchestrator that returned keeps running until everything it scheduled has ended, as in DTFx.
  const ended = reachedEnd && !schedule.hasOpen
  const ending = reply.error === undefined ? endOf(reply) : failure(reply.error)
  return { newWork: schedule.newWork, ending: ended ? ending : null, customStatus }
}

function endOf({ isDone, actions, output }: OrchestratorState): Ending | null {
  if (!isDone) return null
  const again = actions.find((action) => action.actionType === ActionType.ContinueAsNew)
  if (again) return { status: 'ContinuedAsNew', input: jsonOrNull(again.input) }
  return { status: 'Completed', output: jsonOrNull(output) }
}

const jsonOrNull = (value: unknown) => (value === undefined || value === null ? null : JSON.stringify(value))

function carryOut(actions: Action[], history: HistoryEvent[]) {
  const schedule = new Schedule()
  let nowMs = 0
  let reachedEnd = false
  let mismatch: string | undefined

  function invoke(action: Action): Future {
    switch (action.actionType) {
      case ActionType.CallActivity:
        return schedule.activity(action.functionName, action.input)
      case ActionType.CreateTimer:
        return timer(Date.parse(action.fireAt), action.isCanceled)
      case ActionType.WhenAny:
        return anyOf(action.compoundActions.map(invoke))
      case ActionType.WhenAll:
        return allOf(action.compoundActions.map(invoke))
      case ActionType.ContinueAsNew:
        return happened()
    }
  }

  function timer(fireAtMs: number, cancelled: boolean): Future {
    const isLong = fireAtMs - nowMs > longestTimerMs
    const firstMs = isLong ? nowMs + longTimerStepMs : fireAtMs
    if (cancelled) {
      schedule.cancelledTimer(firstMs)
      return happened()
    }
    const first = schedule.timer(firstMs)
    return isLong ? goingOn(first, fireAtMs) : first
  }

  /** A timer further away than the longest one is a chain of shorter ones, each with a number of its own. */
  function goingOn(step: Future, fireAtMs: number): Future {
    const whole = new Future()
    step.whenSettled(() => {
      if (fireAtMs <= nowMs) whole.settle()
      else timer(fireAtMs, false).whenSettled(() => whole.settle())
    })
    return whole
  }

  function drive(from: number) {
    const action = actions[from]
    if (action) invoke(action).whenSettled(() => drive(from + 1))
    else reachedEnd = true
  }

  for (const event of history) {
    switch (event.EventType) {
      case EventType.OrchestratorStarted:
        nowMs = Date.parse(event.Timestamp)
        break
      case EventType.ExecutionStarted:
        drive(0)
        break
      case EventType.TaskScheduled:
      case EventType.TimerCreated:
        mismatch ??= schedule.match(event)
        break
      case EventType.TaskCompleted:
      case EventType.TaskFailed:
        schedule.settle(event.TaskScheduledId)
        break
      case EventType.TimerFired:
        schedule.settle(event.TimerId)
        break
    }
  }
  return { schedule, reachedEnd, mismatch }
}
