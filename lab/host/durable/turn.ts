// One turn of one orchestration: what arrived for it joins its history, the orchestrator is run over all of it, and what follows
// is committed in one transaction with the messages it consumed.
import type { App } from './app.ts'
import { EventType, type HistoryEvent, historyEvent, isoTime } from './events.ts'
import { beginExecution } from './execution.ts'
import type { Message } from './inbox.ts'
import { type Instance, isFinal } from './instances.ts'
import { runOrchestrator } from './orchestrator.ts'
import type { Outcome } from './replay.ts'
import type { Work } from './schedule.ts'
import type { Store } from './store.ts'

export interface TurnServices {
  store: Store
  app: App
  /** True once nothing may be committed any more. */
  stopped(): boolean
}

/** Answers how the instance ended, if it did. */
export async function takeTurn(
  id: string,
  { store, app, stopped }: TurnServices,
): Promise<Outcome['ending']> {
  const instance = store.instances.get(id)
  const messages = store.inbox.due(id, Date.now())
  const arrived = instance && !isFinal(instance) ? concerning(instance, messages) : []
  if (!instance || arrived.length === 0) {
    store.transaction(() => store.inbox.delete(messages))
    return null
  }
  const past = store.instances.history(id).map((event) => ({ ...event, IsPlayed: true }))
  const added = [historyEvent({ EventType: EventType.OrchestratorStarted }, -1, turnTimeMs(past)), ...arrived]
  const outcome = terminated(arrived) ?? (await runOrchestrator(instance, [...past, ...added], app))
  if (stopped()) return null
  return store.transaction(() => {
    store.inbox.delete(messages)
    const purged = store.instances.get(id)?.execution !== instance.execution
    if (purged) return null
    commit(store, instance, added, outcome)
    return outcome.ending
  })
}

function concerning(
  instance: Instance,
  messages: (Message & { execution: string | null })[],
): HistoryEvent[] {
  return messages
    .filter(({ execution }) => execution === null || execution === instance.execution)
    .map(({ event }) => event)
}

/** Never earlier than the turn before, whatever the wall clock does: the SDK would ignore it and timers would disagree. */
function turnTimeMs(past: HistoryEvent[]): number {
  const before = past.findLast((event) => event.EventType === EventType.OrchestratorStarted)
  return Math.max(Date.now(), before ? Date.parse(before.Timestamp) : 0)
}

function terminated(arrived: HistoryEvent[]): Outcome | undefined {
  for (const event of arrived) {
    if (event.EventType !== EventType.ExecutionTerminated) continue
    return { newWork: [], ending: { status: 'Terminated', output: event.Input } }
  }
  return undefined
}

function commit(
  store: Store,
  before: Instance,
  added: HistoryEvent[],
  { newWork, ending, customStatus }: Outcome,
) {
  const instance = { ...before, customStatus: customStatus ?? before.customStatus, updatedMs: Date.now() }
  if (ending?.status === 'ContinuedAsNew') {
    store.inbox.deleteOfExecution(instance.id, instance.execution)
    beginExecution(store, { ...instance, status: 'ContinuedAsNew', input: ending.input })
    return
  }
  const events = [...added, ...newWork.map((work) => begin(store, instance, work))]
  if (ending) {
    events.push(completed(ending))
    store.inbox.deleteAll(instance.id)
  }
  events.push(historyEvent({ EventType: EventType.OrchestratorCompleted }))
  store.instances.appendHistory(instance.id, events)
  store.instances.save({ ...instance, status: ending?.status ?? 'Running', output: ending?.output ?? null })
}

function begin(store: Store, { id, execution }: Instance, work: Work): HistoryEvent {
  if (work.kind === 'activity') {
    const input = JSON.stringify(work.input ?? null)
    store.activities.add({ instance: id, execution, task: work.id, name: work.name, input })
    return historyEvent(
      { EventType: EventType.TaskScheduled, Name: work.name, Version: '', Input: null },
      work.id,
    )
  }
  const FireAt = isoTime(work.fireAtMs)
  const fired = historyEvent({ EventType: EventType.TimerFired, TimerId: work.id, FireAt }, -1, work.fireAtMs)
  store.inbox.send(id, fired, { dueMs: work.fireAtMs, execution })
  return historyEvent({ EventType: EventType.TimerCreated, FireAt }, work.id)
}

const statusNumber = { Completed: 1, Failed: 3, Terminated: 5 }

function completed({ status, output }: Exclude<Outcome['ending'], null | { status: 'ContinuedAsNew' }>) {
  return historyEvent({
    EventType: EventType.ExecutionCompleted,
    OrchestrationStatus: statusNumber[status],
    Result: output,
  })
}
