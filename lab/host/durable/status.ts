// How the management API shows an instance and its history (functions-host.md, E11).
import { EventType, eventName, type HistoryEvent } from './events.ts'
import type { Instance } from './instances.ts'
import { parsedOrText } from './typed.ts'

export function statusOf(instance: Instance, showInput: boolean) {
  return {
    name: instance.name,
    instanceId: instance.id,
    runtimeStatus: instance.status,
    input: showInput ? parsedOrText(instance.input) : null,
    customStatus: parsedOrText(instance.customStatus),
    output: parsedOrText(instance.output),
    createdTime: wholeSeconds(instance.createdMs),
    lastUpdatedTime: wholeSeconds(instance.updatedMs),
  }
}

const wholeSeconds = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`

const statusNames = new Map([
  [1, 'Completed'],
  [3, 'Failed'],
  [5, 'Terminated'],
])

const leftOut = ['EventId', 'IsPlayed', 'TaskScheduledId', 'TimerId', 'Version']

/** Tasks that ended appear once, at their end; the turns themselves do not appear. */
export function historyView(events: HistoryEvent[], show: { output: boolean; input: boolean }) {
  const scheduled = new Map<number, Extract<HistoryEvent, { EventType: 4 }>>()
  const ended = new Set<number>()
  for (const event of events) {
    if (event.EventType === EventType.TaskScheduled) scheduled.set(event.EventId, event)
    if ('TaskScheduledId' in event) ended.add(event.TaskScheduledId)
  }
  return events
    .filter(({ EventType: type, EventId }) => {
      if (type === EventType.OrchestratorStarted || type === EventType.OrchestratorCompleted) return false
      return type !== EventType.TaskScheduled || !ended.has(EventId)
    })
    .map((event) => shown(event, scheduled, show))
}

function shown(
  event: HistoryEvent,
  scheduled: Map<number, Extract<HistoryEvent, { EventType: 4 }>>,
  show: { output: boolean; input: boolean },
) {
  const view: Record<string, unknown> = { ...event, EventType: eventName(event) }
  const task = 'TaskScheduledId' in event ? scheduled.get(event.TaskScheduledId) : undefined
  if (task) Object.assign(view, { ScheduledTime: task.Timestamp, FunctionName: task.Name })
  if (event.EventType === EventType.ExecutionStarted) {
    view['FunctionName'] = event.Name
    for (const key of ['Name', 'OrchestrationInstance', 'ParentInstance']) delete view[key]
  }
  if (event.EventType === EventType.ExecutionCompleted) {
    view['OrchestrationStatus'] = statusNames.get(event.OrchestrationStatus)
  }
  if ('Result' in event) {
    if (show.output) view['Result'] = parsedOrText(event.Result)
    else delete view['Result']
  }
  for (const key of show.input ? leftOut : [...leftOut, 'Input']) delete view[key]
  return view
}
