import type { OperationRow, Store } from '../store/store.ts'
import { environmentOf } from './identifier.ts'

/** Reads, changes and writes an operation's row until nobody else was faster. Undefined when there is no such operation. */
export async function updateOperation(
  store: Store,
  id: string,
  change: (row: OperationRow) => OperationRow,
): Promise<OperationRow | undefined> {
  const environment = environmentOf(id)
  if (environment === undefined) return undefined
  for (;;) {
    const found = await store.operations.get(environment, id)
    if (!found) return undefined
    const changed = change(found.value)
    if (changed === found.value) return changed
    if (await store.operations.replace(environment, id, changed, found.etag)) return changed
  }
}
