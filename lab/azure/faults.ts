import { z } from 'zod'
import type { Table } from './store.ts'

export const FaultRequest = z.strictObject({
  match: z
    .strictObject({
      plane: z.string().optional(),
      method: z.string().optional(),
      /** A regular expression on path and query. */
      path: z.string().refine(isPattern, 'not a regular expression').optional(),
      /** The first matching call it strikes, counted from 1, and how many it strikes. */
      from: z.int().min(1).default(1),
      count: z.int().min(1).default(1),
    })
    .prefault({}),
  do: z.strictObject({
    status: z.int().min(100).max(599).optional(),
    headers: z.record(z.string(), z.string()).optional(),
    body: z.unknown().optional(),
    delaySeconds: z.number().min(0).max(600).optional(),
    /** The connection dies before anything is done. */
    reset: z.boolean().optional(),
    /** The call is carried out, then the connection dies. */
    loseResponse: z.boolean().optional(),
    /** The long-running operation this call starts never ends, or ends Failed (with the error in `body`). */
    provisioning: z.enum(['stuck', 'failed']).optional(),
    /** Tokens only: how long the issued token lives. */
    expiresInSeconds: z.int().min(1).optional(),
  }),
})

function isPattern(text: string): boolean {
  try {
    return Boolean(new RegExp(text))
  } catch {
    return false
  }
}

export type Injected = z.infer<typeof FaultRequest> & { id: string; seen: number; struck: number }

export type Faults = {
  add(request: z.infer<typeof FaultRequest>): Injected
  list(): Injected[]
  remove(id: string): boolean
  /** Counts the call in every fault it matches; the oldest of those whose turn it is strikes. */
  strike(plane: string, method: string, path: string): Injected | undefined
}

export function createFaults(rows: Table<Injected>): Faults {
  return {
    add: (request) => {
      const fault = { ...request, id: crypto.randomUUID(), seen: 0, struck: 0 }
      rows.put(fault.id, fault)
      return fault
    },
    list: () => [...rows.values()],
    remove: (id) => {
      const known = rows.get(id) !== undefined
      if (known) rows.delete(id)
      return known
    },
    strike: (plane, method, path) => {
      let striking: Injected | undefined
      for (const fault of [...rows.values()]) {
        if (!matches(fault, plane, method, path)) continue
        const seen = fault.seen + 1
        const { from, count } = fault.match
        const mine = !striking && seen >= from && seen < from + count
        const counted = { ...fault, seen, struck: fault.struck + (mine ? 1 : 0) }
        rows.put(fault.id, counted)
        if (mine) striking = counted
      }
      return striking
    },
  }
}

function matches({ match }: Injected, plane: string, method: string, path: string): boolean {
  if (match.plane && match.plane !== plane) return false
  if (match.method && match.method.toUpperCase() !== method) return false
  return !match.path || new RegExp(match.path, 'i').test(path)
}
