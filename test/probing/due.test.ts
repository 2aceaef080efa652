import { expect, test } from 'vitest'
import type { Probe } from '../../src/probes/probe.ts'
import { intervalMs, isDue, isFresh, minuteMs } from '../../src/probing/due.ts'
import type { Pulse, StateRow } from '../../src/probing/rows.ts'
import { probe, verdict } from './fakes.ts'

const nowMs = Date.parse('2026-11-25T10:00:00Z')
const inside = (id: string) => probe(id)
const none = new Set<string>()

const state = (marks: string, lastMs: number): StateRow => ({
  probe: 'p',
  recent: [...marks].map((mark, index): Pulse => [`r${index}`, mark as Pulse[1], 1]),
  sinceMs: 0,
  lastMs,
  verdict: verdict('pass'),
  hour: { startMs: 0, pass: 0, fail: 0, inconclusive: 0, ms: [] },
  days: [],
})

test('the network is asked every minute, and what was never asked at once', () => {
  expect(isDue(inside('a'), state('p', nowMs - 59_000), minuteMs, nowMs, none)).toBe(true)
  expect(isDue(inside('a'), undefined, 15 * minuteMs, nowMs, none)).toBe(true)
})

test('what is asked from the internet is never asked from inside', () => {
  expect(isDue(probe('a', { vantage: 'internet' }), undefined, minuteMs, nowMs, new Set(['a']))).toBe(false)
})

test('slower beats come once per interval, each probe in a minute of its own', () => {
  const everyMs = 5 * minuteMs
  const perMinute = new Map<number, number>()
  for (let number = 0; number < 200; number++) {
    const id = `probe ${number}`
    let last = state('ppp', nowMs - 1)
    const asked: number[] = []
    for (let minute = 0; minute < 60; minute++) {
      const atMs = nowMs + minute * minuteMs + 700
      if (!isDue(inside(id), last, everyMs, atMs, none)) continue
      asked.push(minute)
      last = state('ppp', atMs)
    }
    expect(asked).toHaveLength(12)
    expect(new Set(asked.map((minute) => minute % 5)).size).toBe(1)
    const place = (asked[0] ?? 0) % 5
    perMinute.set(place, (perMinute.get(place) ?? 0) + 1)
  }
  expect(perMinute.size).toBe(5)
  for (const count of perMinute.values()) expect(count).toBeGreaterThan(20)
})

test('facts of one kind of resource come in the same minute, because they are read together', () => {
  const everyMs = 5 * minuteMs
  const minutes = ['zone/a', 'zone/b', 'zone/c'].map((resource) => {
    const fact: Probe = { ...probe(`fact/${resource}`), module: 'fact', target: { resource } }
    return [0, 1, 2, 3, 4].filter((minute) =>
      isDue(fact, state('ppp', nowMs + minute * minuteMs - 1), everyMs, nowMs + minute * minuteMs, none),
    )
  })
  expect(minutes[0]).toHaveLength(1)
  expect(minutes[1]).toEqual(minutes[0])
  expect(minutes[2]).toEqual(minutes[0])
})

test('what has just changed is asked again in the next minute, and then keeps its beat', () => {
  const everyMs = 15 * minuteMs
  const due = (marks: string) => isDue(inside('a'), state(marks, nowMs - 1), everyMs, nowMs, none)
  expect([due('ppf'), due('ffp'), due('pm'), due('pif'), due('f')], 'a second opinion').toEqual([
    true,
    true,
    true,
    true,
    true,
  ])
  expect([due('pff'), due('fpp'), due('ppi'), due('mmf')], 'settled').toEqual([false, false, false, false])
  expect(isDue(inside('a'), state('mm', nowMs - 1), everyMs, nowMs, new Set(['a']))).toBe(true)
})

test('a verdict is fresh for two intervals and a minute', () => {
  expect(isFresh(nowMs - 11 * minuteMs, intervalMs('5m'), nowMs)).toBe(true)
  expect(isFresh(nowMs - 11 * minuteMs - 1, intervalMs('5m'), nowMs)).toBe(false)
  expect(isFresh(undefined, minuteMs, nowMs)).toBe(false)
  expect([intervalMs('60s'), intervalMs('5m'), intervalMs('2h')]).toEqual([60_000, 300_000, 7_200_000])
})
