import { type AlertRow, allEnvironments, onePartition, type Store } from '../store/store.ts'
import { timeKey } from './record.ts'

/** A notice as the API shows it. Times are ISO 8601, UTC. */
export interface AlertView extends Omit<AlertRow, 'firedMs' | 'resolvedMs' | 'recordedMs'> {
  firedAt: string
  resolvedAt?: string
  recordedAt: string
}

export interface AlertsView {
  /** Newest first. */
  alerts: AlertView[]
  /** What came to the hub and was no alert, newest first; it belongs to no environment. */
  deadLetters: { enqueuedAt: string; reason: string; text: string }[]
}

const mostAlerts = 1_000
const mostDeadLetters = 100

/**
 * What was recorded since a moment.
 * @param environment only what is about it: its pools' alerts, and the health of what is in its resource group
 */
export async function showAlerts(
  store: Pick<Store, 'alerts' | 'deadLetters' | 'environments'>,
  { environment, sinceMs }: { environment?: string | undefined; sinceMs: number },
): Promise<AlertsView> {
  const from = timeKey(sinceMs)
  const about = environment === undefined ? () => true : await concerning(store, environment)
  const alerts = (await store.alerts.list(onePartition, { from })).filter(about)
  const letters = await store.deadLetters.list(onePartition, { from })
  return {
    alerts: alerts.toReversed().slice(0, mostAlerts).map(view),
    deadLetters: letters
      .toReversed()
      .slice(0, mostDeadLetters)
      .map(({ enqueuedMs, reason, text }) => ({ enqueuedAt: iso(enqueuedMs), reason, text })),
  }
}

async function concerning({ environments }: Pick<Store, 'environments'>, name: string) {
  const stored = await environments.get(allEnvironments, name)
  const group = stored && `/resourcegroups/${stored.value.document.resourceGroup.toLowerCase()}/`
  return ({ kind, environment, targets }: AlertRow) =>
    environment === name ||
    (kind === 'health' && group !== undefined && targets.some((id) => id.includes(group)))
}

const iso = (ms: number) => new Date(ms).toISOString()

const view = ({ firedMs, resolvedMs, recordedMs, ...rest }: AlertRow): AlertView => ({
  ...rest,
  firedAt: iso(firedMs),
  ...(resolvedMs === undefined ? {} : { resolvedAt: iso(resolvedMs) }),
  recordedAt: iso(recordedMs),
})
