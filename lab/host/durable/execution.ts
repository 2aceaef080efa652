import { randomUUID } from 'node:crypto'
import { EventType, historyEvent } from './events.ts'
import type { Instance } from './instances.ts'
import type { Store } from './store.ts'

export const newId = () => randomUUID().replaceAll('-', '')

/**
 * Begins a new execution of an instance, within a transaction: at a start, and at every continue-as-new. The time of creation
 * is that of the latest execution, as in Azure Storage.
 */
export function beginExecution(
  store: Store,
  instance: Pick<Instance, 'id' | 'name' | 'version' | 'status' | 'input' | 'customStatus'>,
) {
  const { id, name, version, input } = instance
  const execution = newId()
  const nowMs = Date.now()
  store.instances.clearHistory(id)
  store.instances.save({ ...instance, execution, output: null, createdMs: nowMs, updatedMs: nowMs })
  const started = historyEvent({
    EventType: EventType.ExecutionStarted,
    Name: name,
    Version: version,
    Input: input,
    OrchestrationInstance: { InstanceId: id, ExecutionId: execution },
    ParentInstance: null,
  })
  store.inbox.send(id, started, { dueMs: nowMs, execution })
}
