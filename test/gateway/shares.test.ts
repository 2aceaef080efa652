import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Bounds,
  type Member,
  quotaShares,
  sameShares,
  sharesOf,
  weightsOf,
} from '../../src/gateway/shares.ts'

const positive = fc.double({ min: 0.001, max: 1, noNaN: true })
const shares = fc
  .array(positive, { minLength: 1, maxLength: 8 })
  .map((parts) => sharesOf(Object.fromEntries(parts.map((part, index) => [`b${index}`, part]))))

describe('weights', () => {
  test('are integers from 1 to 100, the largest 100', () => {
    fc.assert(
      fc.property(shares, (wanted) => {
        const weights = Object.values(weightsOf(wanted))
        expect(weights.every((weight) => Number.isInteger(weight) && weight >= 1 && weight <= 100)).toBe(true)
        expect(Math.max(...weights)).toBe(100)
      }),
    )
  })
  test('bring the shares back within rounding: half a unit for each member, a whole one where some are lifted to 1', () => {
    fc.assert(
      fc.property(shares, (wanted) => {
        const parts = Object.values(wanted)
        const unit = Math.min(...parts) < 0.005 * Math.max(...parts) ? 1 : 0.5
        const back = sharesOf(weightsOf(wanted))
        for (const [backend, share] of Object.entries(wanted))
          expect(Math.abs((back[backend] ?? 0) - share)).toBeLessThanOrEqual((unit * parts.length) / 100)
      }),
      { numRuns: 2000 },
    )
  })
  test('do not change when they are scaled again', () => {
    fc.assert(
      fc.property(shares, (wanted) => {
        expect(weightsOf(sharesOf(weightsOf(wanted)))).toEqual(weightsOf(wanted))
      }),
    )
  })
  test('nobody has a weight of 0, not even somebody who has no share', () => {
    expect(weightsOf({ a: 1, b: 0 })).toEqual({ a: 100, b: 1 })
  })
})

describe('shares at birth', () => {
  test('follow the quotas', () => {
    expect(weightsOf(quotaShares({ eus: 100, eus2: 30 }))).toEqual({ eus: 100, eus2: 30 })
  })
  test('are equal where one quota is unknown, since no proportion is known then', () => {
    expect(quotaShares({ eus: 100, eus2: undefined })).toEqual({ eus: 0.5, eus2: 0.5 })
  })
})

const member = (backend: string, weight: number, priority = 1): Member => ({ backend, priority, weight })
const bounds: Record<string, Bounds> = { a: [5, 95], b: [5, 95] }

describe('drift of shares', () => {
  const cases: {
    name: string
    why: string
    live: Member[]
    bounds: Record<string, Bounds>
    same: boolean
  }[] = [
    {
      name: 'the rebalancer moved it within its bounds',
      why: 'the share is its own',
      live: [member('a', 20), member('b', 100)],
      bounds,
      same: true,
    },
    {
      name: 'the same shares on another scale',
      why: 'weights mean nothing alone',
      live: [member('a', 10), member('b', 3)],
      bounds: {},
      same: true,
    },
    {
      name: 'a portal that writes 7 and 3',
      why: '70/30 and 100/43 are one share on the wire',
      live: [member('a', 50), member('b', 15)],
      bounds: {},
      same: true,
    },
    {
      name: 'outside its bounds',
      why: '99 % is more than 95 %',
      live: [member('a', 100), member('b', 1)],
      bounds,
      same: false,
    },
    {
      name: 'without bounds, another share',
      why: 'nobody owns it but the document',
      live: [member('a', 100), member('b', 60)],
      bounds: {},
      same: false,
    },
    {
      name: 'on the edge, rounded',
      why: '5 % of the traffic is 5 to 100 on the wire, which is 4.76 %',
      live: [member('a', 100), member('b', 5)],
      bounds,
      same: true,
    },
    {
      name: 'a member less',
      why: 'its traffic went elsewhere',
      live: [member('a', 100)],
      bounds,
      same: false,
    },
    {
      name: 'another member in its place',
      why: 'names decide, not numbers',
      live: [member('a', 100), member('c', 30)],
      bounds,
      same: false,
    },
    {
      name: 'another priority',
      why: 'it gets traffic only when the better group is open',
      live: [member('a', 100), member('b', 30, 2)],
      bounds,
      same: false,
    },
  ]
  test.each(cases)('$name: $why', ({ live, bounds, same }) => {
    expect(sameShares([member('a', 100), member('b', 30)], live, bounds)).toBe(same)
  })
  test('each priority group is compared by itself', () => {
    const wanted = [member('ptu', 100, 1), member('a', 100, 2), member('b', 50, 2)]
    expect(sameShares(wanted, [member('b', 3, 2), member('ptu', 1, 1), member('a', 6, 2)], {})).toBe(true)
  })
  test('whatever shares a rebalancer writes within the bounds, none is drift', () => {
    fc.assert(
      fc.property(shares, (written) => {
        const wide = Object.fromEntries(
          Object.entries(written).map(([backend, share]) => [
            backend,
            [Math.floor(100 * share), Math.ceil(100 * share)] as const,
          ]),
        )
        const live = Object.entries(weightsOf(written)).map(([backend, weight]) => member(backend, weight))
        const born = Object.keys(written).map((backend) => member(backend, 100))
        expect(sameShares(born, live, wide)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})
