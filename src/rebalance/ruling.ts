import { initialMemory, rebalance, type Sample } from '../balance/index.ts'
import type { Weights } from '../gateway/shares.ts'
import type { Group } from './group-state.ts'
import type { BalanceRow } from './rows.ts'

/** What the law says of a whole pool: of each priority group for itself, for weights move inside one only. */
export interface Ruling {
  memories: BalanceRow['memories']
  /** Weights of the members that move; undefined: none does. */
  move: Weights | undefined
  why: string
}

/** Asks the law, group by group. Pure. */
export function ruled(
  groups: Group[],
  memories: BalanceRow['memories'],
  fresh: Sample[],
  nowMs: number,
): Ruling {
  const kept = { ...memories }
  const whys: { moves: boolean; why: string }[] = []
  let move: Weights | undefined
  for (const { priority, state } of groups) {
    const names = new Set(state.backends.map(({ name }) => name))
    const before = memories[priority] ?? initialMemory(state)
    const own = fresh.filter(({ backend }) => names.has(backend))
    const { decision, memory } = rebalance(new Date(nowMs), own, state, before)
    kept[priority] = memory
    const moves = decision.action === 'shift' && changes(state.backends, decision.weights)
    if (moves) move = { ...move, ...decision.weights }
    const place = groups.length > 1 ? `group ${priority}: ` : ''
    whys.push({ moves, why: `${place}${decision.why}` })
  }
  const told = whys.filter(({ moves }) => moves === (move !== undefined))
  return { memories: kept, move, why: told.map(({ why }) => why).join('; ') }
}

const changes = (backends: { name: string; weight: number }[], weights: Weights): boolean =>
  backends.some(({ name, weight }) => weights[name] !== undefined && weights[name] !== weight)

/** The law takes what it rules for written: it counts its writes, and waits after each. What was ruled at that moment was not. */
export const withoutWrite = (memories: BalanceRow['memories'], atMs: number): BalanceRow['memories'] =>
  Object.fromEntries(
    Object.entries(memories).map(([group, memory]) => [
      group,
      { ...memory, writesMs: memory.writesMs.filter((ms) => ms !== atMs) },
    ]),
  )
