/**
 * What happened, by minute and by the dimensions of Azure Monitor's metrics (azure-facts 9.1): requests by status, tokens of what was served, and
 * times. In memory, until somebody takes the minutes that are over; a week of them.
 */
export type Noted = {
  accountId: string
  operation: string
  status: number
  streamed: boolean
  deployment?: string
  modelName?: string
  modelVersion?: string
  /** Served by, or refused before, the deployment that a provisioned one spills over to. */
  spillover?: boolean
  prompt?: number
  cached?: number
  completion?: number
  /** Until the first byte. */
  tookMs?: number
  /** Until the last. */
  totalMs?: number
}

export type Row = Required<Pick<Noted, 'accountId' | 'operation' | 'status' | 'streamed'>> & {
  /** Virtual milliseconds at which the minute begins. */
  minute: number
  deployment: string
  modelName: string
  modelVersion: string
  spillover: boolean
  requests: number
  promptTokens: number
  cachedTokens: number
  generatedTokens: number
  toResponseMs: Spread
  toLastByteMs: Spread
}

export type Spread = { sum: number; least: number; most: number }

const MINUTE_MS = 60_000
const KEPT_MINUTES = 7 * 24 * 60

export type Tally = {
  note(at: number, noted: Noted): void
  /** The minutes that begin from `since` on and before `until`. */
  rows(since: number, until: number): Row[]
  /** The same of all minutes that begin before `until`, and they are gone from here. */
  take(until: number): Row[]
}

/** `opened`: told when the first call of a minute is noted. */
export function createTally(opened?: () => void): Tally {
  const minutes = new Map<number, Map<string, Row>>()

  function rowsOf(minute: number): Map<string, Row> {
    const known = minutes.get(minute)
    if (known) return known
    const made = new Map<string, Row>()
    minutes.set(minute, made)
    opened?.()
    for (const old of minutes.keys()) {
      if (minutes.size <= KEPT_MINUTES) break
      minutes.delete(old)
    }
    return made
  }

  const rows = (since: number, until: number) =>
    [...minutes]
      .filter(([minute]) => minute >= since && minute < until)
      .flatMap(([, rows]) => [...rows.values()])

  return {
    note: (at, noted) => {
      const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS
      const rows = rowsOf(minute)
      const { accountId, deployment = '', operation, status, streamed, spillover = false } = noted
      const key = `${accountId}\n${deployment}\n${operation}\n${status}\n${streamed}\n${spillover}`
      const row = rows.get(key) ?? empty(minute, noted)
      rows.set(key, row)
      row.requests += 1
      row.promptTokens += noted.prompt ?? 0
      row.cachedTokens += noted.cached ?? 0
      row.generatedTokens += noted.completion ?? 0
      spread(row.toResponseMs, noted.tookMs ?? 0)
      spread(row.toLastByteMs, noted.totalMs ?? noted.tookMs ?? 0)
    },
    rows,
    take: (until) => {
      const taken = rows(Number.NEGATIVE_INFINITY, until)
      for (const minute of minutes.keys()) if (minute < until) minutes.delete(minute)
      return taken
    },
  }
}

const empty = (minute: number, noted: Noted): Row => ({
  minute,
  accountId: noted.accountId,
  deployment: noted.deployment ?? '',
  modelName: noted.modelName ?? '',
  modelVersion: noted.modelVersion ?? '',
  operation: noted.operation,
  status: noted.status,
  streamed: noted.streamed,
  spillover: noted.spillover ?? false,
  requests: 0,
  promptTokens: 0,
  cachedTokens: 0,
  generatedTokens: 0,
  toResponseMs: { sum: 0, least: Number.POSITIVE_INFINITY, most: 0 },
  toLastByteMs: { sum: 0, least: Number.POSITIVE_INFINITY, most: 0 },
})

function spread(over: Spread, value: number): void {
  over.sum += value
  over.least = Math.min(over.least, value)
  over.most = Math.max(over.most, value)
}
