import { describe, expect, test } from 'vitest'
import { createDraw } from '../../../lab/azure/draw.ts'
import { synthesized } from '../../../lab/azure/traffic/synthetic.ts'
import { readTrace } from '../../../lab/azure/traffic/trace.ts'
import { type Burstiness, burstinessOf, meanBurstiness } from './burstiness.ts'

/** As measured on the Azure LLM inference traces 2023 (AzurePublicDataset), 58 and 57 minutes long. */
const MEASURED: Record<'conversation' | 'code', Burstiness> = {
  conversation: {
    perSecond: 5.53,
    dispersion: { 1: 1.385, 10: 3.857, 60: 16.13 },
    gapVariation: 1.094,
    contextTokens: { mean: 1155, p10: 207, p50: 1020, p90: 2735 },
    generatedTokens: { mean: 211.1, p10: 54, p50: 129, p90: 424 },
  },
  code: {
    perSecond: 2.567,
    dispersion: { 1: 13.19, 10: 71.64, 60: 164 },
    gapVariation: 13.15,
    contextTokens: { mean: 2048, p10: 147, p50: 1469, p90: 5194 },
    generatedTokens: { mean: 27.88, p10: 7, p50: 13, p90: 55 },
  },
}
const HOURS = 40

const hour = (synthetic: 'conversation' | 'code', seed: number) =>
  synthesized({ synthetic, minutes: 58, seed }, createDraw(1))

/** Every figure of one is within so large a share of the other's. */
function expectAlike(found: Burstiness, wanted: Burstiness, share: number): void {
  const figuresOf = (of: object, path = ''): [string, number][] =>
    Object.entries(of).flatMap(([name, value]) =>
      typeof value === 'number'
        ? [[path + name, value] as [string, number]]
        : figuresOf(value, `${path + name}.`),
    )
  const have = new Map(figuresOf(found))
  for (const [name, value] of figuresOf(wanted))
    expect(
      Math.abs((have.get(name) ?? 0) / value - 1),
      `${name}: ${have.get(name)} for ${value}`,
    ).toBeLessThan(share)
}

describe.each(['conversation', 'code'] as const)('a synthetic trace of %s', (name) => {
  test('comes in bursts as the real one does, at a second, ten and sixty, with prompts and answers as long', () => {
    const hours = Array.from({ length: HOURS }, (_, seed) => burstinessOf(hour(name, seed)))
    expectAlike(meanBurstiness(hours), MEASURED[name], 0.15)
  })

  test('is the same for the same seed, and another one for another', () => {
    expect(hour(name, 7)).toEqual(hour(name, 7))
    expect(hour(name, 7)).not.toEqual(hour(name, 8))
    expect(hour(name, 7).slice(0, 100)).not.toEqual(
      synthesized({ synthetic: name, minutes: 58, seed: 7 }, createDraw(2)).slice(0, 100),
    )
  })

  const path = process.env[`TRACE_${name.toUpperCase()}`]
  test.runIf(path)('was measured on the trace itself', () => {
    expectAlike(burstinessOf(readTrace(path ?? '')), MEASURED[name], 0.01)
  })
})
