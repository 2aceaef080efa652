import type { Draw } from '../draw.ts'
import type { Traced } from './trace.ts'

/**
 * Requests as bursty as those of the two services whose traces are public (Azure LLM inference traces 2023; Patel et al., Splitwise, ISCA 2024):
 * measured on them, drawn anew. Lengths are independent of each other and of the rate, as they nearly are there.
 */
type Service = {
  /** A second, on average. */
  rate: number
  /** Slow changes of the rate: each a mean-reverting walk of its logarithm. */
  drifts: { seconds: number; variance: number }[]
  /** Silence and work in turns, of these mean lengths; without it there is no silence. */
  spells?: { busySeconds: number; silentSeconds: number }
  /** Requests that come as one: how many on average, and how far apart. */
  together: { mean: number; apartMs: number }
  contextTokens: Quantiles
  generatedTokens: Quantiles
}

/** Values at equal steps of probability, from 0 to 0.95 by 0.05; then at 0.98, 0.99, 0.999 and 1. */
type Quantiles = number[]

const SERVICES: Record<'conversation' | 'code', Service> = {
  conversation: {
    rate: 5.53,
    drifts: [
      { seconds: 700, variance: 0.047 },
      { seconds: 60, variance: 0.018 },
    ],
    together: { mean: 1.05, apartMs: 100 },
    contextTokens: [
      2, 181, 207, 372, 387, 396, 403, 414, 703, 984, 1020, 1045, 1071, 1097, 1130, 1189, 1315, 1877, 2735,
      4083, 4098, 4142, 6212, 14050,
    ],
    generatedTokens: [
      7, 41, 54, 67, 77, 85, 91, 96, 103, 113, 129, 151, 177, 217, 384, 395, 400, 411, 424, 451, 540, 601,
      954, 1000,
    ],
  },
  code: {
    rate: 2.57,
    drifts: [{ seconds: 4, variance: 0.4 }],
    spells: { busySeconds: 20, silentSeconds: 52 },
    together: { mean: 1.52, apartMs: 1 },
    contextTokens: [
      3, 75, 147, 232, 385, 578, 770, 938, 1075, 1261, 1469, 1690, 1909, 2164, 2433, 2745, 3193, 3923, 5194,
      7315, 7436, 7436, 7437, 7437,
    ],
    generatedTokens: [
      6, 6, 7, 7, 8, 9, 9, 10, 11, 12, 13, 14, 16, 18, 20, 24, 29, 39, 55, 90, 172, 252, 831, 1899,
    ],
  },
}
const PROBABILITIES = [...Array.from({ length: 20 }, (_, step) => step * 0.05), 0.98, 0.99, 0.999, 1]

export function synthesized(
  { synthetic, minutes, seed }: { synthetic: 'conversation' | 'code'; minutes: number; seed: number },
  draw: Draw,
): Traced[] {
  const chance = sequence(draw.fraction('traffic', synthetic, seed))
  const { together, contextTokens, generatedTokens } = SERVICES[synthetic]
  const rateNow = rates(SERVICES[synthetic], chance)
  const traced: Traced[] = []
  for (let second = 0; second < minutes * 60; second++) {
    for (let group = poisson(rateNow() / together.mean, chance); group > 0; group--) {
      let atMs = (second + chance()) * 1000
      do {
        traced.push({
          atMs,
          contextTokens: quantile(contextTokens, chance()),
          generatedTokens: quantile(generatedTokens, chance()),
        })
        atMs += exponential(together.apartMs, chance)
      } while (chance() < 1 - 1 / together.mean)
    }
  }
  return traced.sort((one, other) => one.atMs - other.atMs)
}

/** The rate of each second in turn. */
function rates({ rate, drifts, spells }: Service, chance: () => number): () => number {
  const walks = drifts.map(({ seconds, variance }) => walk(seconds, variance, chance))
  const busyShare = spells ? spells.busySeconds / (spells.busySeconds + spells.silentSeconds) : 1
  // The first turn turns it over.
  let isBusy = spells === undefined || chance() >= busyShare
  let leftSeconds = 0
  const turn = () => {
    if (!spells) return
    if (leftSeconds <= 0) {
      isBusy = !isBusy
      leftSeconds += exponential(isBusy ? spells.busySeconds : spells.silentSeconds, chance)
    }
    leftSeconds -= 1
  }
  return () => {
    turn()
    const drift = walks.reduce((sum, next) => sum + next(), 0)
    return isBusy ? (rate / busyShare) * Math.exp(drift) : 0
  }
}

/** The logarithm of a factor whose mean is 1: an Ornstein-Uhlenbeck process, a second at a time. */
function walk(seconds: number, variance: number, chance: () => number): () => number {
  const kept = Math.exp(-1 / seconds)
  let level = normal(chance) * Math.sqrt(variance)
  return () => {
    level = level * kept + normal(chance) * Math.sqrt(variance * (1 - kept ** 2))
    return level - variance / 2
  }
}

/** Mulberry32: a hundred thousand chances from one draw, for there is no order of calls here that could change. */
function sequence(seed: number): () => number {
  let state = Math.floor(seed * 2 ** 32)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const exponential = (mean: number, chance: () => number) => -Math.log(1 - chance()) * mean

const normal = (chance: () => number) =>
  Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance())

function poisson(mean: number, chance: () => number): number {
  let count = 0
  for (let left = exponential(1, chance); left < mean; left += exponential(1, chance)) count += 1
  return count
}

function quantile(values: Quantiles, probability: number): number {
  const above = Math.max(
    1,
    PROBABILITIES.findIndex((each) => each >= probability),
  )
  const [from = 0, to = 1] = [PROBABILITIES[above - 1], PROBABILITIES[above]]
  const [low = 0, high = 0] = [values[above - 1], values[above]]
  return Math.round(low + ((high - low) * (probability - from)) / (to - from))
}
