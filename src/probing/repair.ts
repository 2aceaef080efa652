import type { Document } from '../environment/schema.ts'
import type { Surroundings } from '../environment/surroundings.ts'
import type { Orchestrations } from '../operations/begin.ts'
import { repairUnasked } from '../operations/repair-unasked.ts'
import type { Store } from '../store/store.ts'
import type { IncidentRow } from './rows.ts'

/** A repair that did not help is not tried again before this; the budget and the back-off of automatic repairs hold besides. */
const thinkAgainMs = 30 * 60_000

/** Begins the repair of an incident's cause when the document lets the service do so by itself, and notes what was decided. */
export async function repairIncident(
  store: Store,
  orchestrations: Orchestrations,
  settings: { autoRepair: boolean; surroundings: Surroundings },
  document: Document,
  incident: IncidentRow,
  clock: { nowMs: number; random: string },
): Promise<IncidentRow> {
  const { repair } = incident.cause
  const due = incident.repair === undefined || clock.nowMs - incident.repair.atMs >= thinkAgainMs
  if (!repair || !due) return incident
  const finding = { ...repair, reason: incident.cause.message, changes: [] }
  const found = {
    environment: document.name,
    checkedMs: clock.nowMs,
    findings: [finding],
    unreadable: 0,
  }
  const decision = await repairUnasked(store, orchestrations, found, settings, clock)
  const decided = {
    ...incident,
    repair: {
      atMs: clock.nowMs,
      decision: decision.is === 'repair' ? 'repairing unasked' : decision.why,
    },
  }
  await store.incidents.put(document.name, incident.id, decided)
  return decided
}
