import type { Tools } from './tools.ts'

/** A total over a span, of each combination of the dimensions that a filter splits by; names of dimensions in lower case. */
export interface Total {
  of: Record<string, string>
  total: number
}

export interface MetricAsked {
  resourceId: string
  metric: string
  /** `Dimension eq '*' and …`: what to split by (azure-facts 9.5). */
  filter: string
  fromMs: number
  untilMs: number
}

/** The newest minutes may still be missing (azure-facts 9.4). */
const lagMs = 3 * 60_000

/** The last whole minutes that can be relied on. */
export const lastMinutes = (minutes: number, nowMs: number): { fromMs: number; untilMs: number } => {
  const untilMs = Math.floor((nowMs - lagMs) / 60_000) * 60_000
  return { fromMs: untilMs - minutes * 60_000, untilMs }
}

/** What Azure Monitor counted, or why it cannot be read; silence is no answer of zero only where there is no series at all. */
export async function totals(
  tools: Pick<Tools, 'arm'>,
  { resourceId, metric, filter, fromMs, untilMs }: MetricAsked,
): Promise<Total[] | { unreadable: string }> {
  const query = new URLSearchParams({
    'api-version': '2024-02-01',
    metricnames: metric,
    aggregation: 'Total',
    interval: 'PT1M',
    timespan: `${iso(fromMs)}/${iso(untilMs)}`,
    $filter: filter,
    top: '200',
  })
  const said = await tools.arm(`${resourceId}/providers/Microsoft.Insights/metrics?${query}`)
  if ('failure' in said) return { unreadable: said.failure.message }
  const { value, error, message } = said.body as unknown as Metrics
  if (said.status !== 200) return { unreadable: error?.message ?? message ?? `HTTP ${said.status}` }
  return (value?.[0]?.timeseries ?? []).map(({ metadatavalues, data }) => ({
    of: Object.fromEntries(metadatavalues.map(({ name, value }) => [name.value.toLowerCase(), value])),
    total: data.reduce((sum, { total = 0 }) => sum + total, 0),
  }))
}

const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')

interface Metrics {
  value?: {
    timeseries?: {
      metadatavalues: { name: { value: string }; value: string }[]
      data: { total?: number }[]
    }[]
  }[]
  error?: { message?: string }
  message?: string
}
