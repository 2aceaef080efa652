import { describe, expect, test } from 'vitest'
import type { Finding } from '../../src/reconcile/drift.ts'
import { type PastRepair, unasked } from '../../src/reconcile/unasked.ts'

const now = Date.parse('2026-11-23T03:00:00Z')
const minutes = (count: number) => count * 60_000
const finding = (of: Finding['class']): Finding => ({
  resource: 'r',
  class: of,
  reason: 'differs',
  changes: [],
})
const allowing = { mode: 'full' as const, repair: { auto: ['safe' as const], budgetPerHour: 3 } }
const past = (...repairs: [minutesAgo: number, succeeded: boolean][]): PastRepair[] =>
  repairs.map(([ago, succeeded]) => ({ createdMs: now - minutes(ago), succeeded }))
const decide = (found: Finding[], earlier: PastRepair[] = [], document = allowing, isOff = false) =>
  unasked(document, found, earlier, isOff, now)

describe('nobody asked, and the service', () => {
  test('repairs what the document lets it', () => {
    expect(decide([finding('safe')])).toEqual({ is: 'repair' })
  })
  test.each<[string, ReturnType<typeof decide>]>([
    [
      'a document that allows nothing, which is the default',
      decide([finding('safe')], [], { mode: 'full', repair: { auto: [], budgetPerHour: 3 } }),
    ],
    ['drift that needs a person', decide([finding('person'), finding('never')])],
    ['the mode observe', decide([finding('safe')], [], { ...allowing, mode: 'observe' as never })],
    ['the kill switch', decide([finding('safe')], [], allowing, true)],
    ['a spent budget', decide([finding('safe')], past([50, true], [30, true], [10, true]))],
    ['a repair that did not help a moment ago', decide([finding('safe')], past([20, false]))],
  ])('leaves it alone because of %s, and says why', (_name, decision) => {
    expect(decision.is).toBe('leave')
    expect(decision.is === 'leave' && decision.why.length).toBeGreaterThan(10)
  })
  test('tries again later each time it did not help, and at once when the last one did', () => {
    expect(decide([finding('safe')], past([31, false])).is).toBe('repair')
    expect(decide([finding('safe')], past([200, false], [59, false])).is).toBe('leave')
    expect(decide([finding('safe')], past([200, false], [61, false])).is).toBe('repair')
    expect(decide([finding('safe')], past([200, false], [100, false], [5, true])).is).toBe('repair')
  })
})
