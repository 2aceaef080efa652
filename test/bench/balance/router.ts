import { expiryOf, type Limiter } from './limiter.ts'

/** The instant router, which knows all: among those who would admit the call, the one whose budget is lost soonest. -1: nobody would. */
export function route(
  limiters: Limiter[],
  errorShares: number[],
  luck: number,
  now: number,
  cost: number,
): number {
  let chosen = -1
  let soonest = Number.POSITIVE_INFINITY
  for (let member = 0; member < limiters.length; member++) {
    if (luck < (errorShares[member] ?? 0)) continue
    const expiry = expiryOf(limiters[member] as Limiter, now, cost)
    if (expiry < soonest) {
      soonest = expiry
      chosen = member
    }
  }
  return chosen
}
