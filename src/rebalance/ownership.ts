import { type Member, sameShares, sharesOf, type Weights, weightsOf } from '../gateway/shares.ts'
import { weightsIn } from './live-pool.ts'
import type { BalanceRow, DecisionRow, Hold } from './rows.ts'

/** Whose the live weights are, and what became of a decision whose end nobody saw. Pure. */

/** Equal shares, whatever the scale: weights mean nothing but beside each other. */
const sameWeights = (one: Weights, other: Weights): boolean => {
  const [a, b] = [weightsOf(sharesOf(one)), weightsOf(sharesOf(other))]
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name])
}

/** The same members in the same groups, whatever their weights. */
export const sameMembership = (one: Member[], other: Member[]): boolean =>
  one.length === other.length &&
  one.every(({ backend, priority }) => other.some((it) => it.backend === backend && it.priority === priority))

export const groupsOf = (members: Member[]): [priority: number, members: Member[]][] => [
  ...Map.groupBy(members, ({ priority }) => priority),
]

/** Each group stands as we left it, or as the document has it made: that is what a repair puts back. */
const isOurs = (live: Member[], ours: Weights, born: Member[]): boolean =>
  groupsOf(live).every(([priority, group]) => {
    const left = Object.fromEntries(
      group.flatMap(({ backend }) => (ours[backend] === undefined ? [] : [[backend, ours[backend]]])),
    )
    const asBorn = born.filter((member) => member.priority === priority)
    return sameWeights(weightsIn(group), left) || sameShares(asBorn, group, {})
  })

/** The weights all members have once a decision is carried out. */
export const outcomeOf = ({ before, after }: Pick<DecisionRow, 'before' | 'after'>): Weights => ({
  ...before,
  ...after,
})

/** A call has its answer or its time-out by then. */
const underWayMs = 90_000

/**
 * The end of a decision that was about to be written when its turn was last heard of: the pool itself knows. Any other state than `decided` has
 * its end already. While the write may still be under way, a pool that stands as before says nothing.
 */
export function settled(decision: DecisionRow, live: Member[], nowMs: number): DecisionRow | 'under way' {
  if (decision.state !== 'decided') return decision
  const weights = weightsIn(live)
  if (sameExactly(weights, outcomeOf(decision)))
    return { ...decision, state: 'written', writtenMs: decision.writtenMs ?? nowMs, readBackMs: nowMs }
  if (sameExactly(weights, decision.before) && nowMs - decision.atMs < underWayMs) return 'under way'
  if (sameExactly(weights, decision.before))
    return { ...decision, state: 'not written', why: `${decision.why} (it never reached Azure)` }
  return { ...decision, state: 'lost', why: `${decision.why} (somebody else has changed the pool)` }
}

export const sameExactly = (one: Weights, other: Weights): boolean => {
  const names = Object.keys(one)
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name])
}

const editedHours = 24

/**
 * Whether somebody else has moved the weights since we last looked: then they stay as they are for a day. A hold ends when the weights are ours
 * again, or when its time is over; then what is there is the new base.
 */
export function recognised(row: BalanceRow, live: Member[], born: Member[], nowMs: number): BalanceRow {
  const { hold, ...rest } = row
  const weights = weightsIn(live)
  if (row.ours === undefined || isOurs(live, row.ours, born))
    return hold?.reason === 'refused' && hold.untilMs > nowMs
      ? { ...row, ours: weights }
      : { ...rest, ours: weights }
  if (hold?.reason === 'edited' && sameExactly(hold.found, weights))
    return hold.untilMs > nowMs ? row : { ...rest, ours: weights }
  return { ...row, hold: edited(row.ours, weights, nowMs) }
}

/** What is live is what we go on from, whoever has set it: where nothing is written there is nothing to hold. */
export const asBase = ({ hold: _hold, ...row }: BalanceRow, live: Member[]): BalanceRow => ({
  ...row,
  ours: weightsIn(live),
})

const edited = (ours: Weights, found: Weights, nowMs: number): Hold => ({
  reason: 'edited',
  found,
  sinceMs: nowMs,
  untilMs: nowMs + editedHours * 3_600_000,
  message: `somebody else set the weights to ${weightsText(found)} (ours were ${weightsText(ours)}): they stay so for ${editedHours} hours, or until released`,
})

/** `a 100, b 43` */
const weightsText = (weights: Weights): string =>
  Object.entries(weights)
    .map(([name, weight]) => `${name} ${weight}`)
    .join(', ')
