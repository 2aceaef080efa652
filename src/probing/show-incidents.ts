import type { Cause } from '../probes/diagnose/cause.ts'
import type { Store } from '../store/store.ts'
import type { IncidentRow, Notice } from './rows.ts'

/** What the API shows of incidents. Times are ISO 8601, UTC. */
export interface IncidentView {
  id: string
  state: IncidentRow['state']
  cause: Cause
  openedAt: string
  lastSeenAt: string
  firedAt?: string
  resolvedAt?: string
  confirmedBy: IncidentRow['confirmedBy']
  /** Earlier explanations of the same failure. */
  earlier: string[]
  /** How to undo it, where the service can. */
  repair?: { resource: string; class: string; call: string; decision?: string }
  told: {
    is: Notice['is']
    at: string
    logged: boolean
    acceptedAt?: string
    attempts: number
    trouble?: string
  }[]
}

/** Newest first. */
export async function showIncidents(
  store: Pick<Store, 'incidents'>,
  environment: string,
): Promise<IncidentView[]> {
  return (await store.incidents.list(environment)).toReversed().map((row) => ({
    id: row.id,
    state: row.state,
    cause: row.cause,
    openedAt: iso(row.openedMs),
    lastSeenAt: iso(row.lastSeenMs),
    ...(row.firedMs === undefined ? {} : { firedAt: iso(row.firedMs) }),
    ...(row.resolvedMs === undefined ? {} : { resolvedAt: iso(row.resolvedMs) }),
    confirmedBy: row.confirmedBy,
    earlier: row.earlier,
    ...(row.cause.repair
      ? {
          repair: {
            ...row.cause.repair,
            call: `POST /api/environments/${environment}/repair`,
            ...(row.repair ? { decision: row.repair.decision } : {}),
          },
        }
      : {}),
    told: row.notices.map(({ is, atMs, logged, acceptedMs, attempts, trouble }) => ({
      is,
      at: iso(atMs),
      logged: logged ?? false,
      ...(acceptedMs === undefined ? {} : { acceptedAt: iso(acceptedMs) }),
      attempts,
      ...(trouble === undefined ? {} : { trouble }),
    })),
  }))
}

const iso = (ms: number) => new Date(ms).toISOString()
