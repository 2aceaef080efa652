import type { TokenCredential } from '@azure/identity'
import type { Failure } from '../reconcile/outcome.ts'
import { isIn, type Span, wholeMinutes } from './monitor-answers.ts'
import { openMonitorQuery } from './monitor-query.ts'
import type { Settings } from './settings.ts'

/**
 * What an API Management service answered, from its own log (ApiManagementGatewayLogs, azure-facts 9.3): the only source that tells backends
 * apart and has the answers no backend gave, such as the 503 of a pool whose breakers are all open. It comes three to ten minutes late, and
 * of a call that was tried several times it has the last try alone.
 */
export interface GatewayLogs {
  minutes(
    serviceId: string,
    span: Span,
  ): Promise<{ is: 'measured'; minutes: GatewayMinute[] } | { is: 'unreadable'; failure: Failure }>
}

/** Answers of one kind in one minute; minutes without any are not there. */
export interface GatewayMinute {
  /** The minute's begin. */
  minuteMs: number
  /** Name of the member that was tried last; absent: none was. */
  backend?: string
  /** What it answered; absent: nothing. */
  backendStatus?: number
  /** What the caller got. */
  status: number
  count: number
}

const query = `ApiManagementGatewayLogs
| summarize calls = count() by minute = bin(TimeGenerated, 1m), BackendId, BackendResponseCode, ResponseCode
| project minute, BackendId, BackendResponseCode, ResponseCode, calls`

/** @returns undefined in an installation that sends its logs nowhere (OPS_WORKSPACE_ID) */
export function openGatewayLogs(
  settings: Pick<Settings, 'resourceManager' | 'surroundings'>,
  credential: () => Promise<TokenCredential>,
): GatewayLogs | undefined {
  if (!settings.surroundings.workspaceId) return undefined
  const monitor = openMonitorQuery(settings, credential)
  return {
    async minutes(serviceId, span) {
      const whole = wholeMinutes(span)
      const answer = await monitor.logs(serviceId, query, whole)
      if (answer.is === 'unreadable') return answer
      const minutes = answer.value.map(minuteOf).filter(({ minuteMs }) => isIn(minuteMs, whole))
      return { is: 'measured', minutes }
    },
  }
}

function minuteOf([minute, backend, backendStatus, status, count]: unknown[]): GatewayMinute {
  return {
    minuteMs: minute instanceof Date ? minute.getTime() : Number.NaN,
    ...(typeof backend === 'string' && backend !== '' ? { backend } : {}),
    // Of a backend that gave none Azure may say 0.
    ...(typeof backendStatus === 'number' && backendStatus > 0 ? { backendStatus } : {}),
    status: Number(status),
    count: Number(count),
  }
}
