import {
  type Decision,
  initialMemory,
  type Memory,
  type PoolState,
  rebalance,
  type Sample,
} from '../../src/balance/index.ts'
import { at, sharesIn, withWeights } from './pools.ts'

export interface Turn {
  minute: number
  pool: PoolState
  fresh: Sample[]
  decision: Decision
  memory: Memory
}

/** Plays the law minute by minute; what it writes is in force at once, and measured five minutes later. Memory travels as JSON. */
export function follow(
  start: PoolState,
  minutes: number,
  measured: (minute: number, shares: Record<string, number>) => Sample[],
  changed: (minute: number, pool: PoolState) => PoolState = (_, pool) => pool,
): Turn[] {
  const turns: Turn[] = []
  const taken: Sample[][] = []
  let pool = start
  let memory = initialMemory(pool)
  for (let minute = 0; minute < minutes; minute++) {
    pool = changed(minute, pool)
    taken.push(measured(minute, sharesIn(pool)))
    const fresh = taken[minute - 5] ?? []
    const answer = rebalance(at(minute), fresh, pool, memory)
    turns.push({ minute, pool, fresh, decision: answer.decision, memory: answer.memory })
    memory = JSON.parse(JSON.stringify(answer.memory))
    if (answer.decision.action === 'shift') pool = withWeights(pool, answer.decision.weights)
  }
  return turns
}

export const writes = (turns: Turn[]) => turns.filter(({ decision }) => decision.action === 'shift')
export const lastShares = (turns: Turn[]): Record<string, number> => {
  const last = turns.at(-1)
  if (!last) return {}
  return sharesIn(
    last.decision.action === 'shift' ? withWeights(last.pool, last.decision.weights) : last.pool,
  )
}
