import { describe, expect, test } from 'vitest'
import type { DeploymentMinute } from '../../src/balance/from-metrics.ts'
import type { GatewayMinute } from '../../src/gateway-audit/figures.ts'
import {
  account,
  accountId,
  backend,
  found,
  lines,
  minutes,
  pool,
  sound,
  spent,
  withBackends,
} from './gateway.ts'

/** What measurements add: how much a fault costs here, and faults that only they show. */

const figures = (deployments: Record<string, DeploymentMinute[]>, gateway: GatewayMinute[] = []) => ({
  figures: {
    gateway,
    deployments: new Map(Object.entries(deployments).map(([name, own]) => [accountId(name), own])),
  },
})
const unequal = [
  account('east', { 'gpt-4o': ['GlobalStandard', 100] }),
  account('west', { 'gpt-4o': ['GlobalStandard', 30] }),
]
const logged = (name: string, count: number) => ({ backend: name, backendStatus: 200, status: 200, count })

test('a fault of a backend says how many calls to its deployment were throttled', () => {
  const [first] = found({
    ...withBackends(backend('east--gpt-4o', { circuitBreaker: null })),
    ...figures({ east: [...spent(2, { 200: 7, 429: 3 }), ...spent(2, { 429: 50 }, undefined, 'other')] }),
  })
  expect(first?.figure).toContain('measured here: 6 of 20 calls to its deployment were answered 429')
})

test('a pool that says nothing when it is exhausted says how often that was', () => {
  const policies = sound.policies.map((it) => ({
    ...it,
    xml: it.xml.replaceAll('"Retry-After"', '"x-wait"'),
  }))
  const [first] = found({
    policies,
    ...figures({}, minutes(10, logged('east--gpt-4o', 9), { status: 503, count: 1 })),
  })
  expect(first).toMatchObject({ id: 'exhausted-without-retry-after' })
  expect(first?.figure).toContain('10 of 100 calls ended in a 503 of the gateway’s own')
})

test('weights far from quota cost calls once somebody is throttled', () => {
  const throttled = figures({ east: spent(2, { 200: 10 }), west: spent(2, { 200: 10, 429: 5 }) })
  expect(lines(found({ accounts: unequal, ...throttled }))).toEqual([
    'costs calls: weights-far-from-quota, pool gpt-4o',
  ])
  expect(
    lines(found({ accounts: unequal, ...throttled, balanced: ['gpt-4o'] })),
    'its owner measures, too',
  ).toEqual([])
})

describe('a member that is not called for two hours while the other is', () => {
  const calm = { east: spent(121, { 200: 20 }), west: [] }
  const parked = (live: Parameters<typeof found>[0]) => found(live).filter(({ id }) => id === 'member-parked')

  test('is parked, when the gateway’s log knows the other’s calls', () => {
    expect(found(figures(calm, minutes(121, logged('east--gpt-4o', 20))))).toMatchObject([
      {
        id: 'member-parked',
        severity: 'costs calls',
        where: { backend: 'west--gpt-4o' },
        figure: 'measured here: no call in 120 minutes, while the others took 2420',
      },
    ])
  })
  test('may be, when there is no log: the other could be called past the gateway', () => {
    expect(parked(figures(calm))).toMatchObject([{ severity: 'risk' }])
  })
  test('is not, when the log says that it was called past the gateway', () => {
    expect(parked(figures(calm, minutes(121, { status: 401, count: 1 })))).toEqual([])
  })
  test('is not, when it answers 429 to every try, or was not measured', () => {
    expect(parked(figures({ ...calm, west: spent(121, { 429: 20 }) }))).toEqual([])
    expect(parked(figures({ east: calm.east }))).toEqual([])
  })
  test('is not, when its share is small, when a better group is before it, or when there is too little to see', () => {
    const seldom = pool('gpt-4o', [
      ['east--gpt-4o', 100],
      ['west--gpt-4o', 1],
    ])
    const behind = pool('gpt-4o', [
      ['east--gpt-4o', 100, 1],
      ['west--gpt-4o', 100, 2],
    ])
    expect(
      parked({ ...withBackends(seldom), ...figures({ ...calm, east: spent(121, { 200: 10 }) }) }),
    ).toEqual([])
    expect(parked({ ...withBackends(behind), ...figures(calm) })).toEqual([])
    expect(parked(figures({ ...calm, east: spent(20, { 200: 100 }) }))).toEqual([])
  })
})

test('a Retry-After of hours is told with its length', () => {
  const told = { ...logged('west--gpt-4o', 1), backendStatus: 429, retryAfterSeconds: 86_400 }
  const [first] = found(figures({}, minutes(1, told)))
  expect(first).toMatchObject({
    id: 'retry-after-of-hours',
    severity: 'costs calls',
    figure: 'measured here: Retry-After of 86400 s, 24 hours',
  })
})

describe('a pool needs no weights', () => {
  const needless = (live: Parameters<typeof found>[0]) =>
    found(live)
      .filter(({ id }) => id === 'needs-no-weights')
      .map(({ what }) => what)
  const quiet = spent(90, { 200: 10 })

  test('where quotas and weights are equal and nobody is throttled', () => {
    expect(needless(figures({ east: quiet, west: quiet }))).toEqual([
      'this pool needs no weights: quotas are equal, weights are equal, and no member answered 429',
    ])
    expect(needless({}), 'unmeasured, nobody knows').toEqual([])
    expect(needless(figures({ east: quiet })), 'nor of one that was not measured').toEqual([])
    expect(needless(figures({ east: quiet, west: [] })), 'nor with one that is not called').toEqual([])
    const idle = [...spent(10, { 200: 10 }), ...spent(90, { 200: 0 })]
    expect(needless(figures({ east: idle, west: idle })), 'a new pool says little').toEqual([])
    const few = spent(10, { 200: 10 })
    expect(needless(figures({ east: few, west: few })), 'ten minutes say little').toEqual([])
    expect(needless(figures({ east: quiet, west: spent(90, { 200: 10, 429: 1 }) }))).toEqual([])
  })

  test('where its busiest minute fills no member to half, whatever the weights', () => {
    const tokens = (west: number) =>
      figures({ east: spent(90, { 200: 10 }, 14_000), west: spent(90, { 200: 10 }, west) })
    expect(needless({ accounts: unequal, ...tokens(13_900) })).toEqual([
      'this pool needs no weights: at its busiest minute no member was filled above 47 %, and none answered 429',
    ])
    expect(lines(found({ accounts: unequal, ...tokens(16_000) }))).toEqual([
      'risk: weights-far-from-quota, pool gpt-4o',
    ])
  })
})
