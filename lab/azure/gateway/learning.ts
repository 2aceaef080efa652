import { keyOf } from '../arm/ids.ts'
import type { Resource } from '../arm/kind.ts'
import { type Configuration, entitiesOf, poolOf, readConfiguration } from './configuration.ts'
import type { GatewayWorld } from './gateway-world.ts'
import { newUnit, type Unit } from './unit.ts'

/**
 * How the units of a service hear of changes: each for itself, after a wait of its own (the temper's `gatewayLearns`), so that two may
 * disagree meanwhile. Writes are noticed with the next call and dated by what they settled; a deletion bears no date, so its wait
 * counts from the last call before it.
 */
export type Learning = {
  /** Whether anything may have changed, and when that was last looked at. */
  revision: number
  lookedAt: number
  latest: Configuration
  changes: number
  units: Unit[]
}

export function beginLearning(service: Resource, world: GatewayWorld): Learning {
  const { azure } = world
  const now = azure.clock.now()
  const slowestMs = (azure.temper.delays['gatewayLearns']?.[1] ?? 0) * 1000
  const entities = entitiesOf(service, azure).filter(({ createdAt }) => createdAt <= now - slowestMs)
  const latest = readConfiguration(service, entities, azure)
  return { revision: -1, lookedAt: now, latest, changes: 0, units: [] }
}

/** Brings the units up to the moment: how many there are, and what each knows by now. */
export function learn(learning: Learning, service: Resource, world: GatewayWorld): void {
  const { azure, switches } = world
  const now = azure.clock.now()
  const { units } = learning
  const { capacity = 1 } = (service.beside['sku'] ?? {}) as { capacity?: number }
  const wanted = Math.max(switches.units, capacity)
  units.length = Math.min(units.length, wanted)
  while (units.length < wanted) units.push(newUnit(units.length, learning.latest))
  const { revision } = azure.world.resources
  if (revision !== learning.revision) notice(learning, service, world, now)
  learning.revision = revision
  learning.lookedAt = now
  for (const unit of units) catchUp(unit, now, world)
}

function notice(learning: Learning, service: Resource, world: GatewayWorld, now: number): void {
  const entities = entitiesOf(service, world.azure)
  const { latest } = learning
  const fresh = entities.filter((entity) => latest.entities.get(keyOf(entity.id)) !== entity)
  const vanished =
    latest.entities.size + fresh.filter(({ id }) => !latest.entities.has(keyOf(id))).length > entities.length
  if (fresh.length === 0 && !vanished && latest.service === service) return
  const settled = fresh.map(({ settledAt }) => settledAt ?? now)
  const changedAt = Math.min(now, Math.max(learning.lookedAt * Number(vanished), ...settled))
  learning.latest = readConfiguration(service, entities, world.azure)
  learning.changes += 1
  for (const unit of learning.units) {
    const waitMs = world.azure.delayMs('gatewayLearns', keyOf(service.id), unit.number, learning.changes)
    unit.learning.push({ at: changedAt + waitMs, configuration: learning.latest })
  }
}

/** The newest that has arrived; what was on its way before it is out of date. */
function catchUp(unit: Unit, now: number, { switches }: GatewayWorld): void {
  if (unit.learning.length === 0) return
  const arrived = unit.learning.findLastIndex(({ at }) => at <= now)
  const next = unit.learning[arrived]?.configuration
  if (!next) return
  unit.learning.splice(0, arrived + 1)
  const before = unit.known
  unit.known = next
  for (const [key, backend] of before.backends) {
    const after = next.backends.get(key)
    if (!after) {
      unit.breakers.delete(key)
      unit.turns.delete(key)
    } else if (after !== backend && switches.poolPutResetsBreakers) {
      unit.breakers.delete(key)
      for (const member of poolOf(after, next).members) unit.breakers.delete(member.key)
    }
  }
}
