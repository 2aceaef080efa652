import type { Traced } from '../../../lab/azure/traffic/trace.ts'

/** How bursty a trace is, and how long its prompts and answers are. */
export type Burstiness = {
  perSecond: number
  /** Variance over mean of the counts in windows of so many seconds: 1 for Poisson. */
  dispersion: { 1: number; 10: number; 60: number }
  /** Of the times between arrivals: standard deviation over mean; 1 for Poisson. */
  gapVariation: number
  contextTokens: Spread
  generatedTokens: Spread
}
type Spread = { mean: number; p10: number; p50: number; p90: number }

export function burstinessOf(trace: Traced[]): Burstiness {
  const moments = trace.map(({ atMs }) => atMs / 1000)
  const first = moments[0] ?? 0
  const seconds = (moments.at(-1) ?? 0) - first
  const dispersion = (width: number) => {
    const counts = Array.from({ length: Math.floor(seconds / width) }, () => 0)
    for (const moment of moments) {
      const window = Math.floor((moment - first) / width)
      if (window < counts.length) counts[window] = (counts[window] ?? 0) + 1
    }
    return varianceOf(counts) / meanOf(counts)
  }
  const gaps = moments.slice(1).map((moment, index) => moment - (moments[index] ?? 0))
  return {
    perSecond: trace.length / seconds,
    dispersion: { 1: dispersion(1), 10: dispersion(10), 60: dispersion(60) },
    gapVariation: Math.sqrt(varianceOf(gaps)) / meanOf(gaps),
    contextTokens: spreadOf(trace.map(({ contextTokens }) => contextTokens)),
    generatedTokens: spreadOf(trace.map(({ generatedTokens }) => generatedTokens)),
  }
}

/** Each figure's mean over several traces. */
export function meanBurstiness(all: Burstiness[]): Burstiness {
  const mean = (figure: (one: Burstiness) => number) => meanOf(all.map(figure))
  const spread = (of: 'contextTokens' | 'generatedTokens'): Spread => ({
    mean: mean((one) => one[of].mean),
    p10: mean((one) => one[of].p10),
    p50: mean((one) => one[of].p50),
    p90: mean((one) => one[of].p90),
  })
  return {
    perSecond: mean(({ perSecond }) => perSecond),
    dispersion: {
      1: mean(({ dispersion }) => dispersion[1]),
      10: mean(({ dispersion }) => dispersion[10]),
      60: mean(({ dispersion }) => dispersion[60]),
    },
    gapVariation: mean(({ gapVariation }) => gapVariation),
    contextTokens: spread('contextTokens'),
    generatedTokens: spread('generatedTokens'),
  }
}

const meanOf = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

function varianceOf(values: number[]): number {
  const mean = meanOf(values)
  return meanOf(values.map((value) => (value - mean) ** 2))
}

function spreadOf(values: number[]): Spread {
  const sorted = [...values].sort((one, other) => one - other)
  const at = (share: number) => sorted[Math.floor(share * sorted.length)] ?? 0
  return { mean: meanOf(values), p10: at(0.1), p50: at(0.5), p90: at(0.9) }
}
