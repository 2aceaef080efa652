import { describe, expect, test } from 'vitest'
import { budget, seconds } from '../../src/probes/budget.ts'
import { derive } from '../../src/probes/derive/derive.ts'
import { everything } from '../environment/reference.ts'
import { documentOf } from './reference.ts'

const contoso = documentOf('contoso')
const probes = derive(contoso, everything)

test.each(['small', 'contoso', 'two-regions'] as const)(
  'the default set of %s is under 10 dollars a month',
  (example) => {
    const document = documentOf(example)
    expect(budget(derive(document, everything), document.probes).total.dollars).toBeLessThan(10)
  },
)

test('is what its probes cost, each by its own beat and its model’s price', () => {
  const { byProbe, total } = budget(probes, contoso.probes)
  // 12 an hour for 30 days; 14 tokens in, 1 out, at 2.50 and 10 dollars a million.
  expect(byProbe.find(({ id }) => id === 'model/direct/contoso-eus/gpt-4o')?.cost).toEqual({
    runs: 8640,
    promptTokens: 120_960,
    completionTokens: 8640,
    dollars: expect.closeTo(0.3888, 6),
  })
  expect(total.dollars).toBeCloseTo(
    byProbe.reduce((sum, { cost }) => sum + cost.dollars, 0),
    6,
  )
})

test('half as often is half as dear', () => {
  const half = budget(probes, { network: '2m', models: '10m', agents: '30m' })
  expect(half.total.dollars).toBeCloseTo(budget(probes, contoso.probes).total.dollars / 2, 6)
})

describe('a model without a price', () => {
  const unknown = probes.map((probe) =>
    probe.cost ? { ...probe, cost: { ...probe.cost, model: 'of-tomorrow' } } : probe,
  )
  test('costs what the dearest does, and is named', () => {
    const found = budget(unknown, contoso.probes)
    expect(found.unpriced).toEqual(['of-tomorrow'])
    expect(found.total.dollars).toBeGreaterThanOrEqual(budget(probes, contoso.probes).total.dollars)
  })
})

test('names, connections and the control plane cost nothing', () => {
  const free = probes.filter(({ layer }) => ['dns', 'tcp', 'tls', 'token', 'control', 'role'].includes(layer))
  expect(budget(free, contoso.probes).total).toMatchObject({ runs: 0, dollars: 0 })
})

test('an interval is read in seconds, minutes and hours', () => {
  expect(['60s', '5m', '2h'].map(seconds)).toEqual([60, 300, 7200])
})
