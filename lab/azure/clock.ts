import type { Table } from './store.ts'

/** Virtual milliseconds since 1970. Every moment in the lab is read here and nowhere else. */
export type Clock = {
  now(): number
  /** The machine's own time. */
  wall(): number
  offsetMs(): number
  jumpTo(moment: number): void
  /** Does a piece of work as if it were that moment: what fell due earlier bears its own time. */
  at(moment: number, work: () => void): void
}

/** Taken now: in a test that runs both halves in one process the host half may shift `Date` later. */
const machineTime = Date.now

export function createClock(settings: Table<unknown>, wall: () => number = machineTime): Clock {
  let pinned: number | undefined
  const offsetMs = () => Number(settings.get('offsetMs') ?? 0)
  return {
    wall,
    offsetMs,
    now: () => pinned ?? wall() + offsetMs(),
    jumpTo: (moment) => {
      settings.put('offsetMs', Math.max(0, moment - wall()))
    },
    at: (moment, work) => {
      const before = pinned
      pinned = moment
      try {
        work()
      } finally {
        pinned = before
      }
    },
  }
}

export const iso = (moment: number) => new Date(moment).toISOString()
