import { describe, expect, test } from 'vitest'
import { type DeploymentMinute, samplesOf } from '../../src/balance/from-metrics.ts'
import { grade } from '../../src/balance/grade.ts'
import { judgeShadow } from '../../src/balance/shadow.ts'
import { answered, at, failed } from './pools.ts'

describe('samples from metrics', () => {
  const members = [
    { backend: 'eus-gpt', account: 'eus', deployment: 'gpt' },
    { backend: 'eus2-gpt', account: 'eus2', deployment: 'gpt' },
  ]
  const row = (byStatus: Record<string, number>, tokens?: number, minute = 0): DeploymentMinute => ({
    deployment: 'GPT',
    minuteMs: at(minute).getTime(),
    byStatus,
    ...(tokens === undefined ? {} : { tokens }),
  })
  test('count 2xx, 429 and failures; a caller’s mistakes are no attempts', () => {
    const all = row(
      { 200: 90, 201: 1, 400: 30, 401: 2, 404: 7, 408: 1, 429: 5, 499: 1, 500: 1, 503: 2 },
      5000,
    )
    expect(samplesOf(at(10), members, { eus: [all] })).toEqual({
      samples: [
        {
          backend: 'eus-gpt',
          minute: at(0).toISOString(),
          total: 101,
          ok: 91,
          throttled: 5,
          errors: 5,
          tokens: 5000,
        },
      ],
      dropped: [],
    })
  })
  test('a minute is refused until it is 240 seconds old', () => {
    const minutes = { eus: [row({ 200: 1 }, 10)] }
    expect(samplesOf(new Date(at(4).getTime() - 1), members, minutes).samples).toEqual([])
    expect(samplesOf(at(4), members, minutes).samples).toHaveLength(1)
  })
  test('zeroes, only callers’ mistakes, no row and another deployment are no data, and no fault', () => {
    const minutes = {
      eus: [
        row({ 200: 0, 429: 0 }, 0),
        row({ 400: 12 }, undefined, 1),
        { ...row({ 200: 5 }, 9), deployment: 'other' },
      ],
    }
    expect(samplesOf(at(10), members, minutes)).toEqual({ samples: [], dropped: [] })
  })
  const contradictions: [string, DeploymentMinute[]][] = [
    ['tokens without calls', [row({}, 800)]],
    ['tokens without a call that was answered', [row({ 429: 8 }, 800)]],
    ['answered calls without tokens', [row({ 200: 8 })]],
    ['a count that is no count', [row({ 200: 8, 429: -1 }, 80)]],
    ['two rows of one minute', [row({ 200: 8 }, 80), row({ 200: 9 }, 80)]],
  ]
  for (const [why, eus] of contradictions)
    test(`${why} are dropped and named`, () => {
      const { samples, dropped } = samplesOf(at(10), members, { eus, eus2: [row({ 200: 8 }, 80)] })
      expect(samples.map(({ backend }) => backend)).toEqual(['eus2-gpt'])
      expect(dropped).toEqual([{ backend: 'eus-gpt', minute: at(0).toISOString(), why }])
    })
  test('come oldest first', () => {
    const minutes = { eus: [row({ 200: 1 }, 9, 2), row({ 200: 1 }, 9, 1)], eus2: [row({ 200: 1 }, 9, 1)] }
    const order = samplesOf(at(10), members, minutes).samples.map(({ minute }) => minute)
    expect(order).toEqual(order.toSorted())
  })
})

describe('a grade', () => {
  /** Ten minutes in which both regions are offered so much, a little more and less by turns, and eus admits `eus`. */
  const window = (offered: number, eus: number, share = 0.5) =>
    Array.from({ length: 10 }, (_, minute) => {
      const now = offered * (1 + 0.1 * ((minute % 3) - 1))
      return [answered('eus', minute, now * share, eus), answered('eus2', minute, now * (1 - share), 100_000)]
    }).flat()
  const cases: { name: string; before: typeof quiet; after: typeof quiet; want: string }[] = []
  const quiet = window(100_000, 100_000)
  cases.push(
    {
      name: 'fewer losses at equal load',
      before: window(100_000, 30_000),
      after: window(100_000, 30_000, 0.25),
      want: 'helped',
    },
    {
      name: 'more losses at equal load',
      before: window(100_000, 30_000, 0.25),
      after: window(100_000, 30_000),
      want: 'hurt',
    },
    { name: 'no losses before and after', before: quiet, after: quiet, want: 'no difference' },
    {
      name: 'fewer losses at less load',
      before: window(150_000, 50_000),
      after: window(60_000, 50_000),
      want: 'cannot tell',
    },
    {
      name: 'fewer losses at more load',
      before: window(100_000, 30_000),
      after: window(140_000, 80_000, 0.45),
      want: 'helped',
    },
    {
      name: 'more losses at less load',
      before: window(140_000, 80_000, 0.45),
      after: window(100_000, 30_000),
      want: 'hurt',
    },
    { name: 'three minutes', before: quiet, after: quiet.slice(0, 6), want: 'cannot tell' },
    { name: 'nothing measured', before: [], after: [], want: 'cannot tell' },
    {
      name: 'one clump of calls in a window that is otherwise the same',
      before: [...quiet.slice(0, -2), failed('eus', 9, 100, 90), answered('eus2', 9, 50_000)],
      after: quiet,
      want: 'cannot tell',
    },
  )
  for (const { name, before, after, want } of cases)
    test(`of ${name}: ${want}`, () => {
      const { grade: given, why } = grade(before, after)
      expect(given, why).toBe(want)
    })
  test('says what it compared', () => {
    expect(grade(window(100_000, 30_000), window(100_000, 30_000, 0.25)).why).toBe(
      '20 % of the attempts were lost before, 0 % after at equal load',
    )
  })
})

describe('a shadow', () => {
  const minutes = [0, 1].flatMap((minute) => [
    answered('eus', minute, 50_000, 30_000),
    answered('eus2', minute, 50_000),
  ])
  const capacities = { eus: 30_000, eus2: 100_000 }
  test('is judged by the demand that was measured, turned-away calls included', () => {
    const judged = judgeShadow({ eus: 100, eus2: 100 }, { eus: 30, eus2: 100 }, minutes, capacities)
    expect(judged.actualLost).toBeCloseTo(40_000)
    expect(judged.shadowLost).toBe(0)
    expect(judged.why).toBe("the shadow's weights would have saved 40000 of 200000 tokens in 2 minutes")
  })
  test('may be the worse of the two', () => {
    expect(judgeShadow({ eus: 30, eus2: 100 }, { eus: 100, eus2: 100 }, minutes, capacities).why).toMatch(
      /^the shadow's weights would have cost/,
    )
  })
  test('of equal weights makes no difference, and without minutes nothing is said', () => {
    expect(judgeShadow({ eus: 1, eus2: 1 }, { eus: 50, eus2: 50 }, minutes, capacities).why).toMatch(
      /^no difference worth naming/,
    )
    expect(judgeShadow({ eus: 1, eus2: 1 }, { eus: 1, eus2: 2 }, [], capacities)).toEqual({
      actualLost: 0,
      shadowLost: 0,
      why: 'no whole minute was measured',
    })
  })
})
