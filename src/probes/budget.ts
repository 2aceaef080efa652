import type { Beat, Probe } from './probe.ts'

/** What probing costs: tokens only, since names, connections and reads of the control plane are free. */

/**
 * Dollars per 1000 tokens. List prices of pay-as-you-go, global, noted in November 2026: check them against the price page before relying on them.
 * Provisioned throughput is paid by the hour, whatever is asked of it; it is counted here all the same.
 */
const dollarsPer1000: Record<string, { prompt: number; completion: number }> = {
  'gpt-4o': { prompt: 0.0025, completion: 0.01 },
  'gpt-4o-mini': { prompt: 0.00015, completion: 0.0006 },
  'gpt-4.1': { prompt: 0.002, completion: 0.008 },
  'gpt-4.1-mini': { prompt: 0.0004, completion: 0.0016 },
  'gpt-4.1-nano': { prompt: 0.0001, completion: 0.0004 },
  'gpt-5': { prompt: 0.00125, completion: 0.01 },
  'gpt-5-mini': { prompt: 0.00025, completion: 0.002 },
  'gpt-5-nano': { prompt: 0.00005, completion: 0.0004 },
  'o3-mini': { prompt: 0.0011, completion: 0.0044 },
  'o4-mini': { prompt: 0.0011, completion: 0.0044 },
  'text-embedding-3-large': { prompt: 0.00013, completion: 0 },
  'text-embedding-3-small': { prompt: 0.00002, completion: 0 },
  'text-embedding-ada-002': { prompt: 0.0001, completion: 0 },
}

/** A model nobody has priced costs what the dearest does, in each direction. */
const dearest = {
  prompt: Math.max(...Object.values(dollarsPer1000).map(({ prompt }) => prompt)),
  completion: Math.max(...Object.values(dollarsPer1000).map(({ completion }) => completion)),
}

const secondsPerMonth = 30 * 24 * 3600
const secondsIn = { s: 1, m: 60, h: 3600 }

export interface Cost {
  runs: number
  promptTokens: number
  completionTokens: number
  dollars: number
}

export interface Budget {
  /** Of a month of 30 days, at most: answers are counted as long as they may be. */
  total: Cost
  byProbe: { id: string; cost: Cost }[]
  /** Models without a price of their own in the table. */
  unpriced: string[]
}

/** @param beats how often, as the document says it (`5m`) */
export function budget(probes: Probe[], beats: Record<Beat, string>): Budget {
  const byProbe = probes.flatMap((probe) => {
    // Who is asked from outside is asked by hand.
    if (!probe.cost || probe.vantage !== 'inside') return []
    const { model, promptTokens, completionTokens } = probe.cost
    const price = dollarsPer1000[model.toLowerCase()] ?? dearest
    const runs = Math.ceil(secondsPerMonth / seconds(beats[probe.beat]))
    return [
      {
        id: probe.id,
        cost: {
          runs,
          promptTokens: runs * promptTokens,
          completionTokens: runs * completionTokens,
          dollars: (runs * (promptTokens * price.prompt + completionTokens * price.completion)) / 1000,
        },
      },
    ]
  })
  const sum = (of: (cost: Cost) => number) => byProbe.reduce((total, { cost }) => total + of(cost), 0)
  const models = new Set(probes.flatMap(({ cost }) => (cost ? [cost.model.toLowerCase()] : [])))
  return {
    total: {
      runs: sum(({ runs }) => runs),
      promptTokens: sum(({ promptTokens }) => promptTokens),
      completionTokens: sum(({ completionTokens }) => completionTokens),
      dollars: sum(({ dollars }) => dollars),
    },
    byProbe,
    unpriced: [...models].filter((model) => !(model in dollarsPer1000)),
  }
}

/** `5m` is 300. */
export function seconds(interval: string): number {
  const [, count, unit] = /^(\d+)([smh])$/.exec(interval) ?? []
  if (count === undefined || unit === undefined) throw new Error(`${interval} is not an interval`)
  return Number(count) * secondsIn[unit as keyof typeof secondsIn]
}
