import { type PoolMinute, poolMinutes } from './pool-minutes.ts'
import type { Sample } from './samples.ts'
import { percent } from './why.ts'

export interface Grade {
  grade: 'helped' | 'no difference' | 'hurt' | 'cannot tell'
  why: string
}

/** Fewer minutes than this on a side, and one clump of calls decides. */
const fewestMinutes = 4
/** Loads within this factor of each other are taken for equal. */
const sameLoad = 1.25
/** Minutes come in clumps (a tenant is loud for five of them), so a difference has half the worth that independent minutes give it. */
const clumpFactor = 2
/** In standard errors; with this few minutes 2 would be wrong too often. */
const significant = 2.5
/** A difference of loss that nobody would act on. */
const negligible = 0.01

/**
 * Did a change of weights help? Compares the part of attempts that was lost (429 and 5xx) before and after, among minutes of equal
 * load where both windows have them. Where the load itself moved away, only the clear cases count: less lost at more load, or more
 * at less. A write follows a bad minute, so a short window before it looks worse than it was: give it ten minutes or more.
 * @param before samples of the whole pool under the old weights
 * @param after the same under the new ones, the minutes in which they spread left out
 */
export function grade(before: Sample[], after: Sample[]): Grade {
  const [old, young] = [poolMinutes(before), poolMinutes(after)]
  if (old.length < fewestMinutes || young.length < fewestMinutes)
    return {
      grade: 'cannot tell',
      why: `${old.length} whole minutes before and ${young.length} after are too few`,
    }
  const common = range(old, young)
  const inside = ({ attempts }: PoolMinute) => attempts >= common.low && attempts <= common.high
  const [oldEqual, youngEqual] = [old.filter(inside), young.filter(inside)]
  if (oldEqual.length >= fewestMinutes && youngEqual.length >= fewestMinutes && alike(oldEqual, youngEqual))
    return verdict(compare(oldEqual, youngEqual), 'at equal load')
  const difference = compare(old, young)
  const growth = mean(young) / mean(old)
  const load = `at ${percent(growth)} of the load`
  const clear = growth > 1 ? difference.by < 0 : difference.by > 0
  if (alike(old, young) || (clear && difference.significant)) return verdict(difference, load)
  return {
    grade: 'cannot tell',
    why: `${told(difference)} ${load}: the load explains it as well as the weights`,
  }
}

interface Difference {
  before: number
  after: number
  by: number
  significant: boolean
}

function compare(old: PoolMinute[], young: PoolMinute[]): Difference {
  const [before, after] = [lossOf(old), lossOf(young)]
  const by = after.share - before.share
  const error = Math.sqrt(clumpFactor * (before.variance + after.variance))
  return { before: before.share, after: after.share, by, significant: Math.abs(by) > significant * error }
}

/** The share of attempts lost, and the variance of that ratio with minutes, not calls, as the independent things. */
function lossOf(minutes: PoolMinute[]): { share: number; variance: number } {
  const attempts = minutes.reduce((sum, minute) => sum + minute.attempts, 0)
  const lost = minutes.reduce((sum, minute) => sum + minute.lost, 0)
  const share = lost / attempts
  const squares = minutes.reduce((sum, minute) => sum + (minute.lost - share * minute.attempts) ** 2, 0)
  const count = minutes.length
  // One call more or less is the least that chance does, also where all minutes are alike.
  return { share, variance: ((squares * count) / (count - 1) + 1) / attempts ** 2 }
}

function verdict(difference: Difference, load: string): Grade {
  const why = `${told(difference)} ${load}`
  if (Math.abs(difference.by) < negligible) return { grade: 'no difference', why }
  if (!difference.significant)
    return { grade: 'cannot tell', why: `${why}: minutes differ as much among themselves` }
  return { grade: difference.by < 0 ? 'helped' : 'hurt', why }
}

const told = ({ before, after }: Difference) =>
  `${percent(before)} of the attempts were lost before, ${percent(after)} after`

const mean = (minutes: PoolMinute[]): number =>
  minutes.reduce((sum, { attempts }) => sum + attempts, 0) / minutes.length

const alike = (a: PoolMinute[], b: PoolMinute[]): boolean =>
  Math.max(mean(a) / mean(b), mean(b) / mean(a)) <= sameLoad

/** The loads that both windows saw. */
function range(a: PoolMinute[], b: PoolMinute[]): { low: number; high: number } {
  const least = (minutes: PoolMinute[]) => Math.min(...minutes.map(({ attempts }) => attempts))
  const most = (minutes: PoolMinute[]) => Math.max(...minutes.map(({ attempts }) => attempts))
  return {
    low: Math.max(least(a), least(b)) / Math.sqrt(sameLoad),
    high: Math.min(most(a), most(b)) * Math.sqrt(sameLoad),
  }
}
