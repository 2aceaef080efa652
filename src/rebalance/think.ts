import { usualRules } from '../balance/index.ts'
import type { Weights } from '../gateway/shares.ts'
import { closed } from './closing.ts'
import { concluded, copyOut, type Outcome } from './decision.ts'
import type { BalanceWorld, Turn } from './deeds.ts'
import { isOver, prolonged } from './episode.ts'
import { consumedWith, evidenceOf, isBusy, newestTroubleMs, type Sight, sightOf } from './evidence.ts'
import { gradeDue } from './grade-due.ts'
import { expectation, recent } from './grading.ts'
import { groupStates } from './group-state.ts'
import { type LivePool, livePool, weightsIn } from './live-pool.ts'
import { asBase, recognised, sameMembership, settled } from './ownership.ts'
import type { Found } from './pool-of.ts'
import type { Reads } from './reads.ts'
import { restrained } from './restrained.ts'
import { type BalanceRow, minuteMs, minuteOf } from './rows.ts'
import { ruled, withoutWrite } from './ruling.ts'
import { modeInForce, neverMoved, objectionOf } from './why-not.ts'

/** What a turn has come to; nothing of it is kept yet. */
export type Thought = { row: BalanceRow } & Pick<Turn, 'busy' | 'over'>

/**
 * Looks at a pool, asks the law, and says what is to be kept. What a turn before this one left open is closed by what the pool shows.
 * @returns undefined when nothing can be said before the pool can be read
 */
export async function think(
  world: BalanceWorld,
  { document, subject, isDestroyed }: Found,
  before: BalanceRow,
  reads: Reads,
  nowMs: number,
): Promise<Thought | undefined> {
  const { mode } = modeInForce(subject, document.mode, world.autoBalance)
  const never = neverMoved(subject, mode, isDestroyed)
  const isOpen = before.latest?.state === 'decided'
  if (never && !isOpen) return atRest(before, never, nowMs)

  const listed = await reads.backends(subject.apimId)
  if (listed.is === 'unreadable') {
    // What became of an open decision is not known, and must not be forgotten.
    if (isOpen) return undefined
    return watching(
      concluded(
        before,
        {
          is: 'held',
          reason: 'pool unreadable',
          why: `the gateway’s backends cannot be read: ${listed.failure.message}`,
        },
        { before: before.ours ?? {}, evidence: undefined, nowMs },
      ),
      false,
      nowMs,
    )
  }
  const live = livePool(listed.bodies, subject.id)
  const members = live?.members ?? []
  let row = before
  if (before.latest) {
    const ended = settled(before.latest, members, nowMs)
    if (ended === 'under way') return undefined
    if (ended !== before.latest) {
      await copyOut(world.store, ended)
      row = closed(row, ended, nowMs)
    }
  }
  if (never) return atRest(row, never, nowMs)
  if (sameMembership(members, subject.born))
    row = mode === 'auto' ? recognised(row, members, subject.born, nowMs) : asBase(row, members)
  const paused = await world.store.pauses.list(document.name)
  const objection = objectionOf(subject, live, { mode, hold: row.hold, paused, nowMs })
  if (!live || objection?.reason === 'sticky' || objection?.reason === 'membership')
    return atRest(row, objection ?? { reason: 'missing', message: 'the gateway has no such pool' }, nowMs)

  const measured = await reads.minutes()
  const sight = sightOf(subject, measured, row.consumed, nowMs)
  const inForce = mode === 'auto' ? weightsIn(members) : shadowOf(row, live)
  const groups = groupStates(subject, live, inForce, row.quotas)
  const ruling = ruled(groups, row.memories, sight.fresh, nowMs)
  const latest = recent(sight.samples, nowMs)
  const evidence = evidenceOf(latest)
  row = withSight(row, sight, nowMs)
  row = await gradeDue(world, subject, row, { sight, groups, memories: ruling.memories, nowMs })

  const hold = (reason: string, why: string): Outcome => ({ is: 'held', reason, why })
  const outcome = async (): Promise<Outcome> => {
    if (objection) return hold(objection.reason, objection.message)
    if (!ruling.move)
      return sight.unreadable.length > 0
        ? hold('metrics unreadable', `${sight.unreadable.join('; ')} (${ruling.why})`)
        : hold('law', ruling.why)
    if (sight.contradictions.length > 0)
      return hold('contradictory', `the metrics contradict themselves: ${sight.contradictions.join('; ')}`)
    const move = { before: inForce, after: { ...inForce, ...ruling.move } }
    const expected = expectation(move, latest, groups, ruling.memories)
    const moved = { after: ruling.move, why: ruling.why, expected }
    if (mode !== 'auto') return { is: 'shadow', ...moved }
    const lastHour = row.writesMs.filter((ms) => ms > nowMs - 3_600_000)
    if (lastHour.length >= usualRules.urgentWritesPerHour)
      return hold('budget', `${lastHour.length} writes within an hour are enough: ${ruling.why}`)
    const restraint = await restrained(world, document, subject, nowMs)
    return restraint ? hold(restraint.reason, restraint.message) : { is: 'decided', ...moved }
  }
  const taken = await outcome()
  const memories = taken.is === 'held' ? withoutWrite(ruling.memories, nowMs) : ruling.memories
  return watching(
    concluded({ ...row, memories }, taken, { before: inForce, evidence, nowMs }),
    isBusy(sight.fresh, usualRules.saturatedShare),
    nowMs,
  )
}

/** A pool that is not moved at all needs no watching. */
function atRest(
  { episode: _episode, ...row }: BalanceRow,
  { reason, message }: { reason: string; message: string },
  nowMs: number,
): Thought {
  const at = { before: row.ours ?? {}, evidence: undefined, nowMs }
  return { row: concluded(row, { is: 'held', reason, why: message }, at), busy: false, over: true }
}

function watching(row: BalanceRow, busy: boolean, nowMs: number): Thought {
  const { episode, ...rest } = row
  const over = !episode || isOver(episode, row.seenMs, nowMs)
  return { row: over ? rest : row, busy, over }
}

/** What shadow would have in force: its own chain, as long as that is about the same members; else what is live. */
function shadowOf({ shadow }: BalanceRow, { members }: LivePool): Weights {
  const live = weightsIn(members)
  const names = Object.keys(shadow ?? {})
  const isSame = names.length === members.length && names.every((name) => live[name] !== undefined)
  return shadow && isSame ? shadow : live
}

function withSight(row: BalanceRow, sight: Sight, nowMs: number): BalanceRow {
  const busyMs = newestTroubleMs(sight.fresh)
  return {
    ...row,
    consumed: consumedWith(row.consumed, sight.fresh),
    ...(sight.unreadable.length === 0 ? { seenMs: minuteOf(nowMs) - 3 * minuteMs } : {}),
    ...(row.episode && busyMs !== undefined
      ? { episode: prolonged(row.episode, { busyMs, because: row.episode.because }, nowMs) }
      : {}),
  }
}
