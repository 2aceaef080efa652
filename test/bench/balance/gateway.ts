/** The gateway: units that share nothing, each with its own turns of smooth weighted round robin on integers, and its own breakers (azure-facts 4.3, 4.4). */
export interface Unit {
  weights: number[]
  turns: number[]
  /** By member, in seconds; a breaker is open before it. */
  openUntil: number[]
}

export interface Preset {
  tries: number
  /** One 429 or 5xx in ten seconds trips it for Retry-After, or for so many seconds where there is none. */
  breaker?: { tripSeconds: number; heedsRetryAfter: boolean }
}

/** bare: neither breaker nor retry. lab: both, as the audit asks for. */
export const presets = {
  bare: { tries: 1 },
  retry: { tries: 3 },
  lab: { tries: 3, breaker: { tripSeconds: 10, heedsRetryAfter: true } },
} satisfies Record<string, Preset>

export const newUnit = (weights: number[]): Unit => ({
  weights,
  turns: weights.map(() => 0),
  openUntil: weights.map(() => 0),
})

/** A pool that is written begins its turns anew; whether it also closes breakers nobody says (azure-facts 4.3), so it is a switch. */
export function reconfigure(unit: Unit, weights: number[], resetsBreakers: boolean): void {
  unit.weights = weights
  unit.turns.fill(0)
  if (resetsBreakers) unit.openUntil.fill(0)
}

/** Whose turn it is among those whose breaker is closed; -1: all are open. */
export function pick({ weights, turns, openUntil }: Unit, now: number): number {
  let chosen = -1
  let most = Number.NEGATIVE_INFINITY
  let total = 0
  for (let member = 0; member < weights.length; member++) {
    if ((openUntil[member] ?? 0) > now) continue
    const weight = weights[member] ?? 0
    const turn = (turns[member] ?? 0) + weight
    turns[member] = turn
    total += weight
    if (turn > most) {
      chosen = member
      most = turn
    }
  }
  if (chosen >= 0) turns[chosen] = most - total
  return chosen
}

/** Its breaker hears of a failed try. With a count of 1 there is nothing to count. */
export function trip(unit: Unit, member: number, now: number, retryAfter: number, { breaker }: Preset): void {
  if (!breaker) return
  const seconds = breaker.heedsRetryAfter && retryAfter > 0 ? retryAfter : breaker.tripSeconds
  unit.openUntil[member] = now + seconds
}
