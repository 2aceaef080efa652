import { createHash } from 'node:crypto'
import { type AlertRow, type DeadLetterRow, onePartition, type Store } from '../store/store.ts'
import type { Garbage } from './garbage.ts'
import { type Alert, momentOf, readEvent } from './read.ts'

/** One event of the hub. */
export interface Received {
  body: unknown
  /** Where it stands in its hub: the same each time it is handed over. */
  place: string
  /** When it came to the hub. */
  enqueuedMs: number
}

export interface Recorded {
  /** Notices nobody had told of before, in the order of the hub. */
  fresh: Alert[]
  /** Notices that were there already: sent twice, or handed over again. */
  known: number
  garbage: Garbage[]
}

/**
 * Keeps what events say: one row per notice, one dead letter per piece of garbage. All of it may be done again, in part or in whole, and changes
 * nothing then.
 * @throws what the tables throw: then the same events have to be handed over again
 */
export async function record(
  store: Pick<Store, 'alerts' | 'deadLetters'>,
  events: Received[],
  nowMs: number,
): Promise<Recorded> {
  const recorded: Recorded = { fresh: [], known: 0, garbage: [] }
  for (const { body, place, enqueuedMs } of events)
    for (const [index, found] of readEvent(body).entries()) {
      if (found.kind === 'garbage') {
        recorded.garbage.push(found)
        const { reason, text } = found
        const letter = { place: `${place}-${index}`, enqueuedMs, reason, text }
        await store.deadLetters.insert(onePartition, deadLetterKey(letter), letter)
      } else {
        const row = { ...found, recordedMs: nowMs }
        if (await store.alerts.insert(onePartition, alertKey(row), row)) recorded.fresh.push(found)
        else recorded.known++
      }
    }
  return recorded
}

/** Rows are in the order of time. */
export const timeKey = (ms: number): string => String(Math.max(0, ms)).padStart(15, '0')

/** One notice, one row: what was raised, and whether it began or is over. */
export const alertKey = (alert: AlertRow): string =>
  `${timeKey(momentOf(alert))}-${alert.condition}-${createHash('sha256').update(alert.id.toLowerCase()).digest('hex').slice(0, 32)}`

export const deadLetterKey = ({ enqueuedMs, place }: DeadLetterRow): string =>
  `${timeKey(enqueuedMs)}-${place}`
