import type { TokenCredential } from '@azure/identity'
import { type Cloud, cloudOf } from '../environment/surroundings.ts'
import { once } from '../once.ts'
import { type Answer, asked, incomplete, type Series, type Span, seriesOf, top } from './monitor-answers.ts'
import type { Settings } from './settings.ts'

/**
 * Questions to Azure Monitor, and the one file that imports @azure/monitor-query. The package is deprecated (azure-facts 9.7): its successors
 * are `metrics.list` of @azure/arm-monitor for `metrics`, `MetricsClient` of @azure/monitor-query-metrics for `regionalMetrics`, and
 * @azure/monitor-query-logs for `logs`. Each question is asked once; an answer in part is none.
 */
export interface MonitorQuery {
  /** Metrics of one resource, asked of Resource Manager. */
  metrics(id: string, question: Question): Promise<Answer<Series[]>>
  /** The same of up to 50 resources of one subscription, region and type, in one call; by lower-case id. */
  regionalMetrics(
    region: string,
    ids: string[],
    question: Question,
  ): Promise<Answer<Map<string, Answer<Series[]>>>>
  /** A Kusto query over the logs of one resource, wherever they went: rows of the columns it names. */
  logs(id: string, query: string, span: Span): Promise<Answer<unknown[][]>>
}

export interface Question {
  namespace: string
  /** Up to 20, all of which have the dimensions of the filter. */
  names: string[]
  aggregations: ('Total' | 'Average')[]
  filter: string
  span: Span
}

const asks = { requestOptions: { timeout: 30_000 } }

/** Azure-facts 14.1. Where one of them is not a host, as in a private cloud, questions to it are unreadable. */
const hosts: Record<Cloud, { regionalMetrics: string; logs: string }> = {
  AzureCloud: { regionalMetrics: 'metrics.monitor.azure.com', logs: 'api.loganalytics.io' },
  AzureUSGovernment: { regionalMetrics: 'metrics.monitor.azure.us', logs: 'api.loganalytics.us' },
  AzureChinaCloud: { regionalMetrics: 'metrics.monitor.azure.cn', logs: 'api.loganalytics.azure.cn' },
}

export function openMonitorQuery(
  { resourceManager, surroundings }: Pick<Settings, 'resourceManager' | 'surroundings'>,
  credential: () => Promise<TokenCredential>,
): MonitorQuery {
  const { regionalMetrics, logs } = hosts[cloudOf(surroundings)]
  const retryOptions = { maxRetries: 0 }
  const library = once(async () => {
    const clients = await import('@azure/monitor-query')
    return { ...clients, credential: await credential() }
  })
  const metricsClient = once(async () => {
    const { MetricsQueryClient, credential } = await library()
    return new MetricsQueryClient(credential, { ...resourceManager, retryOptions })
  })
  const logsClient = once(async () => {
    const { LogsQueryClient, credential } = await library()
    const endpoint = `https://${logs}`
    return new LogsQueryClient(credential, { endpoint, audience: endpoint, retryOptions })
  })

  return {
    metrics: (id, { namespace: metricNamespace, names, aggregations, filter, span }) =>
      asked(async () => {
        const client = await metricsClient()
        // With its leading slash the id would come after another one.
        const { metrics } = await client.queryResource(id.slice(1), names, {
          metricNamespace,
          granularity: 'PT1M',
          timespan: timesOf(span),
          aggregations,
          filter,
          top,
          ...asks,
        })
        return seriesOf(metrics)
      }),
    regionalMetrics: (region, ids, { namespace, names, aggregations, filter, span }) =>
      asked(async () => {
        const { MetricsClient, credential } = await library()
        const client = new MetricsClient(`https://${region}.${regionalMetrics}`, credential, {
          audience: `https://${regionalMetrics}`,
          retryOptions,
        })
        const lowerCaseIds = ids.map((id) => id.toLowerCase())
        const results = await client.queryResources(lowerCaseIds, names, namespace, {
          interval: 'PT1M',
          ...timesOf(span),
          aggregation: aggregations.join(','),
          filter,
          top,
          ...asks,
        })
        const byId = results.map(
          ({ resourceId = '', metrics }) => [resourceId.toLowerCase(), seriesOf(metrics)] as const,
        )
        return { is: 'answered', value: new Map(byId) }
      }),
    logs: (id, query, span) =>
      asked(async () => {
        const client = await logsClient()
        const result = await client.queryResource(id, query, timesOf(span), asks)
        return result.status === 'Success'
          ? { is: 'answered', value: result.tables[0]?.rows ?? [] }
          : incomplete('PartialResult', result.partialError.message)
      }),
  }
}

const timesOf = ({ fromMs, untilMs }: Span) => ({ startTime: new Date(fromMs), endTime: new Date(untilMs) })
