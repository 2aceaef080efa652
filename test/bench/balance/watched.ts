import { type Controller, normalised, type Pool, type Seen } from './controller.ts'

/** Runs a controller twice beside itself and checks every step: what must hold in each step of each run, of any law we ship. */
export interface Watch {
  controller: Controller
  steps: number
  faults: Record<string, number>
}

const COOLDOWN_MS = 120_000
/** Where a write may come sooner: calls failed lately, or the step is large. */
const LATELY_MS = 15 * 60_000
const LARGE = 0.1
/** Weights are integers: a share is off by so much at most. */
const ROUNDING = 0.01
const FALLBACK_MS = 15 * 60_000

export function watched(controller: Controller): Watch {
  const watch: Watch = {
    steps: 0,
    faults: {},
    controller: {
      name: controller.name,
      open: (pool) => {
        const [one, other] = [controller.open(pool), controller.open(pool)]
        const quotaShares = normalised(pool.quotas.map((quota) => quota ?? 1))
        let writtenMs = Number.NEGATIVE_INFINITY
        let failedMs = Number.NEGATIVE_INFINITY
        let dataMs: number | undefined
        return {
          ...one,
          turn: (seen) => {
            dataMs ??= seen.nowMs
            if (seen.fresh.length > 0) dataMs = seen.nowMs
            if (seen.fresh.some(({ errors }) => errors > 0)) failedMs = seen.nowMs
            const move = one.turn?.(seen)
            watch.steps += 1
            const again = other.turn?.(structuredClone(seen))
            const fault = (what: string, is: boolean) => {
              if (is) watch.faults[what] = (watch.faults[what] ?? 0) + 1
            }
            fault('the same twice differs', JSON.stringify(move) !== JSON.stringify(again))
            if (!move) return undefined
            const next = move.weights
            const moved = distance(normalised(next), normalised(seen.weights))
            const sinceMs = seen.nowMs - writtenMs
            for (const [what, is] of Object.entries(faultsOf(next, seen, pool))) fault(what, is)
            fault(
              'cooldown not kept',
              sinceMs < COOLDOWN_MS && moved < LARGE - ROUNDING && seen.nowMs - failedMs > LATELY_MS,
            )
            fault(
              'written without data',
              seen.fresh.length === 0 &&
                (seen.nowMs - dataMs <= FALLBACK_MS ||
                  distance(normalised(next), quotaShares) > distance(normalised(seen.weights), quotaShares)),
            )
            writtenMs = seen.nowMs
            return move
          },
        }
      },
    },
  }
  return watch
}

/** Half of what all shares differ by: the part of the traffic that moves. */
const distance = (one: number[], other: number[]) =>
  one.reduce((sum, share, member) => sum + Math.abs(share - (other[member] ?? 0)), 0) / 2

function faultsOf(next: number[], { weights }: Seen, { bounds }: Pool): Record<string, boolean> {
  const [shares, before] = [normalised(next), normalised(weights)]
  const some = (is: (share: number, was: number, member: number) => boolean) =>
    shares.some((share, member) => is(share, before[member] ?? 0, member))
  const wasWithin = before.every((share, member) => within(share, bounds?.[member]))
  return {
    'not integers from 1 to 100': next.some(
      (weight) => !Number.isInteger(weight) || weight < 1 || weight > 100,
    ),
    'all at the floor': next.length > 1 && next.every((weight) => weight === 1),
    'out of bounds': wasWithin && some((share, _, member) => !within(share, bounds?.[member])),
    'step too large': some(
      (share, was) => share < was / 3 - ROUNDING || share > Math.max(2 * was, 0.05, was + 0.2) + ROUNDING,
    ),
  }
}

const within = (share: number, [low, high]: [number, number] = [0, 100]) =>
  share >= low / 100 - ROUNDING / 2 && share <= high / 100 + ROUNDING / 2
