import { describe, expect, test } from 'vitest'
import { arrivalsOf } from './arrivals.ts'
import type { Controller, Sample, Seen } from './controller.ts'
import { scenarioOf } from './families.ts'
import { presets } from './gateway.ts'
import { EPOCH_MS } from './metrics.ts'
import type { How } from './outcome.ts'
import { play } from './play.ts'
import { delayedOracle, equal, perfectStatic, staticQuota, withoutDelay } from './references.ts'
import type { Scenario } from './scenario.ts'

const short = (family: Parameters<typeof scenarioOf>[0], seed = 1, trace = 'conversation'): Scenario => ({
  ...scenarioOf(family, trace, trace === 'code', seed, 'minute'),
  hours: 1.5,
})
const { bare, lab } = presets

/** Everything a controller is shown in a run, and what it answers. */
function shown(how: Partial<How> = {}, scenario = short('steady'), moveAt?: number) {
  const seen: (Seen & { atSeconds: number })[] = []
  const controller: Controller = {
    name: 'watching',
    open: ({ names }) => ({
      weights: names.map(() => 50),
      turn: (each) => {
        const atSeconds = (each.nowMs - EPOCH_MS) / 1000
        seen.push({ ...each, atSeconds })
        return seen.length === moveAt ? { weights: names.map((_, member) => member + 1) } : undefined
      },
    }),
  }
  const outcome = play(scenario, arrivalsOf(scenario), { preset: bare, controller, ...how })
  return { seen, outcome, samples: seen.flatMap(({ fresh }) => fresh) }
}

const startOf = ({ minute }: Sample) => (Date.parse(minute) - EPOCH_MS) / 1000

describe('metrics', () => {
  test('a minute is shown once, when it began 240 s ago, and not later than a turn after that', () => {
    const { seen, samples } = shown()
    for (const { atSeconds, fresh } of seen)
      for (const sample of fresh) {
        expect(atSeconds - startOf(sample)).toBeGreaterThanOrEqual(240)
        expect(atSeconds - startOf(sample)).toBeLessThan(300)
      }
    const keys = samples.map(({ backend, minute }) => backend + minute)
    expect(new Set(keys).size).toBe(keys.length)
    expect(samples.length).toBeGreaterThan(100)
  })
  test('what is shown adds up, and is what was served', () => {
    const { samples, outcome } = shown()
    for (const { total, ok, throttled, errors } of samples) expect(ok + throttled + errors).toBe(total)
    const shownCalls = samples.reduce((sum, { total }) => sum + total, 0)
    expect(shownCalls / outcome.requests).toBeGreaterThan(0.9)
    expect(shownCalls).toBeLessThan(outcome.requests)
  })
  test('in a blackout nothing is shown for an hour and a half; a fifth of the minutes can be missing; rows can lack', () => {
    const scenario = { ...short('steady', 20), hours: 3 }
    const minutesOf = (defect?: How['defect']) => {
      const { samples } = shown(defect ? { defect } : {}, scenario)
      return { rows: samples.length, minutes: new Set(samples.map(({ minute }) => minute)).size }
    }
    const whole = minutesOf()
    expect(whole.minutes - minutesOf('blackout').minutes).toBe(90)
    expect(minutesOf('missing').minutes / whole.minutes).toBeCloseTo(0.8, 1)
    expect(minutesOf('partial').rows / whole.rows).toBeCloseTo(0.85, 1)
  })
})

test('a write reaches the units 5 to 60 s later; until then calls go by the old weights, from then on by the new', () => {
  const { outcome, samples } = shown({}, short('steady'), 10)
  const [write] = outcome.writes
  const [at, inForceAt] = [write?.at ?? Number.NaN, write?.inForceAt ?? Number.NaN]
  expect(inForceAt - at).toBeGreaterThanOrEqual(5)
  expect(inForceAt - at).toBeLessThanOrEqual(60)
  const sharesOf = (of: Sample[]) => {
    const all = of.reduce((sum, { total }) => sum + total, 0)
    return [...Map.groupBy(of, ({ backend }) => backend)]
      .sort(([one], [other]) => one.localeCompare(other))
      .map(([, own]) => own.reduce((sum, { total }) => sum + total, 0) / all)
  }
  const before = sharesOf(samples.filter((sample) => startOf(sample) + 60 <= at + 5))
  const after = sharesOf(samples.filter((sample) => startOf(sample) >= inForceAt))
  const weights = write?.weights ?? []
  const sum = weights.reduce((total, weight) => total + weight, 0)
  for (const [member, weight] of weights.entries()) {
    expect(before[member]).toBeCloseTo(1 / weights.length, 2)
    expect(after[member]).toBeCloseTo(weight / sum, 2)
  }
})

test('with breaker and retry no call is tried more than three times', () => {
  const scenario = short('storm')
  const { attempts, requests } = play(scenario, arrivalsOf(scenario), { preset: lab, controller: equal })
  expect(attempts).toBeLessThan(3 * requests)
  expect(attempts).toBeGreaterThan(0.8 * requests)
})

describe('on average over scenarios of every sort', () => {
  const scenarios = (['degrade', 'outage', 'wrongquota', 'storm'] as const).flatMap((family) =>
    ['code', 'conversation'].map((trace) => short(family, 1, trace)),
  )
  const played = scenarios.map((scenario) => ({ scenario, arrivals: arrivalsOf(scenario) }))
  const failed = (controller: How['controller']) =>
    played.reduce(
      (sum, { scenario, arrivals }) => sum + play(scenario, arrivals, { preset: bare, controller }).failed,
      0,
    )

  test('the instant router loses least, then weights without delay, then the delayed oracle; equal weights lose most', () => {
    const [router, instant, oracle, fixed, quota, half] = [
      failed('router'),
      failed(withoutDelay),
      failed(delayedOracle),
      failed(perfectStatic),
      failed(staticQuota),
      failed(equal),
    ]
    expect(router).toBeLessThan(instant)
    expect(instant).toBeLessThan(oracle)
    expect(oracle).toBeLessThan(quota)
    expect(fixed).toBeLessThan(quota)
    expect(quota).toBeLessThan(half)
  })
})
