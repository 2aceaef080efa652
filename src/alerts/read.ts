import { CommonAlert, HealthContext, MetricContext, OurProperties } from './common-schema.ts'
import { type Garbage, garbage } from './garbage.ts'

/** One notice of Azure Monitor: something began, or is over. */
export interface Alert {
  /** Of what was raised; its two notices share it. */
  id: string
  /** `throttling`: of a rule this service made; `health`: of Resource Health; `other`: of anybody else's rule. */
  kind: 'throttling' | 'health' | 'other'
  condition: 'fired' | 'resolved'
  rule: string
  severity: string
  firedMs: number
  resolvedMs?: number
  /** ARM ids, lower case. */
  targets: string[]
  environment?: string
  pool?: string
  backend?: string
  deployment?: string
  /** What was measured; Azure may leave it out of a resolved one. */
  value?: number
  /** Of a health event: Available, Degraded, Unavailable, … */
  health?: string
  description?: string
}

/** Azure sends no more in one notice (azure-facts 10.4). */
const mostBytes = 256 * 1024
const longestDescription = 500
const mostTargets = 20
const throttlingMetrics = new Set(['AzureOpenAIRequests', 'ModelRequests'])

/**
 * What an event of the alerts' hub says.
 * @param body what the host made of the event: JSON as a value, anything else as a text
 * @returns one entry per alert in it; whatever is none comes as garbage, never as an exception
 */
export function readEvent(body: unknown): (Alert | Garbage)[] {
  const text = typeof body === 'string' ? body : (JSON.stringify(body) ?? '')
  if (Buffer.byteLength(text) > mostBytes) return [garbage('too large for an alert', text)]
  if (text === '') return [garbage('empty', text)]
  if (typeof body === 'string') return [garbage('not JSON', text)]
  if (!Array.isArray(body)) return [readOne(body)]
  return body.length > 0 ? body.map(readOne) : [garbage('empty', text)]
}

function readOne(body: unknown): Alert | Garbage {
  const parsed = CommonAlert.safeParse(body)
  if (!parsed.success) {
    const [fault] = parsed.error.issues
    const where = fault?.path.join('.') || 'it'
    return garbage(`not an alert: ${where}: ${fault?.message}`.slice(0, 200), JSON.stringify(body))
  }
  const { essentials, alertContext } = parsed.data.data
  const { alertId, originAlertId, firedDateTime: firedMs, resolvedDateTime, description } = essentials
  return {
    // An origin is one per rule and series, and comes again each time that fires.
    id: alertId ?? `${originAlertId}@${firedMs}`,
    condition: essentials.monitorCondition === 'Fired' ? 'fired' : 'resolved',
    rule: essentials.alertRule,
    severity: essentials.severity,
    firedMs,
    ...(resolvedDateTime == null ? {} : { resolvedMs: resolvedDateTime }),
    targets: (essentials.alertTargetIDs ?? []).slice(0, mostTargets).map((id) => id.toLowerCase()),
    ...(description ? { description: description.slice(0, longestDescription) } : {}),
    ...meaning(essentials.monitoringService, alertContext),
  }
}

/** What it is about, by what its kind of rule sends along. */
function meaning(service: string, context: unknown): Pick<Alert, 'kind'> & Partial<Alert> {
  if (service === 'Resource Health') {
    const health = HealthContext.safeParse(context)
    return {
      kind: 'health',
      ...(health.success ? { health: health.data.properties.currentHealthStatus } : {}),
    }
  }
  if (service !== 'Platform') return { kind: 'other' }
  const measured = MetricContext.safeParse(context).data?.condition.allOf[0]
  const ours = OurProperties.safeParse(context).data?.properties
  if (!measured || !ours || !throttlingMetrics.has(measured.metricName)) return { kind: 'other' }
  const { environment, pool, backend } = ours
  const deployment = measured.dimensions?.find(
    (dimension) => dimension.name.toLowerCase() === 'modeldeploymentname',
  )
  return {
    kind: 'throttling',
    environment,
    pool,
    backend,
    ...(deployment ? { deployment: deployment.value } : {}),
    ...(measured.metricValue == null ? {} : { value: measured.metricValue }),
  }
}

/** When what it tells of happened. */
export const momentOf = ({ condition, firedMs, resolvedMs }: Alert): number =>
  condition === 'fired' ? firedMs : (resolvedMs ?? firedMs)
