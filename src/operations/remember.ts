import { isFinal, type Remembered, type Standing } from '../reconcile/standing.ts'
import type { Resource } from '../resources/kind.ts'
import { takenOver } from '../resources/made.ts'
import type { OperationRow } from '../store/store.ts'
import type { World } from './deeds.ts'

/** What a look keeps: how each resource stands, and what is this service's. */

/** Writes the standings that changed, with the moment they did. */
export async function remember(
  { store, log }: World,
  operation: string,
  standings: Standing[],
  before: ReadonlyMap<string, Remembered>,
  nowMs: number,
): Promise<void> {
  const changed = standings.filter((standing) => {
    const old = before.get(standing.resource)
    return old?.phase !== standing.phase || old.reason !== standing.reason || old.message !== standing.message
  })
  await store.standings.putAll(
    operation,
    changed.map((standing) => [
      standing.resource,
      { ...standing, sinceMs: sinceOf(standing, before.get(standing.resource), nowMs) },
    ]),
  )
  for (const { resource, phase, reason, message } of changed)
    if (isFinal(phase) || phase === 'settling')
      log(`${operation}: ${resource} ${phase} (${reason}): ${message}`)
}

/** A new wording of the same trouble does not make it new. */
const sinceOf = (standing: Standing, old: Remembered | undefined, nowMs: number): number =>
  old?.phase === standing.phase && old.reason === standing.reason ? old.sinceMs : nowMs

/** What has gone is no longer in the inventory. */
export async function forgetGone(
  { store }: World,
  { environment }: OperationRow,
  standings: Standing[],
): Promise<void> {
  const gone = new Set(standings.filter(({ phase }) => phase === 'gone').map(({ resource }) => resource))
  for (const { key } of await store.inventory.list(environment))
    if (gone.has(key)) await store.inventory.remove(environment, key)
}

/** What was there as described is in the inventory from now on. */
export const noteAdopted = (
  { store }: World,
  { environment }: OperationRow,
  adopted: Resource[],
): Promise<void> =>
  store.inventory.putAll(
    environment,
    adopted.map((resource) => [resource.key, takenOver(resource)]),
  )
