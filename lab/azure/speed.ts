import { z } from 'zod'
import type { Clock } from './clock.ts'
import type { Table } from './store.ts'

export const Speed = z.union([z.number().positive(), z.literal('max')])
export type SpeedLimit = z.infer<typeof Speed>

/** Holds jumps back, so that over each of them the clock goes no faster than so many virtual seconds per wall second. */
export type Brake = {
  limit(): SpeedLimit
  /** Wall milliseconds that have to pass before the clock may stand at that moment. */
  heldBackMs(moment: number): number
  jump(moment: number): void
  /** What has passed until now earns no jump. */
  afresh(): void
}

/** What was waited longer than it had to be is taken off the next wait, up to this: many moments may be due within one answer. */
const MOST_EARNED_MS = 100

export function createBrake(clock: Clock, settings: Table<unknown>): Brake {
  /** When the waiting for the next jump began. */
  let waiting = { wall: clock.wall(), virtual: clock.now() }
  let read: { from: unknown; limit: SpeedLimit } | undefined

  const limit = () => {
    const from = settings.get('speed')
    if (!read || read.from !== from) read = { from, limit: Speed.catch('max').parse(from) }
    return read.limit
  }

  /** The wall moment at which the clock may stand there. */
  const earnedAt = (moment: number) => {
    const speed = limit()
    return speed === 'max' ? clock.wall() : waiting.wall + (moment - waiting.virtual) / speed
  }

  return {
    limit,
    heldBackMs: (moment) => Math.max(0, earnedAt(moment) - clock.wall()),
    jump: (moment) => {
      const wall = clock.wall()
      const from = Math.min(wall, Math.max(earnedAt(moment), wall - MOST_EARNED_MS))
      clock.jumpTo(moment)
      waiting = { wall: from, virtual: moment }
    },
    afresh: () => {
      waiting = { wall: clock.wall(), virtual: clock.now() }
    },
  }
}
