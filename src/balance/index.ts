/**
 * The control law of the rebalancer: from what the members of a pool were seen to admit, the weights they should have. It has no clock,
 * no randomness and talks to nobody; whoever calls it measures, remembers, writes and reports. docs/balance-law.md says it in formulas.
 */
export { learnedCapacities } from './estimate.ts'
export { initialMemory, type Memory } from './memory.ts'
export type { PoolState } from './pool.ts'
export { type Decision, rebalance } from './rebalance.ts'
export { type Rules, usualRules } from './rules.ts'
export type { Sample } from './samples.ts'
