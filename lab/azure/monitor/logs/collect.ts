import type { Azure } from '../../arm/azure.ts'
import { keyOf, nameOf } from '../../arm/ids.ts'
import { iso } from '../../clock.ts'
import type { Answered } from '../../gateway/answer.ts'
import { minuteOf } from '../minutes.ts'
import { destinations } from './destinations.ts'
import { forgetLogs, keepLogMinute, type LogMinute } from './keep.ts'
import type { LogRow } from './tables.ts'

/** The gateways' log: a row for each answer, gathered in memory until its minute is over. */
export type Logs = { note(answered: Answered): void; keep(until: number): void }

export function createLogs(azure: Azure): Logs {
  const pending = new Map<string, LogMinute>()
  return {
    note: (answered) => {
      const { serviceId, atMs, tokens } = answered
      const minute = minuteOf(atMs)
      for (const [table, workspaces] of destinations(azure).get(keyOf(serviceId)) ?? []) {
        const isLlm = table === 'ApiManagementGatewayLlmLog'
        if (isLlm && !tokens) continue
        const row = isLlm ? modelRow(answered) : gatewayRow(answered)
        for (const workspaceId of workspaces) {
          const key = `${minute} ${table} ${workspaceId} ${serviceId}`
          const log = pending.get(key) ?? { table, workspaceId, resourceId: serviceId, minute, rows: [] }
          pending.set(key, log)
          log.rows.push(row)
        }
      }
    },
    keep: (until) => {
      let kept = false
      for (const [key, log] of pending) {
        if (log.minute >= until) continue
        keepLogMinute(log, azure)
        pending.delete(key)
        kept = true
      }
      if (kept) forgetLogs(azure)
    },
  }
}

/** What is not known here is left out: sizes, headers and bodies, the backend's address, who called from where. */
function gatewayRow(answered: Answered): LogRow {
  const { call, requestId, apiId, operationId, subscriptionId, productId, status, attempts, error } = answered
  const last = attempts.at(-1)
  return {
    TimeGenerated: iso(answered.atMs),
    Category: 'GatewayLogs',
    OperationName: 'Microsoft.ApiManagement/GatewayLogs',
    CorrelationId: requestId ?? '',
    Method: call.method,
    Url: `https://${call.host}${call.path}`,
    ResponseCode: status,
    IsRequestSuccess: status < 400,
    TotalTime: Math.round(answered.tookMs),
    Cache: 'none',
    ...(apiId ? { ApiId: nameOf(apiId) } : {}),
    ...(operationId ? { OperationId: nameOf(operationId) } : {}),
    ...(subscriptionId ? { ApimSubscriptionId: nameOf(subscriptionId) } : {}),
    ...(productId ? { ProductId: nameOf(productId) } : {}),
    // Of the last try alone (azure-facts 9.3).
    ...(last ? { BackendId: nameOf(last.backendId), BackendTime: Math.round(last.tookMs) } : {}),
    ...(last && last.status !== null ? { BackendResponseCode: last.status, BackendMethod: call.method } : {}),
    ...(error
      ? {
          LastErrorReason: error['Reason'] ?? '',
          LastErrorMessage: error['Message'] ?? '',
          LastErrorSource: error['Source'] ?? '',
          LastErrorScope: error['Scope'] ?? '',
          LastErrorSection: error['Section'] ?? '',
        }
      : {}),
  }
}

function modelRow({ call, requestId, operationId, tokens, atMs }: Answered): LogRow {
  const { prompt = 0, completion = 0 } = tokens ?? {}
  const [path = '', query = ''] = call.path.split('?')
  const body = parsed(call.body)
  const deployment = /\/deployments\/([^/]+)\//.exec(path)?.[1] ?? body['model']
  const apiVersion = new URLSearchParams(query).get('api-version')
  return {
    TimeGenerated: iso(atMs),
    CorrelationId: requestId ?? '',
    RequestId: requestId ?? '',
    PromptTokens: prompt,
    CompletionTokens: completion,
    TotalTokens: prompt + completion,
    IsStreamCompletion: body['stream'] === true,
    SequenceNumber: 0,
    ...(typeof deployment === 'string' ? { DeploymentName: deployment } : {}),
    ...(apiVersion ? { ApiVersion: apiVersion } : {}),
    ...(operationId ? { OperationName: nameOf(operationId) } : {}),
  }
}

function parsed(body: string): Record<string, unknown> {
  try {
    const given: unknown = JSON.parse(body)
    return typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
