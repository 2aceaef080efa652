import type { GatewayLogs } from '../azure/gateway-logs.ts'
import type { Metrics } from '../azure/metrics.ts'
import { textAt } from '../environment/raw.ts'
import type { Figures } from './figures.ts'
import type { LiveGateway } from './live.ts'
import type { Unread } from './read.ts'

/** Where measurements come from; the log is absent in an installation without a workspace. */
export interface Gauges {
  metrics: Metrics
  gatewayLogs: GatewayLogs | undefined
}

/** What a finding's figure is measured over. */
const hours = 3
/** Newer minutes are not complete: metrics are filled within some minutes, logs take up to ten. */
const settledAfterMs = 10 * 60_000

/** The last hours of the deployments behind a gateway, and of its own answers. At most two reads an account, and one of the log. */
export async function readFigures(
  { metrics, gatewayLogs }: Gauges,
  { service, accounts }: LiveGateway,
  nowMs: number,
): Promise<{ figures: Figures; unread: Unread[] }> {
  const untilMs = nowMs - settledAfterMs
  const span = { fromMs: untilMs - hours * 3_600_000, untilMs }
  const asked = accounts.map(({ account }) => ({
    id: textAt(account, 'id') ?? '',
    location: textAt(account, 'location') ?? '',
  }))
  const serviceId = textAt(service, 'id')
  const [measured, logged] = await Promise.all([
    metrics.minutes(asked, span),
    serviceId === undefined ? undefined : gatewayLogs?.minutes(serviceId, span),
  ])
  const unread: Unread[] = []
  const refused = (resource: string, { code, status }: { code: string; status?: number | undefined }) => {
    unread.push({ resource, reason: code || `Http${status}` })
    return []
  }
  return {
    figures: {
      deployments: new Map(
        [...measured].flatMap(([id, answer]) =>
          answer.is === 'measured'
            ? [[id, answer.minutes] as const]
            : refused(`${id}/providers/Microsoft.Insights/metrics`, answer.failure),
        ),
      ),
      gateway:
        logged === undefined
          ? []
          : logged.is === 'measured'
            ? logged.minutes
            : refused(`${serviceId}/providers/Microsoft.Insights/logs`, logged.failure),
    },
    unread,
  }
}
