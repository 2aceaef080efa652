import type { Result, Run } from './runs.ts'

/** Figures of many runs. A ratio is one of sums over all of them, never a mean of ratios. */
export const sum = (results: Result[], of: (result: Result) => number) =>
  results.reduce((total, result) => total + of(result), 0)

const ofRun = (key: string, figure: (run: Run) => number) => (result: Result) => {
  const run = result.runs[key]
  return run ? figure(run) : Number.NaN
}

export const failedIn = (results: Result[], key: string) =>
  sum(
    results,
    ofRun(key, (run) => run.failed),
  )
export const throttledIn = (results: Result[], key: string) =>
  sum(
    results,
    ofRun(key, (run) => run.throttledAttempts),
  )
export const writesIn = (results: Result[], key: string) =>
  results.map(ofRun(key, (run) => run.writesPerHour))
const requestsIn = (results: Result[]) => sum(results, ({ requests }) => requests)

/** 0: the instant router, which is the physical limit. 1: true capacities, known as late as the metrics are. */
export function afrOf(results: Result[], key: string): number {
  const router = failedIn(results, 'bare/router')
  return (failedIn(results, key) - router) / (failedIn(results, 'bare/delayed oracle') - router)
}

/** How many more failed than there, in percent of all calls. */
export const pointsBetween = (results: Result[], key: string, than: string) =>
  (100 * (failedIn(results, key) - failedIn(results, than))) / requestsIn(results)

const HARDLY_ANY = 0.01
/** Whoever knows all loses hardly anything there: the capacity is enough at nearly every moment. */
export const wellProvisioned = (results: Result[]) =>
  results.filter((one) => failedIn([one], 'bare/router') < HARDLY_ANY * one.requests)

export function quantileOf(values: number[], at: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(at * sorted.length))] ?? Number.NaN
}

export const meanOf = (values: number[]) => values.reduce((total, value) => total + value, 0) / values.length

export interface Row {
  controller: string
  failedPercent: number
  afr?: number
  writesPerHour: number
  throttledPer100: number
}

/** What each controller lost and wrote, by preset. */
export const rowsOf = (results: Result[]): Row[] =>
  Object.keys(results[0]?.runs ?? {}).map((controller) => ({
    controller,
    failedPercent: (100 * failedIn(results, controller)) / requestsIn(results),
    ...(controller.startsWith('bare/') ? { afr: afrOf(results, controller) } : {}),
    writesPerHour: meanOf(writesIn(results, controller)),
    throttledPer100: (100 * throttledIn(results, controller)) / requestsIn(results),
  }))
