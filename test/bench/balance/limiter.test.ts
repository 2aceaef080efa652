import { describe, expect, test } from 'vitest'
import { ask, expiryOf, limiterOf, resize } from './limiter.ts'
import type { Member } from './scenario.ts'

const member = (capacityTokensPerMinute: number, provisioned = false): Member => ({
  name: 'one',
  quotaTokensPerMinute: capacityTokensPerMinute,
  capacityTokensPerMinute,
  provisioned,
})

describe('a counter by the minute', () => {
  test('admits a quota of tokens in each minute at its own phase, and says when the next begins', () => {
    const limiter = limiterOf(member(60_000), 'minute', 20)
    expect([ask(limiter, 0, 30_000), ask(limiter, 1, 30_000)]).toEqual([0, 0])
    expect(ask(limiter, 30.5, 1)).toBe(10)
    expect(ask(limiter, 40, 60_000)).toBe(0)
  })
  test('counts what it refuses', () => {
    const limiter = limiterOf(member(60_000), 'minute', 0)
    expect(ask(limiter, 0, 60_001)).toBeGreaterThan(0)
    expect(ask(limiter, 1, 1)).toBeGreaterThan(0)
  })
})

describe('a bucket of ten seconds', () => {
  test('holds ten seconds of capacity, may be overdrawn by one call, and is open again when it is paid back', () => {
    const limiter = limiterOf(member(60_000), 'tenSeconds', 0)
    expect([ask(limiter, 0, 9_999), ask(limiter, 0, 5_000)]).toEqual([0, 0])
    const wait = ask(limiter, 0, 1)
    expect(wait).toBe(5)
    expect(ask(limiter, wait, 1)).toBe(0)
  })
  test('never holds more, however long nobody came', () => {
    const limiter = limiterOf(member(60_000), 'tenSeconds', 0)
    expect([ask(limiter, 1000, 10_000), ask(limiter, 1000, 1)]).toEqual([0, 1])
  })
  test('of a PTU deployment holds twenty', () => {
    const limiter = limiterOf(member(60_000, true), 'minute', 0)
    expect([ask(limiter, 0, 19_999), ask(limiter, 0, 1), ask(limiter, 0, 1)]).toEqual([0, 0, 1])
  })
  test('shrinks with the capacity', () => {
    const limiter = limiterOf(member(60_000), 'tenSeconds', 0)
    resize(limiter, 0, 6_000)
    expect([ask(limiter, 0, 1_000), ask(limiter, 0, 1)]).toEqual([0, 1])
    expect(ask(limiter, 9, 900)).toBe(0)
  })
})

test('more than six requests a minute for each thousand tokens are refused, in windows of ten seconds', () => {
  const limiter = limiterOf(member(10_000), 'tenSeconds', 0)
  const answers = Array.from({ length: 11 }, () => ask(limiter, 3, 1))
  expect(answers).toEqual([...Array.from({ length: 10 }, () => 0), 7])
  expect(ask(limiter, 10, 1)).toBe(0)
})

test('a router is told beforehand exactly what the limiter will answer', () => {
  for (const kind of ['minute', 'tenSeconds'] as const) {
    const limiter = limiterOf(member(30_000), kind, 7)
    const told = new Set<boolean>()
    for (let call = 0; call < 2_000; call++) {
      const [now, cost] = [call * 0.37, 100 + ((call * 7919) % 3000)]
      const promised = Number.isFinite(expiryOf(limiter, now, cost))
      expect(ask(limiter, now, cost) === 0).toBe(promised)
      told.add(promised)
    }
    expect(told.size).toBe(2)
  }
})
