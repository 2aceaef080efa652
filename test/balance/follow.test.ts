import { describe, expect, test } from 'vitest'
import { initialMemory, type PoolState, rebalance } from '../../src/balance/index.ts'
import { usualRules } from '../../src/balance/rules.ts'
import { follow, lastShares, writes } from './follow.ts'
import { answered, at, failed, twoRegions } from './pools.ts'

/** Troubles the law was not tuned on, minute by minute. */

const demand = 150_000
const even = { eus: 0.5, eus2: 0.5 }
/** Both regions share the demand; each admits what is said of it. */
const pool =
  (eus: (minute: number) => number, eus2: (minute: number) => number = () => 100_000, asked = () => demand) =>
  (minute: number, shares: Record<string, number>) => [
    answered('eus', minute, asked() * (shares['eus'] ?? 0), eus(minute)),
    answered('eus2', minute, asked() * (shares['eus2'] ?? 0), eus2(minute)),
  ]

test('a capacity that sinks slowly is followed down', () => {
  const sinking = follow(
    twoRegions,
    80,
    pool((minute) => 100_000 - 1400 * Math.min(50, Math.max(0, minute - 10))),
  )
  expect(lastShares(sinking)['eus']).toBeGreaterThan(0.15)
  expect(lastShares(sinking)['eus']).toBeLessThan(0.33)
})

test('a drop to a third is known in two whole minutes, and followed in two writes', () => {
  const turns = follow(
    twoRegions,
    24,
    pool(
      (minute) => (minute < 10 ? 100_000 : 30_000),
      () => 100_000,
      () => 199_000,
    ),
  )
  // What was admitted in minutes 10 and 11, which arrive at 15 and 16.
  expect(turns[16]?.memory.members['eus']?.capacity).toBeLessThan(0.52)
  expect(lastShares(turns.slice(0, 18))['eus']).toBeLessThan(0.37)
})

test('a burst of seconds that throttles a few calls of one member is no drop', () => {
  const burst = follow(twoRegions, 30, (minute, shares) => {
    const [eus, eus2] = [shares['eus'] ?? 0, shares['eus2'] ?? 0]
    const [calm, full] = [answered('eus', minute, demand * eus), answered('eus', minute, 30_000, 28_000)]
    return [minute === 10 ? full : calm, answered('eus2', minute, demand * eus2)]
  })
  expect(lastShares(burst)['eus']).toBeGreaterThan(0.4)
})

test('a surge that throttles all members alike moves nothing', () => {
  let minuteNow = 0
  const surge = follow(twoRegions, 60, (minute, shares) => {
    minuteNow = minute
    const asked = () => (minuteNow >= 10 && minuteNow < 30 ? 3 * demand : demand)
    return pool(
      () => 100_000,
      () => 100_000,
      asked,
    )(minute, shares)
  })
  expect(writes(surge)).toEqual([])
})

test('a quota that is raised is used within a step or two', () => {
  const raised = follow(
    twoRegions,
    40,
    pool((minute) => (minute < 15 ? 100_000 : 300_000)),
    (minute, state) =>
      minute === 15
        ? {
            ...state,
            backends: state.backends.map((backend) =>
              backend.name === 'eus' ? { ...backend, quotaTokensPerMinute: 300_000 } : backend,
            ),
          }
        : state,
  )
  expect(lastShares(raised)['eus']).toBeGreaterThan(0.68)
  expect(writes(raised).length).toBeLessThanOrEqual(3)
})

describe('a member that', () => {
  const third = { name: 'swc', weight: 100, quotaTokensPerMinute: 100_000 }
  const three: PoolState = { ...twoRegions, backends: [...twoRegions.backends, third] }
  test('fails from the first minute on is left a few percent, and the others share alike', () => {
    const turns = follow(three, 40, (minute, shares) => {
      const calls = Math.round((demand * (shares['swc'] ?? 0)) / 500)
      return [...pool(() => 100_000)(minute, shares), failed('swc', minute, calls, calls)]
    })
    const { eus = 0, eus2 = 0, swc = 1 } = lastShares(turns)
    expect(swc).toBeLessThan(0.05)
    expect(Math.abs(eus - eus2)).toBeLessThan(0.02)
  })
  test('never answers leaves the others as they are', () => {
    const turns = follow(
      three,
      40,
      pool(() => 100_000),
    )
    expect(writes(turns)).toEqual([])
  })
  test('comes while another is throttled takes the load that one cannot', () => {
    const turns = follow(
      twoRegions,
      60,
      (minute, shares) => [
        ...pool(() => 30_000)(minute, shares),
        ...(shares['swc'] === undefined ? [] : [answered('swc', minute, demand * shares['swc'], 100_000)]),
      ],
      (minute, state) =>
        minute === 25 ? { ...state, backends: [...state.backends, { ...third, weight: 1 }] } : state,
    )
    const { eus = 1, swc = 0 } = lastShares(turns)
    expect(eus).toBeLessThan(0.25)
    expect(swc).toBeGreaterThan(0.33)
  })
})

test('a pool that flaps leaves writes for what comes after', () => {
  const flapping = (minute: number) => (minute < 50 && minute % 8 < 4 ? 30_000 : 100_000)
  const turns = follow(
    twoRegions,
    70,
    pool(flapping, (minute) => (minute < 50 ? 100_000 : 20_000)),
  )
  const before = writes(turns.slice(0, 55)).length
  expect(before).toBeLessThan(12)
  expect(lastShares(turns)['eus']).toBeGreaterThan(0.65)
})

describe('behind a breaker', () => {
  const behind = { ...twoRegions, breaker: true }
  test('a quota that is a third of what it says is learned', () => {
    expect(
      lastShares(
        follow(
          behind,
          90,
          pool(() => 30_000),
        ),
      )['eus'],
    ).toBeLessThan(0.35)
  })
})

test('a memory of an older version, which knows no rates, is taken up', () => {
  const { memory } = rebalance(at(5), pool(() => 100_000)(0, even), twoRegions, initialMemory(twoRegions))
  for (const member of Object.values(memory.members)) delete member.rate
  const next = rebalance(at(6), pool(() => 20_000)(1, even), twoRegions, memory)
  expect(next.memory.members['eus']?.capacity).toBeCloseTo(1 - usualRules.gainDown * (1 - 20 / 75))
})
