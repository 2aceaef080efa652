import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { usualRules } from '../../src/balance/rules.ts'
import { boundsOf, fitted, type Limits } from '../../src/balance/target.ts'
import { wholeWeights } from '../../src/balance/whole-weights.ts'

const limits = (...of: [number, number][]): Limits =>
  Object.fromEntries(of.map(([low, high], index) => [`b${index}`, { low, high }]))

describe('whole weights', () => {
  test('leave no share below a bound that rounding would break', () => {
    expect(wholeWeights({ b0: 0.05, b1: 0.95 }, limits([0.05, 0.95], [0.05, 0.95]))).toEqual({
      b0: 6,
      b1: 100,
    })
  })
  test('have 100 as the largest, but where only others meet the bounds', () => {
    expect(wholeWeights({ b0: 0.3, b1: 0.7 }, limits([0.3, 0.3], [0.7, 0.7]))).toEqual({ b0: 42, b1: 98 })
  })
  test('do not exist for bounds finer than integers', () => {
    expect(wholeWeights({ b0: 0.3001, b1: 0.6999 }, limits([0.3001, 0.30011], [0, 1]))).toBeUndefined()
  })
  test('keep to all limits that are one unit of rounding or more away from the shares', () => {
    const parts = fc.array(fc.double({ min: 0.02, max: 1, noNaN: true }), { minLength: 2, maxLength: 30 })
    fc.assert(
      fc.property(parts, (drawn) => {
        const total = drawn.reduce((sum, part) => sum + part, 0)
        const unit = (1.1 * Math.max(...drawn)) / total / 100
        const own = limits(
          ...drawn.map((part): [number, number] => [part / total - unit, part / total + unit]),
        )
        const shares = Object.fromEntries(drawn.map((part, index) => [`b${index}`, part / total]))
        const weights = wholeWeights(shares, own) ?? {}
        const sum = Object.values(weights).reduce((added, weight) => added + weight, 0)
        for (const [name, { low, high }] of Object.entries(own)) {
          expect((weights[name] ?? 0) / sum).toBeGreaterThanOrEqual(low - 1e-6)
          expect((weights[name] ?? 0) / sum).toBeLessThanOrEqual(high + 1e-6)
        }
      }),
      { numRuns: 200, endOnFailure: true },
    )
  })
})

describe('bounds', () => {
  const pool = (...bounds: [number, number][]) => ({
    breaker: false,
    backends: bounds.map((own, index) => ({ name: `b${index}`, weight: 1, bounds: own })),
  })
  test('that nobody can meet are no bounds to keep', () => {
    expect(boundsOf(pool([60, 90], [60, 90]), usualRules)).toBeUndefined()
    expect(boundsOf(pool([1, 40], [1, 40]), usualRules)).toBeUndefined()
    expect(boundsOf(pool([Number.NaN, 40], [1, 100]), usualRules)).toBeUndefined()
  })
  test('that leave one way to share are kept exactly', () => {
    const own = boundsOf(pool([30, 30], [1, 100]), usualRules)
    const shares = fitted({ b0: 5, b1: 1 }, own ?? {})
    expect(shares['b0']).toBeCloseTo(0.3)
    expect(shares['b1']).toBeCloseTo(0.7)
  })
})
