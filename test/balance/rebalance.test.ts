import { describe, expect, test } from 'vitest'
import { initialMemory, type PoolState, rebalance } from '../../src/balance/index.ts'
import { follow, lastShares, writes } from './follow.ts'
import { answered, at, failed, twoRegions } from './pools.ts'

const demand = 150_000
/** Both regions share 150k tokens a minute; eus admits `eus`, eus2 100k. */
const region = (eus: (minute: number) => number) => (minute: number, shares: Record<string, number>) => [
  answered('eus', minute, demand * (shares['eus'] ?? 0), eus(minute)),
  answered('eus2', minute, demand * (shares['eus2'] ?? 0), 100_000),
]

describe('a region that admits less', () => {
  const turns = follow(
    twoRegions,
    60,
    region((minute) => (minute < 10 ? 100_000 : 30_000)),
  )
  test('gets as much as it admits, within ten minutes of its first measured one', () => {
    const share = lastShares(turns.slice(0, 26))['eus'] ?? 1
    expect(share).toBeGreaterThan(0.15)
    expect(share).toBeLessThan(0.32)
  })
  test('is left alone while nothing is wrong', () => {
    expect(writes(turns.slice(0, 15))).toEqual([])
  })
  test('costs a few writes, not one a minute', () => {
    expect(writes(turns).length).toBeLessThanOrEqual(8)
  })
  test('is named with what it answered', () => {
    expect(writes(turns)[0]?.decision.why).toMatch(
      /^eus answered 429 to 60 % of 150 requests and admitted 30k tokens a minute of its 100k: its share goes from 50 % to \d+ %$/,
    )
  })
  test('gets its share back when it admits more again', () => {
    const recovered = follow(
      twoRegions,
      150,
      region((minute) => (minute < 10 || minute > 40 ? 100_000 : 30_000)),
    )
    expect(lastShares(recovered)['eus']).toBeGreaterThan(0.4)
  })
})

describe('a region that fails', () => {
  const outage = (minute: number) => minute >= 10 && minute < 40
  const failing = (breaker: boolean) =>
    follow({ ...twoRegions, breaker }, 90, (minute, shares) => {
      const calls = Math.round(300 * (shares['eus'] ?? 0))
      return [
        failed('eus', minute, calls, outage(minute) ? calls : 0),
        answered('eus2', minute, demand * (shares['eus2'] ?? 0)),
      ]
    })
  test('keeps its lower bound during the outage, and comes back after it', () => {
    const turns = failing(false)
    expect(lastShares(turns.slice(0, 30))['eus']).toBeCloseTo(0.05, 1)
    expect(lastShares(turns)['eus']).toBeGreaterThan(0.45)
  })
  test('is not sent calls again before one of them was answered', () => {
    const during = writes(failing(false).slice(0, 40)).map(({ decision }) => decision)
    const shares = during.flatMap((decision) =>
      decision.action === 'shift' ? [(decision.weights['eus'] ?? 0) / 100] : [],
    )
    expect(shares).toEqual(shares.toSorted((a, b) => b - a))
  })
  test('is its breaker’s business where it has one', () => {
    expect(writes(failing(true).slice(0, 40))).toEqual([])
  })
})

describe('without metrics', () => {
  const skewed: PoolState = {
    ...twoRegions,
    backends: twoRegions.backends.map((backend, index) => ({ ...backend, weight: index ? 20 : 100 })),
  }
  test('nothing is written for a quarter of an hour, then the shares step back to the quotas', () => {
    const turns = follow(skewed, 40, () => [])
    expect(writes(turns.slice(0, 16))).toEqual([])
    expect(lastShares(turns)).toEqual({ eus: 0.5, eus2: 0.5 })
    expect(writes(turns)[0]?.decision.why).toBe(
      'no metrics for 16 minutes: the shares step back to the quotas',
    )
  })
  test('minutes of zeroes are no metrics', () => {
    const silent = follow(skewed, 40, (minute) => [answered('eus', minute, 0), answered('eus2', minute, 0)])
    expect(lastShares(silent)).toEqual({ eus: 0.5, eus2: 0.5 })
  })
  test('a clock that is set back delays a write and does not prevent it', () => {
    const memory = { ...initialMemory(skewed), heardMs: at(500).getTime(), writesMs: [at(500).getTime()] }
    const first = rebalance(at(0), [], skewed, memory)
    expect(first.decision).toEqual({ action: 'hold', why: 'no new data' })
    expect(rebalance(at(16), [], skewed, first.memory).decision.action).toBe('shift')
  })
})

describe('what nobody can follow is held', () => {
  const data = [answered('eus', 0, 75_000, 20_000), answered('eus2', 0, 75_000)]
  const cases: { name: string; pool: PoolState; why: string }[] = [
    {
      name: 'one member',
      pool: { ...twoRegions, backends: twoRegions.backends.slice(0, 1) },
      why: 'one member carries everything',
    },
    { name: 'no member', pool: { ...twoRegions, backends: [] }, why: 'nobody to share with' },
    {
      name: 'lows beyond a hundred percent',
      pool: {
        ...twoRegions,
        backends: twoRegions.backends.map((backend) => ({ ...backend, bounds: [60, 95] })),
      },
      why: 'no shares meet the bounds of all members',
    },
    {
      name: 'bounds the wrong way round',
      pool: {
        ...twoRegions,
        backends: twoRegions.backends.map((backend) => ({ ...backend, bounds: [95, 5] })),
      },
      why: 'no shares meet the bounds of all members',
    },
    {
      name: 'a name twice',
      pool: { ...twoRegions, backends: twoRegions.backends.map((backend) => ({ ...backend, name: 'eus' })) },
      why: 'two members have one name',
    },
  ]
  for (const { name, pool, why } of cases)
    test(name, () => {
      expect(rebalance(at(5), data, pool, initialMemory(pool)).decision).toEqual({ action: 'hold', why })
    })
})

describe('a pool that changes', () => {
  test('a newcomer is believed its quota, within one step', () => {
    const turns = follow(
      twoRegions,
      40,
      (minute, shares) =>
        Object.entries(shares).map(([name, share]) => answered(name, minute, demand * share, 100_000)),
      (minute, pool) =>
        minute === 10
          ? {
              ...pool,
              backends: [...pool.backends, { name: 'swc', weight: 1, quotaTokensPerMinute: 100_000 }],
            }
          : pool,
    )
    expect(lastShares(turns)['swc']).toBeCloseTo(1 / 3, 1)
    expect(lastShares(turns.slice(0, 12))['swc']).toBeLessThan(0.22)
  })
  test('shares outside bounds that were narrowed go to them, though it is a small change', () => {
    const pool: PoolState = {
      ...twoRegions,
      backends: [
        { name: 'eus', weight: 100, bounds: [5, 51] },
        { name: 'eus2', weight: 92, bounds: [5, 95] },
      ],
    }
    const { decision } = rebalance(
      at(5),
      [answered('eus', 0, 50_000), answered('eus2', 0, 50_000)],
      pool,
      initialMemory(pool),
    )
    expect(decision.action).toBe('shift')
  })
})
