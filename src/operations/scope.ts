import { expand, type Surroundings } from '../environment/expand.ts'
import { referred } from '../reconcile/resolve.ts'
import { isFinal, type Standing } from '../reconcile/standing.ts'
import type { Resource } from '../resources/kind.ts'
import { withRemains } from '../resources/soft-delete.ts'
import type { OperationRow } from '../store/store.ts'

/** The resources an operation is about, in dependency order. */
export function resourcesOf({ kind, document }: OperationRow, surroundings: Surroundings): Resource[] {
  const resources = expand(document, surroundings)
  return kind === 'destroy' ? withRemains(resources) : resources
}

/**
 * Which resources a look must read: those that are not settled and whose turn has come, and those whose live bodies they refer to. A
 * resource that waits for another is not worth a call.
 */
export function toObserve(resources: Resource[], standings: ReadonlyMap<string, Standing>): Resource[] {
  const settled = (key: string) => isFinal(standings.get(key)?.phase ?? 'pending')
  const frontier = resources.filter(({ key, dependsOn }) => !settled(key) && dependsOn.every(isReady))
  const needed = new Set([
    ...frontier.map(({ key }) => key),
    ...frontier.flatMap(({ body }) => referred(body)),
  ])
  return resources.filter(({ key }) => needed.has(key))

  function isReady(key: string): boolean {
    return standings.get(key)?.phase === 'ready'
  }
}

/** The same for a removal: what is not settled, and on which nothing stands any more. */
export function toObserveForRemoval(
  resources: Resource[],
  standings: ReadonlyMap<string, Standing>,
): Resource[] {
  const goes = resources.filter(({ existing }) => !existing)
  const settled = (key: string) => isFinal(standings.get(key)?.phase ?? 'pending')
  const stoodOn = new Set(
    goes.filter(({ key }) => standings.get(key)?.phase !== 'gone').flatMap(({ dependsOn }) => dependsOn),
  )
  return goes.filter(({ key }) => !settled(key) && !stoodOn.has(key))
}
