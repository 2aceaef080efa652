import { expect, test } from 'vitest'
import { reportOf } from '../balance.ts'
import { arrivalsOf } from './arrivals.ts'
import { scenarioOf } from './families.ts'
import { lawAsWritten } from './law-as-written.ts'
import { readScenario, tell } from './one-scenario.ts'
import type { Task } from './runs.ts'
import { spread } from './spread.ts'
import { watched } from './watched.ts'

const tasks = (['degrade', 'wrongquota'] as const).map(
  (family): Task => ({
    family,
    trace: 'code',
    limiter: 'tenSeconds',
    // A small pool: few calls.
    seed: 2,
    subject: 'ours',
    rules: {},
    settledSeconds: 240,
  }),
)
const results = await spread(tasks, 0, () => {})

test('the same seeds give the same report to the digit, on one core or on two', async () => {
  const once = JSON.stringify(reportOf(results))
  expect(JSON.stringify(reportOf(await spread(tasks, 0, () => {})))).toBe(once)
  expect(JSON.stringify(reportOf(await spread(tasks, 2, () => {})))).toBe(once)
})

test('the law as it ships breaks no invariant, and no run loses fewer calls than the instant router', () => {
  for (const { faults, runs, steps } of results) {
    expect(faults).toEqual({})
    expect(steps).toBeGreaterThan(1000)
    for (const [key, { failed }] of Object.entries(runs))
      if (key.startsWith('bare/'))
        expect(failed, key).toBeGreaterThanOrEqual(runs['bare/router']?.failed ?? 0)
  }
})

test('calls come at the load wanted, in order, whatever the pool', () => {
  for (const [trace, seed] of [
    ['code', 1],
    ['conversation', 2],
    ['conversation', 5],
  ] as const) {
    const scenario = scenarioOf('steady', trace, trace === 'code', seed, 'minute')
    const { at, cost, count } = arrivalsOf(scenario)
    const capacity = scenario.members.reduce((sum, member) => sum + member.capacityTokensPerMinute, 0)
    const asked = cost.reduce((sum, each) => sum + each, 0) / (scenario.hours * 60)
    expect(asked / capacity / scenario.load).toBeGreaterThan(0.8)
    expect(asked / capacity / scenario.load).toBeLessThan(1.2)
    expect(at.every((each, index) => index === 0 || each >= (at[index - 1] ?? 0))).toBe(true)
    expect(count).toBe(at.length)
  }
})

test('the watch notices a law that writes zeros, leaps, or writes without news', () => {
  const pool = {
    names: ['a', 'b'],
    quotas: [1, 1],
    bounds: undefined,
    hasBreaker: false,
    scenario: scenarioOf('steady', 'code', true, 1, 'minute'),
  }
  const turns: Record<string, number[]> = {
    'not integers from 1 to 100': [100, 0],
    'step too large': [100, 1],
    'all at the floor': [1, 1],
    'written without data': [99, 100],
  }
  for (const [fault, weights] of Object.entries(turns)) {
    const watch = watched({
      ...lawAsWritten,
      open: () => ({ weights: [100, 100], turn: () => ({ weights }) }),
    })
    watch.controller.open(pool).turn?.({ nowMs: 0, fresh: [], weights: [100, 100], newestEndMinute: 0 })
    expect(watch.faults).toHaveProperty([fault])
  }
})

test('a written scenario is played as written: half of the pool lost is half of the calls to it lost', () => {
  const written = readScenario(
    JSON.stringify({
      quotas: [200_000, 200_000],
      load: 0.3,
      hours: 1,
      seed: 'half an hour of 5xx',
      events: [{ member: 0, fromMinute: 0, untilMinute: 60, errorShare: 1 }],
    }),
  )
  const { requests, told } = tell(written)
  const failed = (name: string) => told.find(({ controller }) => controller === name)?.failed ?? Number.NaN
  expect(failed('50/50') / requests).toBeCloseTo(0.5, 1)
  expect(failed('ours')).toBeLessThan(failed('50/50') / 2)
  expect(failed('router')).toBeLessThan(failed('ours'))
})

test('a scenario that makes no sense is refused, and said why', () => {
  expect(() =>
    readScenario('{"quotas":[1,2],"events":[{"member":2,"fromMinute":0,"untilMinute":1}]}'),
  ).toThrow('there is no member 2')
  expect(() => readScenario('{"quotas":[1,2],"capacities":[1]}')).toThrow('1 for 2 quotas')
  expect(() => readScenario('{"quotas":[1],"lode":1}')).toThrow('lode')
})
