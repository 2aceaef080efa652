import type { Clock } from './clock.ts'
import { createHeap, type Heap } from './heap.ts'
import type { Table } from './store.ts'

/** Something that happens by itself: an operation ends, a soft-deleted name is freed, a client calls. */
export type Due = { at: number; what: string; subject: string }

export type Agenda = {
  /** One of a kind and subject: what was there before for it is put off, or brought forward. */
  add(due: Due): void
  next(): number | undefined
  /** Does all that is due by then in order, each at its own moment. What is asynchronous in it is begun, in order too, and goes on. */
  settle(until: number): void
  /** Until what was begun has ended; undefined when nothing is at work. */
  atWork(): Promise<void> | undefined
  isAtWork(): boolean
}

/** What is returned as a promise holds the clock until it is settled: it must not wait for the other half, nor for time to pass. */
export type Handler = (subject: string) => void | Promise<void>

export function createAgenda(rows: Table<Due>, clock: Clock, handlers: Record<string, Handler>): Agenda {
  const working = new Set<Promise<void>>()
  let failure: unknown
  let heap: Heap<string> = createHeap()
  let revision = -1

  /** The rows are what counts: they may be restored or refused without a word here. */
  const refresh = () => {
    if (revision === rows.revision) return
    heap = createHeap()
    for (const [id, { at }] of rows.entries()) heap.push(at, id)
    revision = rows.revision
  }

  const soonest = (): [string, Due] | undefined => {
    refresh()
    for (let first = heap.peek(); first; first = heap.peek()) {
      const due = rows.get(first.value)
      if (due?.at === first.at) return [first.value, due]
      // Put off, brought forward or done since.
      heap.pop()
    }
    return undefined
  }

  const add = (due: Due) => {
    refresh()
    const id = `${due.what}:${due.subject}`
    if (rows.get(id)?.at === due.at) return
    heap.push(due.at, id)
    rows.put(id, due)
    revision = rows.revision
  }

  const done = (id: string) => {
    heap.pop()
    rows.delete(id)
    revision = rows.revision
  }

  const begin = (work: Promise<void>) => {
    const ended = work
      .catch((error: unknown) => {
        failure ??= error
      })
      .finally(() => working.delete(ended))
    working.add(ended)
  }

  return {
    add,
    isAtWork: () => working.size > 0,
    next: () => soonest()?.[1].at,
    settle: (until) => {
      for (let entry = soonest(); entry && entry[1].at <= until; entry = soonest()) {
        const [id, { at, what, subject }] = entry
        done(id)
        clock.at(at, () => {
          const work = handlers[what]?.(subject)
          if (work) begin(work)
        })
      }
    },
    atWork: () => {
      if (working.size === 0 && failure === undefined) return undefined
      return Promise.all(working).then(() => {
        const thrown = failure
        failure = undefined
        if (thrown !== undefined) throw thrown
      })
    },
  }
}
