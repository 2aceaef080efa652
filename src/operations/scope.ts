import { expand } from '../environment/expand.ts'
import { groundOf } from '../reconcile/at-rest.ts'
import { referred } from '../reconcile/resolve.ts'
import { isFinal, type Standing } from '../reconcile/standing.ts'
import type { Resource } from '../resources/kind.ts'
import { leftBehind, type Made } from '../resources/made.ts'
import { withRemains } from '../resources/soft-delete.ts'
import type { OperationRow } from '../store/store.ts'
import type { World } from './deeds.ts'

/**
 * The resources an operation is about, in dependency order: what the document describes; for a removal also what earlier documents did, and
 * what Azure keeps of deleted services.
 */
export function resourcesOf(
  { surroundings }: Pick<World, 'surroundings'>,
  { kind, document }: OperationRow,
  inventory: Made[],
): Resource[] {
  const described = expand(document, surroundings)
  if (kind !== 'destroy') return described
  return withRemains([...described, ...leftBehind(described, inventory)])
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
    ...frontier
      .filter(({ key }) => standings.get(key)?.phase !== 'settling')
      .flatMap((resource) => groundOf(resource, resources)?.key ?? []),
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
