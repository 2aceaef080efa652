/** What became of a run's calls so far: sent = succeeded + failed + lost + those under way. */
export type Counts = {
  sent: number
  succeeded: number
  /** By the status of the last try, or by what kept it from having one. */
  failed: Record<string, number>
  /** Whose end nobody knows: under way when the run was stopped or the process died, or not made while there was none. */
  lost: number
  attempts: number
  /** Attempts by status. */
  answers: Record<string, number>
  retries: number
  /** Of answers that came whole, as they say it. */
  promptTokens: number
  completionTokens: number
  /** Virtual moments of the first attempt and of the last answer. */
  firstAt: number | null
  lastAt: number | null
}

export const noCounts = (): Counts => ({
  sent: 0,
  succeeded: 0,
  failed: {},
  lost: 0,
  attempts: 0,
  answers: {},
  retries: 0,
  promptTokens: 0,
  completionTokens: 0,
  firstAt: null,
  lastAt: null,
})

const sumOf = (by: Record<string, number>) => Object.values(by).reduce((sum, count) => sum + count, 0)

export const underWay = ({ sent, succeeded, failed, lost }: Counts) => sent - succeeded - sumOf(failed) - lost

export function countIn(by: Record<string, number>, key: string): void {
  by[key] = (by[key] ?? 0) + 1
}
