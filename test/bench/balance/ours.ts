import {
  initialMemory,
  type PoolState,
  type Rules,
  rebalance,
  usualRules,
} from '../../../src/balance/index.ts'
import { type Controller, integersOf } from './controller.ts'

/**
 * The law we ship, driven as the product drives it: memory goes through JSON between turns.
 * @param changed rules to try instead of the usual ones
 */
export const ours = (changed: Partial<Rules> = {}): Controller => ({
  name: 'ours',
  open: ({ names, quotas, bounds, hasBreaker }) => {
    const poolAt = (weights: number[]): PoolState => ({
      backends: names.map((name, member) => ({
        name,
        weight: weights[member] ?? 1,
        ...(quotas[member] === undefined ? {} : { quotaTokensPerMinute: quotas[member] }),
        ...(bounds?.[member] ? { bounds: bounds[member] } : {}),
      })),
      breaker: hasBreaker,
    })
    const weights = integersOf(quotas.map((quota) => quota ?? 1))
    let memory = JSON.stringify(initialMemory(poolAt(weights)))
    return {
      weights,
      turn: ({ nowMs, fresh, weights: written }) => {
        const next = rebalance(new Date(nowMs), fresh, poolAt(written), JSON.parse(memory), {
          ...usualRules,
          ...changed,
        })
        memory = JSON.stringify(next.memory)
        const { decision } = next
        if (decision.action === 'hold') return undefined
        const { weights: moved, why } = decision
        return { weights: names.map((name, member) => moved[name] ?? written[member] ?? 1), why }
      },
    }
  },
})
