import { type Instance, isFinal } from './instances.ts'
import type { ManagementReply, ManagementRequest, ManagementServices } from './management.ts'
import { readFilter } from './queries.ts'
import type { Store } from './store.ts'

export function purgeOne(id: string, { store }: ManagementServices): ManagementReply {
  const instance = store.instances.get(id)
  if (!instance) return { status: 404 }
  if (!isFinal(instance)) {
    const body =
      'Only orchestrations in a terminal state can be purged, but the orchestration with instance ID ' +
      `${id} has status ${instance.status}`
    return { status: 412, body }
  }
  forget([instance], store)
  return { status: 200, body: { instancesDeleted: 1 } }
}

/** Only final ones, unless the filter asks for others by their status. */
export function purgeMany({ query }: ManagementRequest, { store }: ManagementServices): ManagementReply {
  const filter = readFilter(query)
  if (filter.createdFromMs === undefined) {
    return { status: 400, body: "Please provide value for 'createdTimeFrom' parameter." }
  }
  const found = store.instances.list(filter, { afterId: '', count: Number.MAX_SAFE_INTEGER })
  const chosen = filter.statuses.length > 0 ? found : found.filter(isFinal)
  if (chosen.length === 0) return { status: 404 }
  forget(chosen, store)
  return { status: 200, body: { instancesDeleted: chosen.length } }
}

function forget(chosen: Instance[], store: Store) {
  store.transaction(() => {
    for (const { id } of chosen) {
      store.instances.delete(id)
      store.inbox.deleteAll(id)
    }
  })
}
