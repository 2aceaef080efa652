import { sharesOf, type Weights } from '../../../src/gateway/shares.ts'
import { eus, eus2 } from '../world.ts'
import type { Calls, Played } from './play.ts'
import { bornWeights, type Put, putsOf, writesOf } from './puts.ts'
import type { Scenario } from './scenarios.ts'

/** What a run is judged by. */

/** A minute's figures can be read when it is over and 240 seconds old. */
const readableAfterMinutes = 5
/** So near to the best shares, for so many minutes in a row, is recovered. */
const nearShare = 0.1
const steadyMinutes = 3
const hourMs = 3_600_000

/** The part of the traffic that is not where it would be best. */
const distance = (one: Weights, other: Weights): number =>
  Object.entries(one).reduce((sum, [name, share]) => sum + Math.abs(share - (other[name] ?? 0)), 0) / 2

export const idealAt = ({ ideal = [] }: Scenario, minute: number): Weights | undefined => {
  const best = ideal.findLast(({ fromMinute }) => fromMinute <= minute)
  return best && { [eus]: best.shares[0], [eus2]: best.shares[1] }
}

/** Minutes from when the drop could first be read until the weights follow it; undefined: they never did. */
export function recoveryMinutes({
  scenario,
  minutes,
}: Pick<Played, 'scenario' | 'minutes'>): number | undefined {
  const { dropMinute } = scenario
  if (dropMinute === undefined) throw new Error(`${scenario.name} has no drop`)
  const isNear = minutes.map(({ shares }, minute) => {
    const best = idealAt(scenario, minute)
    return best !== undefined && distance(shares, best) <= nearShare
  })
  for (let minute = dropMinute; minute + steadyMinutes <= minutes.length; minute++)
    if (isNear.slice(minute, minute + steadyMinutes).every(Boolean))
      return Math.max(0, minute - dropMinute - readableAfterMinutes)
  return undefined
}

/** The most writes of any hour. */
export function writesPerHour(played: Played): number {
  const moments = writesOf(played).map(({ atMs }) => atMs)
  return Math.max(
    0,
    ...moments.map((from) => moments.filter((ms) => ms >= from && ms < from + hourMs).length),
  )
}

/** PUTs of the app's that left the weights as they were: what repairs do. */
export const repairsOf = (played: Played): number =>
  steps(played).filter(({ put, before }) => put.isOurs && changesNothing(before.weights, put.weights)).length

/** Every write that breaks a promise, in words. @param repairs whether repairs write here too, which change nothing and wait for nobody */
export function flaws(played: Played, { repairs = false } = {}): string[] {
  return steps(played).flatMap(({ put, before }) => {
    if (!put.isOurs) return []
    const found = changesNothing(before.weights, put.weights)
      ? repairs
        ? []
        : ['it changes nothing']
      : faultsOf(before, put)
    return found.map((fault) => `${new Date(put.atMs).toISOString()}: ${fault}`)
  })
}

/** Each PUT with the weights it found, and when ours were last moved. */
function steps(played: Played): { put: Put; before: Put }[] {
  let before: Put = { weights: bornWeights, atMs: Number.NEGATIVE_INFINITY, isOurs: false }
  return putsOf(played).map((put) => {
    const step = { put, before }
    const moves = put.isOurs && !changesNothing(before.weights, put.weights)
    before = { ...put, atMs: moves ? put.atMs : before.atMs }
    return step
  })
}

const changesNothing = (one: Weights, other: Weights): boolean =>
  distance(sharesOf(one), sharesOf(other)) < 0.001

function faultsOf(before: Put, { weights, atMs }: Put): string[] {
  const [then, now] = [sharesOf(before.weights), sharesOf(weights)]
  const whole = Object.values(weights)
  const told: [boolean, string][] = [
    [!whole.every((weight) => Number.isInteger(weight) && weight >= 1 && weight <= 100), 'no weights'],
    [atMs - before.atMs < 110_000, 'too soon after the last'],
    [Object.values(now).some((share) => share < 0.05 - 1e-9 || share > 0.95 + 1e-9), 'outside the bounds'],
    ...Object.entries(now).map(([name, share]): [boolean, string] => {
      const was = then[name] ?? 0
      const isWithin = share >= was / 3 - 0.006 && share <= Math.max(2 * was, 0.05, was + 0.2) + 0.006
      return [!isWithin, `${name} from ${was.toFixed(3)} to ${share.toFixed(3)} in one step`]
    }),
  ]
  return told.flatMap(([isSo, text]) => (isSo ? [text] : []))
}

export const metricReads = ({ journal }: Pick<Played, 'journal'>): number =>
  journal.filter(({ path }) => /microsoft\.insights\/metrics$|metrics:getbatch$/i.test(path)).length

export const failedPercent = ({ failed, sent }: Calls): number => (100 * failed) / Math.max(1, sent)

export const throttledIn = ({ minutes }: Pick<Played, 'minutes'>): number =>
  minutes.reduce(
    (sum, { throttled }) => sum + Object.values(throttled).reduce((total, count) => total + count, 0),
    0,
  )
