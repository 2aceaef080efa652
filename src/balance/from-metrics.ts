import { faultOf, type Sample } from './samples.ts'

/** What the metrics of an account say of one deployment in one minute. */
export interface DeploymentMinute {
  deployment: string
  /** When the minute began. */
  minuteMs: number
  /** Calls by status code. */
  byStatus: Record<string, number>
  /** Processed tokens: of successful calls only (azure-facts 9.1). */
  tokens?: number
  /** Of provisioned deployments. Not used: their 429s begin where it reaches 100, and say the same. */
  utilisationPercent?: number
}

/** Where the metrics of a backend are found. */
interface MeasuredMember {
  backend: string
  account: string
  deployment: string
}

interface Dropped {
  backend: string
  /** ISO, UTC. */
  minute: string
  why: string
}

/**
 * The samples of a pool's members, oldest first. A member without a row, or with a row of zeroes, has no sample in that minute: the
 * newest minutes read 0 before they are filled. A row that contradicts itself is dropped and named.
 *
 * What counts as an attempt: 2xx, 429, 5xx, 408 and 499. Any other 4xx does not count at all, not even in the total: a caller's 400 is
 * as likely on every member and would only thin out the 429s, and a member that answers 401 or 404 to all is wrongly set up, which
 * drift and probes find and which no weight repairs.
 * @param minutes by account
 * @param settledAfterSeconds younger minutes are refused, counted from their beginning
 */
export function samplesOf(
  now: Date,
  members: MeasuredMember[],
  minutes: Record<string, DeploymentMinute[]>,
  settledAfterSeconds = 240,
): { samples: Sample[]; dropped: Dropped[] } {
  const samples: Sample[] = []
  const dropped: Dropped[] = []
  for (const { backend, account, deployment } of members) {
    const rows = (minutes[account] ?? []).filter((row) => same(row.deployment, deployment))
    for (const [minuteMs, [row, ...more]] of Map.groupBy(rows, (row) => row.minuteMs)) {
      if (!row || now.getTime() - minuteMs < settledAfterSeconds * 1000) continue
      const minute = new Date(minuteMs).toISOString()
      const counts = countsOf(row)
      const why = more.length > 0 ? 'two rows of one minute' : faultOf(counts)
      if (why === 'no calls') continue
      if (why) dropped.push({ backend, minute, why })
      else samples.push({ backend, minute, ...counts })
    }
  }
  return { samples: samples.sort(byMinute), dropped: dropped.sort(byMinute) }
}

function countsOf({ byStatus, tokens = 0 }: DeploymentMinute) {
  const sum = (wanted: (status: number) => boolean) =>
    Object.entries(byStatus).reduce(
      (total, [code, calls]) => (wanted(Number(code)) ? total + calls : total),
      0,
    )
  const ok = sum((status) => status >= 200 && status < 300)
  const throttled = sum((status) => status === 429)
  const errors = sum((status) => status >= 500 || status === 408 || status === 499)
  return { total: ok + throttled + errors, ok, throttled, errors, tokens }
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()
const byMinute = (a: { minute: string }, b: { minute: string }) =>
  a.minute < b.minute ? -1 : a.minute > b.minute ? 1 : 0
