import { randomBytes } from 'node:crypto'

/** The moment and the randomness that begin an operation: deeds take both as arguments. */
export const now = (): { nowMs: number; random: string } => ({
  nowMs: Date.now(),
  random: randomBytes(2).toString('hex'),
})
