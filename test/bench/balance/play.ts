import { type Arrivals, UNITS } from './arrivals.ts'
import { newUnit, pick, reconfigure, trip, type Unit } from './gateway.ts'
import { ask, type Limiter, limitersOf, resize } from './limiter.ts'
import { EPOCH_MS, lacking, newestMinute, newMetrics, rowsOf, SETTLED_SECONDS } from './metrics.ts'
import type { How, Outcome } from './outcome.ts'
import { chanceOf } from './random.ts'
import { route } from './router.ts'
import { type Scenario, stateAt, turnsOf } from './scenario.ts'

interface Delivery {
  at: number
  unit: Unit
  weights: number[]
}

/** One run: the calls of a scenario, in order, through a gateway whose weights a controller moves. Nothing is left to chance that the seed does not decide. */
export function play(scenario: Scenario, arrivals: Arrivals, how: How): Outcome {
  const { preset, controller, resetsBreakers = false } = how
  const minutes = scenario.hours * 60
  const names = scenario.members.map(({ name }) => name)
  const limiters = limitersOf(scenario)
  const errorShares = scenario.members.map((_, member) => stateAt(scenario.happenings, member, 0).errors)
  const metrics = newMetrics(minutes, names.length)
  const weighing =
    controller === 'router'
      ? { weights: names.map(() => 1) }
      : controller.open({
          names,
          quotas: scenario.members.map((member) =>
            how.knowsQuotas === false ? undefined : member.quotaTokensPerMinute,
          ),
          bounds: scenario.bounds,
          hasBreaker: preset.breaker !== undefined,
          scenario,
        })
  const units = Array.from({ length: UNITS }, () => newUnit(weighing.weights))
  const requestsByMinute = Array.from({ length: minutes }, () => 0)
  const failedByMinute = Array.from({ length: minutes }, () => 0)
  const outcome: Outcome = {
    requests: arrivals.count,
    failed: 0,
    attempts: 0,
    throttledAttempts: 0,
    requestsByMinute,
    failedByMinute,
    writes: [],
  }

  const turns = turnsOf(scenario).map((minute) => minute * 60)
  const deliveries: Delivery[] = []
  const lacks = lacking(how.defect, scenario.seed, minutes)
  const settled = how.settledSeconds ?? SETTLED_SECONDS
  let written = weighing.weights
  // Nothing aligns our minutes with the metrics'.
  let nextTurn = weighing.turn ? 60 * chanceOf(scenario.seed, 'turn')() : Number.POSITIVE_INFINITY
  let seenMinute = -1
  let due = 0

  function happen(now: number): void {
    while ((turns[0] ?? Number.POSITIVE_INFINITY) <= now) change((turns.shift() ?? 0) / 60)
    for (const delivery of deliveries.splice(0)) {
      if (delivery.at > now) deliveries.push(delivery)
      else reconfigure(delivery.unit, delivery.weights, resetsBreakers)
    }
    while (nextTurn <= now) {
      decide(nextTurn)
      nextTurn += 60
    }
    due = Math.min(turns[0] ?? Number.POSITIVE_INFINITY, nextTurn, ...deliveries.map(({ at }) => at))
  }

  function change(minute: number): void {
    for (const [member, limiter] of limiters.entries()) {
      const { factor, errors } = stateAt(scenario.happenings, member, minute)
      resize(limiter, minute * 60, (scenario.members[member]?.capacityTokensPerMinute ?? 0) * factor)
      errorShares[member] = errors
    }
    const weights = weighing.atOnce?.(minute)
    if (weights) for (const unit of units) reconfigure(unit, weights, false)
  }

  function decide(now: number): void {
    const newest = Math.min(newestMinute(now, settled), minutes - 1)
    const fresh = []
    for (let minute = seenMinute + 1; minute <= newest; minute++)
      fresh.push(...rowsOf(metrics, minute, names, lacks))
    seenMinute = Math.max(seenMinute, newest)
    const nowMs = EPOCH_MS + Math.round(now * 1000)
    const move = weighing.turn?.({ nowMs, fresh, weights: written, newestEndMinute: newest + 1 })
    if (!move) return
    const { weights } = move
    written = weights
    const chance = chanceOf(scenario.seed, 'delivery', outcome.writes.length)
    const sent = units.map((unit) => ({ at: now + 5 + 55 * chance(), unit, weights }))
    deliveries.push(...sent)
    outcome.writes.push({ ...move, at: now, inForceAt: Math.max(...sent.map((each) => each.at)) })
  }

  const { at, cost, tokens, unit: unitOf, luck } = arrivals
  for (let call = 0; call < arrivals.count; call++) {
    const now = at[call] ?? 0
    if (now >= due) happen(now)
    const unit = units[unitOf[call] ?? 0] as Unit
    const asked = cost[call] ?? 0
    const minute = (now / 60) | 0
    let isServed = false
    for (let left = preset.tries; left > 0 && !isServed; left--) {
      const member =
        controller === 'router' ? route(limiters, errorShares, luck[call] ?? 0, now, asked) : pick(unit, now)
      if (member < 0) break
      outcome.attempts += 1
      const row = minute * names.length + member
      metrics.total[row] = (metrics.total[row] ?? 0) + 1
      if ((luck[call] ?? 0) < (errorShares[member] ?? 0)) {
        metrics.errors[row] = (metrics.errors[row] ?? 0) + 1
        trip(unit, member, now, 0, preset)
        continue
      }
      const retryAfter = ask(limiters[member] as Limiter, now, asked)
      if (retryAfter > 0) {
        outcome.throttledAttempts += 1
        metrics.throttled[row] = (metrics.throttled[row] ?? 0) + 1
        trip(unit, member, now, retryAfter, preset)
        continue
      }
      metrics.ok[row] = (metrics.ok[row] ?? 0) + 1
      metrics.tokens[row] = (metrics.tokens[row] ?? 0) + (tokens[call] ?? 0)
      isServed = true
    }
    requestsByMinute[minute] = (requestsByMinute[minute] ?? 0) + 1
    if (isServed) continue
    outcome.failed += 1
    failedByMinute[minute] = (failedByMinute[minute] ?? 0) + 1
  }
  return outcome
}
