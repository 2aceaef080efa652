import {
  afrOf,
  failedIn,
  meanOf,
  pointsBetween,
  quantileOf,
  sum,
  throttledIn,
  wellProvisioned,
  writesIn,
} from './figures.ts'
import type { Result } from './runs.ts'

/** One number of the whole benchmark, what it must be, and what would be better still. */
export interface Bar {
  what: string
  value: number
  /** Which way is better. */
  sense: '≤' | '≥'
  must: number
  stretch: number
  /** Of a worst one: which scenario it was. */
  where?: string
}

export const passes = ({ value, sense }: Bar, limit: number) =>
  sense === '≤' ? value <= limit : value >= limit

type Line = [what: string, value: number, sense: '≤' | '≥', must: number, stretch: number, where?: string]

/** Every bar that the results have something to say of. */
export function barsOf(results: Result[]): Bar[] {
  const lines = [
    ...[...Map.groupBy(results, ({ limiter }) => limiter)].flatMap(([limiter, own]) =>
      barePool(own, limiter === 'minute').map(([what, ...rest]): Line => [`${limiter}: ${what}`, ...rest]),
    ),
    ...writing(results),
    ...besides(results),
  ]
  return lines
    .map(([what, value, sense, must, stretch, where]) => ({
      what,
      value,
      sense,
      must,
      stretch,
      ...(where ? { where } : {}),
    }))
    .filter(({ value }) => Number.isFinite(value))
}

const SUBJECT = 'bare/subject'

function barePool(results: Result[], isMinute: boolean): Line[] {
  const over = (key: string, of = results) => failedIn(of, key) / failedIn(of, SUBJECT)
  const [worst, where] = worstOf(results, (one) => pointsBetween([one], SUBJECT, 'bare/static quota'))
  return [
    ['F ÷ delayed oracle', 1 / over('bare/delayed oracle'), '≤', 1.1, 1.05],
    ['AFR', afrOf(results, SUBJECT), '≤', 1.35, 1.15],
    ['fewer failures than 50/50, ×', over('bare/50/50'), '≥', isMinute ? 2.3 : 1.9, isMinute ? 2.8 : 2.3],
    ['… in well-provisioned runs, ×', over('bare/50/50', wellProvisioned(results)), '≥', 5, 8],
    ['against static quota, mean, %', 100 * (1 / over('bare/static quota') - 1), '≤', -10, -20],
    ['… worst scenario, points', worst, '≤', 1.5, 0.5, where],
    ['quotas unknown, AFR', afrOf(results, 'bare/unknown quotas'), '≤', 1.9, 1.5],
  ]
}

function writing(results: Result[]): Line[] {
  const recoveries = results
    .filter(({ isBursty }) => !isBursty)
    .flatMap(({ runs }) => runs[SUBJECT]?.recoveryMinutes ?? [])
  const steady = results.filter(({ family }) => family === 'steady')
  const [most, where] = worstOf(results, ({ runs }) => runs[SUBJECT]?.writesPerHour ?? Number.NaN)
  return [
    ['recovery after a drop, conversation, median minutes', quantileOf(recoveries, 0.5), '≤', 7, 5],
    ['… 75th percentile', quantileOf(recoveries, 0.75), '≤', 10, 7],
    ['updates per hour: steady, median', quantileOf(writesIn(steady, SUBJECT), 0.5), '≤', 2, 0.5],
    ['… mean', meanOf(writesIn(results, SUBJECT)), '≤', 6, 3],
    ['… worst run', most, '≤', 20, 12, where],
  ]
}

function besides(results: Result[]): Line[] {
  const [blackout, where] = worstOf(results, (one) =>
    pointsBetween([one], 'bare/blackout', 'bare/static quota'),
  )
  const broken = ({ faults }: Result) => Object.values(faults).reduce((total, times) => total + times, 0)
  return [
    [
      'behind breaker and retry: F against static quota, points',
      pointsBetween(results, 'lab/subject', 'lab/static quota'),
      '≤',
      0,
      0,
    ],
    [
      '… 429 attempts fewer than 50/50, ×',
      throttledIn(results, 'lab/50/50') / throttledIn(results, 'lab/subject'),
      '≥',
      1.85,
      2,
    ],
    [
      'a fifth of the minutes missing, points',
      pointsBetween(results, 'bare/missing', SUBJECT),
      '≤',
      0.25,
      0.1,
    ],
    ['three in ten minutes partial, points', pointsBetween(results, 'bare/partial', SUBJECT), '≤', 0.25, 0.1],
    ['blackout of 90 minutes, worst against quota, points', blackout, '≤', 2.5, 1, where],
    ['steps that break an invariant', sum(results, broken), '≤', 0, 0],
  ]
}

function worstOf(results: Result[], of: (result: Result) => number): [worst: number, where: string] {
  const scored = results.map((result) => ({ result, score: of(result) }))
  const [worst] = scored.sort((one, other) => other.score - one.score)
  if (!worst) return [Number.NaN, '']
  const { family, trace, limiter, seed } = worst.result
  return [worst.score, `${family}, ${trace}, ${limiter}, seed ${seed}`]
}
