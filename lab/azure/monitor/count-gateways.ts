import type { Azure } from '../arm/azure.ts'
import { nameOf } from '../arm/ids.ts'
import type { Answered } from '../gateway/answer.ts'
import { REGIONS, regionCode } from '../regions.ts'
import { type Cell, type MetricMinute, minuteOf } from './minutes.ts'

/** What gateways answered, by minute and by the dimensions of azure-facts 9.2; in memory until the minute is taken. */
export type GatewayCount = {
  note(answered: Answered): void
  take(until: number): MetricMinute[]
}

type Counted = { answered: Answered; requests: number; tookMs: Range; backendMs: Range }
type Range = { sum: number; least: number; most: number }

/** `opened`: told when the first answer of a minute is noted. */
export function createGatewayCount(azure: Azure, opened: () => void): GatewayCount {
  const minutes = new Map<number, Map<string, Counted>>()

  const countedIn = (minute: number) => {
    const known = minutes.get(minute)
    if (known) return known
    const made = new Map<string, Counted>()
    minutes.set(minute, made)
    opened()
    return made
  }

  return {
    note: (answered) => {
      const counted = countedIn(minuteOf(answered.atMs))
      const { serviceId, apiId, status, backendStatus, error, call, tookMs, attempts } = answered
      const key = `${serviceId} ${apiId} ${status} ${backendStatus} ${error?.['Reason']} ${call.host}`
      const known = counted.get(key) ?? { answered, requests: 0, tookMs: none(), backendMs: none() }
      counted.set(key, known)
      known.requests += 1
      widen(known.tookMs, tookMs)
      widen(
        known.backendMs,
        attempts.reduce((sum, attempt) => sum + attempt.tookMs, 0),
      )
    },
    take: (until) => {
      const due = [...minutes].filter(([minute]) => minute < until)
      for (const [minute] of due) minutes.delete(minute)
      return due.flatMap(([minute, counted]) =>
        [...Map.groupBy(counted.values(), ({ answered }) => answered.serviceId)].map(([resourceId, own]) => ({
          resourceId,
          minute,
          cells: own.map((one) => cellOf(one, azure.find(resourceId)?.location ?? '')),
        })),
      )
    },
  }
}

const none = (): Range => ({ sum: 0, least: Number.POSITIVE_INFINITY, most: 0 })

function widen(range: Range, value: number): void {
  range.sum += value
  range.least = Math.min(range.least, value)
  range.most = Math.max(range.most, value)
}

function cellOf({ answered, requests, tookMs, backendMs }: Counted, location: string): Cell {
  const { status, backendStatus, apiId, error, call } = answered
  return {
    dimensions: {
      Location: REGIONS[regionCode(location)] ?? location,
      Hostname: call.host,
      LastErrorReason: error?.['Reason'] ?? 'None',
      BackendResponseCode: backendStatus === null ? 'NoBackend' : String(backendStatus),
      GatewayResponseCode: String(status),
      BackendResponseCodeCategory: backendStatus === null ? 'NoBackend' : categoryOf(backendStatus),
      GatewayResponseCodeCategory: categoryOf(status),
      ApiId: apiId === undefined ? '' : nameOf(apiId),
    },
    measures: {
      requests: { count: requests, sum: requests, least: 1, most: 1 },
      tookMs: { count: requests, ...tookMs },
      ...(answered.attempts.length > 0 ? { backendMs: { count: requests, ...backendMs } } : {}),
    },
  }
}

const categoryOf = (status: number) => `${Math.floor(status / 100)}xx`
