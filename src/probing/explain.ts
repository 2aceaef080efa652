import type { Document } from '../environment/schema.ts'
import type { Cause, Failing, Looked } from '../probes/diagnose/cause.ts'
import type { Probe } from '../probes/probe.ts'
import type { Store } from '../store/store.ts'
import { failingNow, type States } from './count.ts'
import { confirmation, incidentOf, isOver, resolved, seen } from './incidents.ts'
import { isGivingRoles, mayBeMissingRole } from './maintenance.ts'
import { mutedBy } from './muted.ts'
import type { Confirmation, IncidentRow } from './rows.ts'
import { suspects } from './suspicion.ts'
import type { Glance, Probes } from './world.ts'

/** Most resources looked at for one round of failures; the likeliest of each failure come first. */
const mostSuspects = 60
const againWithinMs = 15_000

/**
 * After a round: explains what fails, and brings the incidents up to date. Azure is read only when something fails.
 * @param ask asks again, with reads of its own
 * @param glance what the round itself has seen
 * @param incidents of the environment
 * @returns the same, brought up to date
 */
export async function explain(
  store: Pick<Store, 'incidents' | 'intents'>,
  { ask }: Pick<Probes, 'ask'>,
  glance: Glance,
  document: Document,
  probes: Probe[],
  states: States,
  incidents: IncidentRow[],
  moment: { nowMs: number; maintenance: boolean; quietSinceMs: number },
): Promise<IncidentRow[]> {
  const environment = document.name
  const at = { ...moment, environment, states }
  const open = incidents.filter(isOpen)
  const failing = failingNow(document, probes, states, moment.nowMs)
  const muted = mutedBy(probes, failing)
  const roots = suspects(document, probes, states, moment).filter(({ probe }) => !muted.has(probe.id))
  const changed = new Map<string, IncidentRow>()
  if (roots.length > 0) {
    const givesRoles = isGivingRoles(await store.intents.list(environment), moment.nowMs)
    const looked = await glance.look(keysToLookAt(roots))
    for (const cause of looked.explain(roots, muted)) {
      const left = [...open.filter(({ id }) => !changed.has(id)), ...changed.values()]
      const known = incidentOf(cause, left)
      // Two explanations of one incident in one round: the first, which is the likelier, stays.
      if (known && changed.has(known.id)) continue
      const confirmedBy = known?.confirmedBy ?? (await confirmed(ask, document, roots, cause, looked))
      if (!confirmedBy) continue
      const maintenance = moment.maintenance || (givesRoles && mayBeMissingRole(cause, confirmedBy))
      const incident = seen(cause, known, confirmedBy, { ...at, maintenance })
      changed.set(incident.id, incident)
    }
  }
  for (const incident of open)
    if (!changed.has(incident.id) && isOver(incident, probes, states))
      changed.set(incident.id, resolved(incident, moment.nowMs))
  for (const incident of changed.values()) await store.incidents.put(environment, incident.id, incident)
  return [...incidents.filter(({ id }) => !changed.has(id)), ...changed.values()]
}

export const isOpen = ({ state }: IncidentRow): boolean => state !== 'resolved'

/** One from each failure in turn, so that none is left without its likeliest. */
function keysToLookAt(failing: Failing[]): string[] {
  const depth = Math.max(...failing.map(({ probe }) => probe.suspects.length))
  const inTurn = Array.from({ length: depth }, (_, rank) =>
    failing.flatMap(({ probe }) => probe.suspects[rank] ?? []),
  ).flat()
  return [...new Set(inTurn)].slice(0, mostSuspects)
}

async function confirmed(
  ask: Probes['ask'],
  document: Document,
  failing: Failing[],
  cause: Cause,
  { observations }: Looked,
): Promise<Confirmation | undefined> {
  const found = confirmation(cause, (resource) => {
    const observed = observations.get(resource)?.state
    return observed === 'missing' || observed === 'drifted' || observed === 'failed'
  })
  if (found) return found
  const root = failing.find(({ probe }) => cause.roots.includes(probe.id))
  // What is asked from elsewhere cannot be asked again from here.
  if (!root || root.probe.vantage === 'internet') return undefined
  const again = await ask(document, root.probe, AbortSignal.timeout(againWithinMs))
  return again.result === 'fail' ? 'asked again' : undefined
}
