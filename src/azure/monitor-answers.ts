import { isRestError } from '@azure/core-rest-pipeline'
import type { Failure } from '../reconcile/outcome.ts'
import type { JsonObject } from '../resources/kind.ts'
import { failureOf, thrownFailure } from './failure.ts'

/** What Azure Monitor answers, or why it cannot be read. */

export type Answer<Value> = { is: 'answered'; value: Value } | { is: 'unreadable'; failure: Failure }

/** From a moment on, and before another. */
export interface Span {
  fromMs: number
  untilMs: number
}

const minuteOf = (atMs: number) => Math.floor(atMs / 60_000) * 60_000

/** A minute that is not over belongs to no span: the grain of metrics, and of what is made of logs, is a minute. */
export const wholeMinutes = ({ fromMs, untilMs }: Span): Span => ({
  fromMs: minuteOf(fromMs),
  untilMs: minuteOf(untilMs),
})

/** Azure's answers reach beyond the span: its first minute may begin before it, and its end may be part of it. */
export const isIn = (minuteMs: number, { fromMs, untilMs }: Span) => minuteMs >= fromMs && minuteMs < untilMs

export interface Series {
  metric: string
  /** By lower-case name, as Azure gives them. */
  dimensions: Record<string, string>
  /** One a minute. A point without a value is a minute that Azure knows nothing of. */
  points: { atMs: number; total?: number; average?: number }[]
}

/** Series of one metric and resource that are asked for. Azure stops at ten unless told, and says nothing of it (azure-facts 9.4). */
export const top = 1000

/** An answer in part is none, and one that is not there is a failure. */
export async function asked<Value>(ask: () => Promise<Answer<Value>>): Promise<Answer<Value>> {
  try {
    return await ask()
  } catch (error) {
    return { is: 'unreadable', failure: failureIn(error) }
  }
}

function failureIn(error: unknown): Failure {
  if (!isRestError(error) || !error.response || error.response.status < 300) return thrownFailure(error)
  return failureOf(error.response, bodyOf(error.response.bodyAsText))
}

function bodyOf(text: string | null | undefined): JsonObject {
  try {
    const body: unknown = JSON.parse(text ?? '')
    return typeof body === 'object' && body !== null ? (body as JsonObject) : {}
  } catch {
    return {}
  }
}

/** As the query of one resource gives it, and as that of a region does, which its types conceal. */
interface TimeSeries {
  metadataValues?: { name?: string; value?: string }[]
  metadatavalues?: { name?: { value?: string }; value?: string }[]
  data?: { timeStamp: Date; total?: number; average?: number }[]
}
interface Metric {
  name: string
  errorCode?: string
  errorMessage?: string
  timeseries: TimeSeries[]
}

export function seriesOf(metrics: Metric[]): Answer<Series[]> {
  for (const { name, errorCode = 'Success', errorMessage = '', timeseries } of metrics) {
    if (errorCode !== 'Success') return incomplete(errorCode, `${name}: ${errorMessage}`)
    if (timeseries.length >= top) return incomplete('TooManySeries', `${name} has ${top} series or more`)
  }
  const value = metrics.flatMap(({ name: metric, timeseries }) =>
    timeseries.map((series) => ({ metric, dimensions: dimensionsOf(series), points: pointsOf(series) })),
  )
  return { is: 'answered', value }
}

/** A success that is not the whole answer. */
export const incomplete = (code: string, message: string): Answer<never> => ({
  is: 'unreadable',
  failure: { status: 200, code, message },
})

const pointsOf = ({ data = [] }: TimeSeries): Series['points'] =>
  data.map(({ timeStamp, total, average }) => ({
    atMs: timeStamp.getTime(),
    ...(total === undefined ? {} : { total }),
    ...(average === undefined ? {} : { average }),
  }))

const dimensionsOf = ({ metadataValues, metadatavalues }: TimeSeries): Record<string, string> =>
  Object.fromEntries([
    ...(metadataValues ?? []).map(({ name = '', value = '' }) => [name.toLowerCase(), value]),
    ...(metadatavalues ?? []).map(({ name, value = '' }) => [name?.value?.toLowerCase() ?? '', value]),
  ])
