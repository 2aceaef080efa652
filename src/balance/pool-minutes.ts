import { faultOf, type Sample } from './samples.ts'

/** One minute of a whole pool. */
export interface PoolMinute {
  attempts: number
  /** Answered 429 or failed. */
  lost: number
  /** Tokens the pool was asked for: what it admitted, and what the lost attempts would have been at the same size. */
  offeredTokens: number
}

/** Minutes of the pool, oldest first; only those in which every member that has rows at all has one, for a part is not comparable. */
export function poolMinutes(samples: Sample[]): PoolMinute[] {
  const sound = samples.filter((sample) => !faultOf(sample) && Number.isFinite(Date.parse(sample.minute)))
  const members = new Set(sound.map(({ backend }) => backend)).size
  return [...Map.groupBy(sound, ({ minute }) => Date.parse(minute))]
    .sort(([a], [b]) => a - b)
    .filter(([, rows]) => new Set(rows.map(({ backend }) => backend)).size === members)
    .map(([, rows]) => {
      const sum = (part: (row: Sample) => number) => rows.reduce((total, row) => total + part(row), 0)
      const [attempts, ok] = [sum((row) => row.total), sum((row) => row.ok)]
      return {
        attempts,
        lost: sum((row) => row.throttled + row.errors),
        offeredTokens: ok > 0 ? (sum((row) => row.tokens) * attempts) / ok : 0,
      }
    })
}
