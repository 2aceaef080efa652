import { EventType, historyEvent } from './events.ts'
import { isFinal } from './instances.ts'
import type { ManagementReply, ManagementRequest, ManagementServices } from './management.ts'

/** Its activities that are queued or running still run, and nobody hears of them. */
export function terminate(
  { query }: ManagementRequest,
  id: string,
  { store, wake }: ManagementServices,
): ManagementReply {
  const instance = store.instances.get(id)
  if (!instance) return { status: 404 }
  if (isFinal(instance)) return { status: 410 }
  const event = historyEvent({ EventType: EventType.ExecutionTerminated, Input: query.get('reason') })
  store.inbox.send(id, event, { dueMs: Date.now(), execution: null })
  wake()
  return { status: 202 }
}
