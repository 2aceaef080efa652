import type { AlertsView } from '../src/alerts/show.ts'

/** Alerts for people, the newest last. */
export const alertLines = ({ alerts, deadLetters }: AlertsView): string[] => [
  ...alerts
    .toReversed()
    .map(({ kind, condition, rule, severity, firedAt, resolvedAt, targets, ...about }) => {
      const { pool, backend, deployment, value, health } = about
      const subject = pool ? `${pool}/${backend}` : (targets[0]?.split('/providers/').at(-1) ?? '')
      const measured = [deployment, value, health].filter((one) => one !== undefined).join(' ')
      const at = condition === 'resolved' ? (resolvedAt ?? firedAt) : firedAt
      return `${at} ${condition.padEnd(8)} ${severity} ${kind} ${subject} ${measured} (${rule})`
    }),
  ...deadLetters.toReversed().map(({ enqueuedAt, reason }) => `${enqueuedAt} not an alert: ${reason}`),
]
