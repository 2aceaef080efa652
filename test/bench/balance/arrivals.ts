import { createDraw } from '../../../lab/azure/draw.ts'
import { synthesized } from '../../../lab/azure/traffic/synthetic.ts'
import { readTrace, type Traced } from '../../../lab/azure/traffic/trace.ts'
import { burstinessOf } from '../../lab/azure/burstiness.ts'
import { chanceOf } from './random.ts'
import type { Scenario } from './scenario.ts'

/** Calls in order, and for each all that chance decides of it: so every controller meets the same ones. */
export interface Arrivals {
  count: number
  /** Seconds from the start. */
  at: Float64Array
  /** Prompt and max_tokens: what a limiter counts. */
  cost: Float64Array
  /** Prompt and generated: what the metric shows. */
  tokens: Float64Array
  unit: Uint8Array
  /** Below a member's share of errors, the call fails there. */
  luck: Float32Array
}

export const UNITS = 2
const TRACE_MINUTES = 58
/** Further copies of a call come so much around it, in seconds: the envelope of a burst stays. */
const APART = 5
/** Variance over mean of the calls a minute: 16 for conversation, 164 for code. */
const BURSTY = 50

/** `code`, `conversation`: drawn anew with the burstiness measured on the real ones; anything else is the path of a CSV. */
function traceOf(trace: string, seed: string): Traced[] {
  if (trace !== 'code' && trace !== 'conversation') return readTrace(trace)
  const seedNumber = Math.floor(chanceOf(seed, 'trace')() * 1e6)
  return synthesized({ synthetic: trace, minutes: TRACE_MINUTES, seed: seedNumber }, createDraw(seedNumber))
}

export const isBursty = (trace: string): boolean =>
  trace === 'code' || (trace !== 'conversation' && burstinessOf(readTrace(trace)).dispersion[60] > BURSTY)

/** The trace tiled from a random point on, warped by a slow change of pace, thinned or superposed to the load wanted. */
export function arrivalsOf({ trace, seed, hours, load, members }: Scenario): Arrivals {
  const traced = traceOf(trace, seed)
  const chance = chanceOf(seed, 'arrivals')
  const length = (traced.at(-1)?.atMs ?? 0) / 1000 + 1
  const seconds = hours * 3600
  const capacity = members.reduce((sum, member) => sum + member.capacityTokensPerMinute, 0)
  const asked = traced.reduce((sum, call) => sum + costOf(call), 0) / (length / 60)
  const copies = (load * capacity) / asked
  const begin = chance() * length
  const warped = warp(seconds, chance)
  const calls: { at: number; cost: number; tokens: number }[] = []
  for (let tile = -1; tile * length < seconds + length; tile++)
    for (const call of traced)
      for (let copy = 0; copy < Math.floor(copies) + (chance() < copies % 1 ? 1 : 0); copy++) {
        const apart = copy === 0 ? 0 : (2 * chance() - 1) * APART
        const at = warped(tile * length + call.atMs / 1000 + apart - begin + length)
        if (at < 0 || at >= seconds) continue
        calls.push({ at, cost: costOf(call), tokens: call.contextTokens + call.generatedTokens })
      }
  calls.sort((one, other) => one.at - other.at)
  return {
    count: calls.length,
    at: Float64Array.from(calls, ({ at }) => at),
    cost: Float64Array.from(calls, ({ cost }) => cost),
    tokens: Float64Array.from(calls, ({ tokens }) => tokens),
    unit: Uint8Array.from(calls, () => Math.floor(chance() * UNITS)),
    luck: Float32Array.from(calls, chance),
  }
}

/** Callers who set max_tokens know roughly how long answers are: the next power of two, 64 at least. */
const costOf = ({ contextTokens, generatedTokens }: Traced) =>
  contextTokens + Math.max(64, 2 ** Math.ceil(Math.log2(Math.max(1, generatedTokens))))

/**
 * A steady pace changed by up to two thirds, over an hour or so. So deep, because then the limits that no weights can help against (the router's loss beside
 * the oracle's) are those the law was first judged with.
 */
function warp(seconds: number, chance: () => number): (at: number) => number {
  const waves = [0.4, 0.25].map((depth) => ({
    depth,
    // Whole turns in the run, so that the pace is 1 on average.
    turns: 1 + Math.floor(chance() * 4),
    phase: chance() * 2 * Math.PI,
  }))
  return (at) =>
    waves.reduce((sum, { depth, turns, phase }) => {
      const angular = (2 * Math.PI * turns) / seconds
      return sum + (depth / angular) * (Math.sin(angular * at + phase) - Math.sin(phase))
    }, at)
}
