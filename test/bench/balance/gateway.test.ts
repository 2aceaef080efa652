import { expect, test } from 'vitest'
import { newUnit, pick, presets, reconfigure, trip } from './gateway.ts'

const picks = (unit: ReturnType<typeof newUnit>, count: number, now = 0) => {
  const taken = unit.weights.map(() => 0)
  for (let call = 0; call < count; call++) {
    const member = pick(unit, now)
    taken[member] = (taken[member] ?? 0) + 1
  }
  return taken
}

test('every round gives each member exactly its weight, and no member twice running that need not', () => {
  expect(picks(newUnit([100, 37, 1]), 138)).toEqual([100, 37, 1])
  const unit = newUnit([2, 1, 1])
  expect([0, 1, 2, 3].map(() => pick(unit, 0))).toEqual([0, 1, 2, 0])
})

test('whose breaker is open is passed over, the others keep their proportion', () => {
  const unit = newUnit([60, 30, 10])
  trip(unit, 0, 0, 20, presets.lab)
  expect(picks(unit, 40, 19)).toEqual([0, 30, 10])
  expect(picks(unit, 100, 20)[0]).toBeGreaterThan(0)
})

test('a breaker stays open for Retry-After, and for its own ten seconds where there is none', () => {
  const unit = newUnit([1])
  trip(unit, 0, 0, 42, presets.lab)
  expect([pick(unit, 41.9), pick(unit, 42)]).toEqual([-1, 0])
  trip(unit, 0, 50, 0, presets.lab)
  expect([pick(unit, 59.9), pick(unit, 60)]).toEqual([-1, 0])
})

test('a bare pool has no breaker to trip', () => {
  const unit = newUnit([1])
  trip(unit, 0, 0, 42, presets.bare)
  expect(pick(unit, 1)).toBe(0)
})

test('a written pool closes breakers only where that switch is on', () => {
  const unit = newUnit([1, 1])
  trip(unit, 0, 0, 60, presets.lab)
  reconfigure(unit, [1, 3], false)
  expect(picks(unit, 4, 1)).toEqual([0, 4])
  reconfigure(unit, [1, 3], true)
  expect(picks(unit, 4, 1)).toEqual([1, 3])
})
