import { z } from 'zod'
import { type Clock, iso } from './clock.ts'
import type { Store } from './store.ts'
import { WORLD_TABLES } from './world.ts'

const KEPT = [...WORLD_TABLES, 'journal']

export const Snapshot = z.looseObject({
  version: z.literal(1),
  now: z.iso.datetime(),
  tables: z.record(z.string(), z.array(z.tuple([z.string(), z.unknown()]))),
})

/** A whole world as JSON. The lab's keys, seed, temper and speed stay with the process. */
export const snapshot = (store: Store, clock: Clock) => ({
  version: 1,
  now: iso(clock.now()),
  tables: store.dump(KEPT),
})

/** The clock goes to where the world was, but never behind the machine's own time. */
export function restore({ now, tables }: z.infer<typeof Snapshot>, store: Store, clock: Clock): void {
  const known = Object.fromEntries(KEPT.map((name) => [name, tables[name] ?? []] as const))
  store.load(known)
  clock.jumpTo(Date.parse(now))
  store.commit()
}
