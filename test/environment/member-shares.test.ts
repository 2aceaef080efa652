import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fitted } from '../../src/environment/member-shares.ts'
import type { JsonObject } from '../../src/resources/kind.ts'
import { expanded, named } from './reference.ts'

const weights = (...replacements: [from: string | RegExp, to: string][]) => {
  const pool = named(expanded('contoso', replacements), 'pool/gpt-4o').body['properties'] as {
    pool: { services: { weight: number }[]; bounds: JsonObject }
  }
  return { weights: pool.pool.services.map(({ weight }) => weight), bounds: pool.pool.bounds }
}

describe('shares at birth', () => {
  test('are proportional to capacity, the largest weight 100', () => {
    expect(weights().weights).toEqual([100, 30])
  })
  test('are the document’s, where it weighs', () => {
    expect(
      weights(
        ['contoso-eus, bounds', 'contoso-eus, weight: 1, bounds'],
        ['contoso-eus2, bounds', 'contoso-eus2, weight: 1, bounds'],
      ).weights,
    ).toEqual([100, 100])
  })
  test('are moved into their bounds, or they would be drift at once', () => {
    expect(weights(['capacity: 30 }', 'capacity: 1 }']).weights).toEqual([100, 5])
  })
  test('have the usual bounds where the document is silent, and none where nobody moves them', () => {
    const silent: [RegExp, string] = [/, bounds: \[5, 95\]/g, '']
    expect(weights(silent).bounds).toEqual({
      'contoso-eus--gpt-4o': [5, 95],
      'contoso-eus2--gpt-4o': [5, 95],
    })
    expect(weights(silent, ['mode: shadow }', 'mode: off }']).bounds).toEqual({})
  })
  test('keep to any bounds that can be kept, and add up to one', () => {
    const members = fc.array(
      fc.record({
        share: fc.double({ min: 0.001, max: 1, noNaN: true }),
        bounds: fc
          .tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100 }))
          .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
      }),
      { minLength: 1, maxLength: 6 },
    )
    fc.assert(
      fc.property(members, (all) => {
        const sum = (end: 0 | 1) => all.reduce((total, { bounds }) => total + bounds[end], 0)
        fc.pre(sum(0) <= 100 && sum(1) >= 100)
        const total = all.reduce((sum, { share }) => sum + share, 0)
        const shares = fitted(
          Object.fromEntries(all.map(({ share }, index) => [`m${index}`, share / total])),
          Object.fromEntries(all.map(({ bounds }, index) => [`m${index}`, bounds])),
        )
        expect(Object.values(shares).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6)
        for (const [index, { bounds }] of all.entries()) {
          expect(shares[`m${index}`]).toBeGreaterThanOrEqual(bounds[0] / 100 - 1e-9)
          expect(shares[`m${index}`]).toBeLessThanOrEqual(bounds[1] / 100 + 1e-9)
        }
      }),
    )
  })
})
