import type { Document } from '../environment/schema.ts'
import type { Finding } from './drift.ts'

/** An automatic repair of the past. */
export interface PastRepair {
  createdMs: number
  succeeded: boolean
}

export type Unasked = { is: 'repair' } | { is: 'leave'; why: string }

const hourMs = 3_600_000
const backOffMs = 15 * 60_000
const longestBackOffMs = 24 * hourMs

/**
 * Whether the service repairs what a sweep found without being asked: only classes the document allows, within its budget per hour, and more
 * slowly after each automatic repair that did not help. Pure.
 * @param isOff the kill switch (setting OPS_AUTO_REPAIR)
 * @param past automatic repairs of this environment, oldest first
 */
export function unasked(
  { mode, repair }: Pick<Document, 'mode' | 'repair'>,
  found: Finding[],
  past: PastRepair[],
  isOff: boolean,
  nowMs: number,
): Unasked {
  const leave = (why: string): Unasked => ({ is: 'leave', why })
  const allowed = found.filter((finding) => finding.class === 'safe' && repair.auto.includes(finding.class))
  if (allowed.length === 0) return leave('nothing that may be repaired unasked')
  if (isOff) return leave('automatic repair is switched off (OPS_AUTO_REPAIR)')
  if (mode === 'observe') return leave('the document’s mode is observe')
  const lastHour = past.filter(({ createdMs }) => createdMs > nowMs - hourMs)
  if (lastHour.length >= repair.budgetPerHour)
    return leave(
      `the budget of ${repair.budgetPerHour} automatic repairs per hour is spent: something else writes here too`,
    )
  const failures = past.length - 1 - past.findLastIndex(({ succeeded }) => succeeded)
  const last = past.at(-1)
  if (last && failures > 0 && nowMs - last.createdMs < Math.min(longestBackOffMs, backOffMs * 2 ** failures))
    return leave(`the last ${failures} automatic repairs did not help: backing off`)
  return { is: 'repair' }
}
