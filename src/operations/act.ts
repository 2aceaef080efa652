import type { Outcome } from '../reconcile/outcome.ts'
import { referred } from '../reconcile/resolve.ts'
import { bearing, mayAppear } from '../reconcile/situation.ts'
import type { JsonObject, Resource } from '../resources/kind.ts'
import { kindOf } from '../resources/kinds.ts'
import { isForeign, knownIds, made, takenOver } from '../resources/made.ts'
import { lockDomain } from '../resources/place.ts'
import { apply, remove } from '../resources/verbs.ts'
import { isFinalState } from '../store/store.ts'
import { approvedSteps } from './approval.ts'
import { isBraked } from './brake.ts'
import type { Acted, Orders, World } from './deeds.ts'
import { environmentOf } from './identifier.ts'
import { holds } from './lease.ts'
import { resourcesOf } from './scope.ts'

/**
 * Writes what the last look asked for: one queue per lock domain, the domains side by side. A queue goes on while Azure answers at once,
 * and stops at the first write that Azure works on or turns away, because the next one would only meet a 409. Nothing is thrown for a reason that
 * lies with Azure; each outcome is kept with the write's intent.
 */
export async function act(world: World, orders: Orders): Promise<Acted> {
  const { store } = world
  const acted: Acted = { done: 0, accepted: 0, later: 0, refused: 0 }
  const environment = environmentOf(orders.operation)
  const found =
    environment === undefined ? undefined : await store.operations.get(environment, orders.operation)
  if (!found || isFinalState(found.value.state) || found.value.cancelRequested) return acted
  if (!(await holds(store, found.value.environment, orders))) return acted

  if (await isBraked(world, found.value)) return acted

  const destroys = found.value.kind === 'destroy'
  const inventory = await store.inventory.list(environment ?? '')
  const known = knownIds(inventory)
  const resources = resourcesOf(world, found.value, inventory)
  const approved = await approvedSteps(world, found.value)
  const wanted = resources.filter(({ key }) => orders.act.includes(key))
  const live = await referredBodies(world, resources, wanted)
  const intents = bearing(
    await store.intents.list(found.value.environment),
    resources,
    orders.operation,
    Date.now(),
  )

  const write = async (resource: Resource): Promise<Outcome> => {
    let intent = {
      resource: resource.key,
      operation: orders.operation,
      attempt: (intents.get(resource.key)?.attempt ?? 0) + 1,
      atMs: Date.now(),
    }
    let begun = false
    const before = intents.get(resource.key)
    const begin = async (isThere: boolean) => {
      // This very deed may have been killed after its call: what Azure does not show yet, it may still be making; what it still shows, removing.
      const shownOtherwise = destroys ? isThere : !isThere
      if (shownOtherwise && before && mayAppear(before, resource, Date.now())) return false
      // Somebody made it since the last look: the next one asks a person.
      const foreign = isThere && isForeign(resource, known)
      if (foreign && approved.get(resource.key)?.action !== 'adopt') return false
      begun = true
      intent = { ...intent, atMs: Date.now() }
      if (!destroys && !(isThere && known.has(resource.id.toLowerCase())))
        await store.inventory.put(
          found.value.environment,
          resource.key,
          foreign ? takenOver(resource) : made(resource),
        )
      await store.intents.put(found.value.environment, resource.key, intent)
      return true
    }
    const outcome = destroys
      ? await remove(world.arm, resource, begin)
      : await apply(world.arm, resource, (key) => live.get(key), begin)
    // A call that was turned away before the write counts too: backing off is per try, not per PUT.
    if (begun || outcome.is === 'later' || outcome.is === 'refused')
      await store.intents.put(found.value.environment, resource.key, { ...intent, outcome })
    world.log(
      `${orders.operation}: ${destroys ? 'removed' : 'wrote'} ${resource.key}, try ${intent.attempt}: ${describe(outcome)}`,
    )
    return outcome
  }

  const queues = Map.groupBy(wanted, (resource) => lockDomain(resource.id))
  await Promise.all(
    [...queues.values()].map(async (queue) => {
      for (const resource of queue) {
        const outcome = await write(resource)
        acted[outcome.is]++
        if (outcome.is !== 'done') return
      }
    }),
  )
  return acted
}

/** Live bodies of the resources the wanted ones refer to. */
async function referredBodies(
  { arm }: World,
  resources: Resource[],
  wanted: Resource[],
): Promise<Map<string, JsonObject>> {
  const keys = new Set(wanted.flatMap(({ body }) => referred(body)))
  const live = new Map<string, JsonObject>()
  for (const resource of resources.filter(({ key }) => keys.has(key))) {
    const read = await arm.read(kindOf(resource), resource.id)
    if (read.is === 'found') live.set(resource.key, read.body)
  }
  return live
}

const describe = (outcome: Outcome): string =>
  outcome.is === 'later' || outcome.is === 'refused'
    ? `${outcome.is} (${outcome.reason}): ${outcome.message}`
    : outcome.is
