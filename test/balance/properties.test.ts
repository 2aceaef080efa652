import { isDeepStrictEqual } from 'node:util'
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
    { requiredKeys: ['name', 'weight'], noNullPrototype: true },
  )
const pools: fc.Arbitrary<PoolState> = fc
  .oneof({ weight: 4, arbitrary: fc.integer({ min: 2, max: 8 }) }, fc.constantFrom(1, 30))
  .chain((count) =>
    fc.record(
      {
        breaker: fc.boolean(),
        backends: fc.tuple(...Array.from({ length: count }, (_, index) => backend(index, count))),
      },
      { noNullPrototype: true },
    ),
  )

/** Nonsense on purpose: a count may be anything, a name anybody's, a minute long ago, ahead or not a time at all. */
const count = fc.oneof({ weight: 8, arbitrary: fc.nat(500) }, fc.constantFrom(NaN, -5, Infinity, 0.5, 1e300))
const sample = (minute: number): fc.Arbitrary<Sample> =>
  fc.record(
    {
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
    },
    { noNullPrototype: true },
  )
/** A sound minute of so many members, some of them throttled or failing, all of it from one seed. */
const soundMinute = (minute: number, seed: number, members: number): Sample[] =>
  Array.from({ length: members }, (_, index) => {
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
  })
/** By minute: the seed of a sound one, or whatever rows came. */
type Stream = (number | Sample[])[]
const streams: fc.Arbitrary<Stream> = fc.tuple(
  ...Array.from({ length: 30 }, (_, minute) =>
    fc.oneof(
      { weight: 5, arbitrary: fc.nat() },
      fc.array(sample(minute), { maxLength: 5 }),
      fc.constant<Sample[]>([]),
    ),
  ),
)

const played = (pool: PoolState, stream: Stream): Turn[] =>
  follow(pool, stream.length, (minute) => {
    const rows = stream[minute] ?? []
    return typeof rows === 'number' ? soundMinute(minute, rows, pool.backends.length) : rows
  })
/** Faults are gathered and expected to be none once a run: an `expect` for each number takes longer than the law. */
const everyRun = (faultsOf: (turns: Turn[]) => string[], numRuns = 100) =>
  fc.assert(
    fc.property(pools, streams, (pool, stream) => {
      expect(faultsOf(played(pool, stream))).toEqual([])
    }),
    { numRuns },
  )
const named = (faults: Record<string, boolean>): string[] =>
  Object.keys(faults).filter((name) => faults[name])

describe('every step of every run', () => {
  test('writes whole weights from 1 to 100 for all members, whose shares keep to bounds and step', () => {
    everyRun((turns) =>
      writes(turns).flatMap(({ decision, pool }) => {
        if (decision.action !== 'shift') return []
        const weights = Object.values(decision.weights)
        const bounds = boundsOf(pool, usualRules)
        const limits = stepLimits(sharesIn(pool), bounds ?? {}, usualRules)
        const total = weights.reduce((sum, weight) => sum + weight, 0)
        const leaves = pool.backends.filter(({ name, bounds: [lowest, highest] = [0, 100] }) => {
          const share = (decision.weights[name] ?? 0) / total
          const { low, high } = limits[name] ?? { low: 1, high: 0 }
          const within = (least: number, most: number) => share >= least - 1e-6 && share <= most + 1e-6
          return !within(lowest / 100, highest / 100) || !within(low, high)
        })
        return named({
          'others than the members': !isDeepStrictEqual(
            Object.keys(decision.weights),
            pool.backends.map(({ name }) => name),
          ),
          'no whole weights': !weights.every(
            (weight) => Number.isInteger(weight) && weight >= 1 && weight <= 100,
          ),
          'all at the floor': weights.length > 1 && weights.every((weight) => weight === 1),
          'bounds that cannot be met': bounds === undefined,
          'out of bounds or step': leaves.length > 0,
        })
      }),
    )
  })
  test('keeps the cooldown and the hourly budget, and remembers finite numbers only', () => {
    everyRun((turns) => {
      const minutes = writes(turns).map(({ minute }) => minute)
      return named({
        cooldown: minutes.some((minute, index) => minute - (minutes[index - 1] ?? -Infinity) < 2),
        budget: minutes.length > usualRules.urgentWritesPerHour,
        memory: turns.some(({ memory }) => !isDeepStrictEqual(JSON.parse(JSON.stringify(memory)), memory)),
      })
    })
  })
  test('is the same each time, and changes none of its arguments', () => {
    everyRun(
      (turns) =>
        turns.slice(0, 8).flatMap(({ minute, fresh, pool, memory }) => {
          const given = structuredClone({ fresh, pool, memory })
          const decide = () => rebalance(at(minute + 1), fresh, pool, memory)
          return named({
            differs: !isDeepStrictEqual(decide(), decide()),
            changed: !isDeepStrictEqual({ fresh, pool, memory }, given),
          })
        }),
      40,
    )
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
      { numRuns: 60 },
    )
  })
})
