import type { Clock } from './clock.ts'
import type { Table } from './store.ts'

/** Something that happens by itself: an operation ends, a soft-deleted name is freed. */
export type Due = { at: number; what: string; subject: string }

export type Agenda = {
  add(due: Due): void
  next(): number | undefined
  /** Does all that is due by then in order, each at its own moment. */
  settle(until: number): void
}

export function createAgenda(
  rows: Table<Due>,
  clock: Clock,
  handlers: Record<string, (subject: string) => void>,
): Agenda {
  const soonest = () => {
    let first: [string, Due] | undefined
    for (const entry of rows.entries()) if (!first || entry[1].at < first[1].at) first = entry
    return first
  }
  return {
    add: (due) => rows.put(`${due.what}:${due.subject}`, due),
    next: () => soonest()?.[1].at,
    settle: (until) => {
      for (let entry = soonest(); entry && entry[1].at <= until; entry = soonest()) {
        const [id, { at, what, subject }] = entry
        rows.delete(id)
        clock.at(at, () => handlers[what]?.(subject))
      }
    },
  }
}
