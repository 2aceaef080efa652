import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type PoolState, rebalance, type Sample } from '../../src/balance/index.ts'
import { usualRules } from '../../src/balance/rules.ts'
import { stepLimits } from '../../src/balance/step.ts'
import { boundsOf } from '../../src/balance/target.ts'
import { follow, type Turn, writes } from './follow.ts'
import { at, sharesIn } from './pools.ts'

const backend = (index: number, count: number) =>
  fc.record(
    {
      name: fc.constant(`b${index}`),
      weight: fc.integer({ min: 0, max: 100 }),
      quotaTokensPerMinute: fc.integer({ min: 1000, max: 450_000 }),
      // Now and then more than a pool can meet.
      bounds: fc
        .tuple(fc.integer({ min: 1, max: 110 }), fc.integer({ min: 20, max: 100 }))
        .map(([low, high]): [number, number] => [low / count, Math.max(high, low / count)]),
    },
    { requiredKeys: ['name', 'weight'] },
  )
const pools: fc.Arbitrary<PoolState> = fc
  .oneof({ weight: 4, arbitrary: fc.integer({ min: 2, max: 8 }) }, fc.constantFrom(1, 30))
  .chain((count) =>
    fc.record({
      breaker: fc.boolean(),
      backends: fc.tuple(...Array.from({ length: count }, (_, index) => backend(index, count))),
    }),
  )

/** Nonsense on purpose: a count may be anything, a name anybody's, a minute long ago, ahead or not a time at all. */
const count = fc.oneof({ weight: 8, arbitrary: fc.nat(500) }, fc.constantFrom(NaN, -5, Infinity, 0.5, 1e300))
const sample = (minute: number): fc.Arbitrary<Sample> =>
  fc.record({
    backend: fc.oneof(
      { weight: 9, arbitrary: fc.nat(12).map((index) => `b${index}`) },
      fc.constantFrom('stranger', 'constructor', '__proto__'),
    ),
    minute: fc.oneof(
      {
        weight: 9,
        arbitrary: fc.integer({ min: minute - 3, max: minute }).map((of) => at(of).toISOString()),
      },
      fc.constantFrom('yesterday', at(minute - 500).toISOString(), at(minute + 500).toISOString()),
    ),
    total: count,
    ok: count,
    throttled: count,
    errors: count,
    tokens: fc.oneof({ weight: 8, arbitrary: fc.nat(400_000) }, count),
  })
/** Sound minutes of all members, some of them throttled or failing. */
const soundMinute = (minute: number): fc.Arbitrary<Sample[]> =>
  fc.nat().map((seed) =>
    Array.from({ length: 30 }, (_, index) => {
      const dice = (sides: number, salt: number) =>
        ((Math.imul(seed ^ (index * 7919 + salt), 0x9e3779b1) >>> 7) * 31) % sides
      const [ok, throttled, errors] = [dice(400, 1), 60 * dice(3, 2), dice(5, 3) === 0 ? 90 : 0]
      return {
        backend: `b${index}`,
        minute: at(minute).toISOString(),
        total: ok + throttled + errors,
        ok,
        throttled,
        errors,
        tokens: ok * 500,
      }
    }),
  )
const streams: fc.Arbitrary<Sample[][]> = fc.tuple(
  ...Array.from({ length: 30 }, (_, minute) =>
    fc.oneof(
      { weight: 5, arbitrary: soundMinute(minute) },
      fc.array(sample(minute), { maxLength: 5 }),
      fc.constant<Sample[]>([]),
    ),
  ),
)

const played = (pool: PoolState, stream: Sample[][]): Turn[] =>
  follow(pool, stream.length, (minute) => stream[minute] ?? [])
const everyRun = (holds: (turns: Turn[], pool: PoolState) => void, numRuns = 60) =>
  fc.assert(
    fc.property(pools, streams, (pool, stream) => holds(played(pool, stream), pool)),
    { numRuns },
  )

describe('every step of every run', () => {
  test('writes whole weights from 1 to 100 for all members, whose shares keep to bounds and step', () => {
    everyRun((turns) => {
      for (const { decision, pool } of writes(turns)) {
        if (decision.action !== 'shift') continue
        const weights = Object.values(decision.weights)
        expect(Object.keys(decision.weights)).toEqual(pool.backends.map(({ name }) => name))
        expect(weights.every((weight) => Number.isInteger(weight) && weight >= 1 && weight <= 100)).toBe(true)
        expect(weights.length === 1 || weights.every((weight) => weight === 1)).toBe(false)
        const bounds = boundsOf(pool, usualRules)
        expect(bounds).toBeDefined()
        const limits = stepLimits(sharesIn(pool), bounds ?? {}, usualRules)
        const total = weights.reduce((sum, weight) => sum + weight, 0)
        for (const { name, bounds: [lowest, highest] = [0, 100] } of pool.backends) {
          const share = (decision.weights[name] ?? 0) / total
          expect(share).toBeGreaterThanOrEqual(lowest / 100 - 1e-6)
          expect(share).toBeLessThanOrEqual(highest / 100 + 1e-6)
          expect(share).toBeGreaterThanOrEqual((limits[name]?.low ?? 0) - 1e-6)
          expect(share).toBeLessThanOrEqual((limits[name]?.high ?? 1) + 1e-6)
        }
      }
    })
  })
  test('keeps the cooldown and the hourly budget, and remembers finite numbers only', () => {
    everyRun((turns) => {
      const minutes = writes(turns).map(({ minute }) => minute)
      for (const [index, minute] of minutes.entries())
        if (index > 0) expect(minute - (minutes[index - 1] ?? 0)).toBeGreaterThanOrEqual(2)
      expect(minutes.length).toBeLessThanOrEqual(usualRules.urgentWritesPerHour)
      for (const { memory } of turns) expect(JSON.parse(JSON.stringify(memory))).toEqual(memory)
    })
  })
  test('is the same each time, and changes none of its arguments', () => {
    everyRun((turns) => {
      for (const { minute, fresh, pool, memory } of turns.slice(0, 8)) {
        const given = structuredClone({ fresh, pool, memory })
        const [one, two] = [
          rebalance(at(minute + 1), fresh, pool, memory),
          rebalance(at(minute + 1), fresh, pool, memory),
        ]
        expect(one).toEqual(two)
        expect({ fresh, pool, memory }).toEqual(given)
      }
    }, 20)
  })
  test('writes without new data only after fifteen minutes of silence', () => {
    fc.assert(
      fc.property(pools, streams, fc.integer({ min: 6, max: 20 }), (pool, stream, lost) => {
        const turns = played(
          pool,
          stream.map((minute, index) => (index < lost ? minute : [])),
        )
        expect(writes(turns).filter(({ minute }) => minute >= lost + 5 && minute <= lost + 19 - 5)).toEqual(
          [],
        )
      }),
      { numRuns: 30 },
    )
  })
})
