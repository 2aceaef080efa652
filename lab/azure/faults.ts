import { z } from 'zod'
import type { Draw } from './draw.ts'
import type { Table } from './store.ts'

const FLAWS = ['expired', 'expires-soon', 'wrong-name', 'untrusted'] as const
/** What may be wrong with a certificate. One that expires soon is good until then. */
export type Flaw = (typeof FLAWS)[number]

const DNS_TROUBLES = ['fails', 'silent', 'public'] as const
export type DnsTrouble = (typeof DNS_TROUBLES)[number]

export const FaultRequest = z.strictObject({
  match: z
    .strictObject({
      plane: z.string().optional(),
      method: z.string().optional(),
      /** A regular expression on path and query; on data planes the host stands before the path. */
      path: z.string().refine(isPattern, 'not a regular expression').optional(),
      /** The first matching call it strikes, counted from 1, and how many it strikes from there. */
      from: z.int().min(1).default(1),
      count: z.union([z.int().min(1), z.literal('all')]).default(1),
      /** Of the calls whose turn it is, the share that is struck; chosen by the seed. */
      share: z.number().min(0).max(1).default(1),
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
    /** Data planes only: so much longer until the head of the answer. On the virtual clock; whoever called over the wire waits on the wall. */
    slowSeconds: z.number().min(0).optional(),
    /** Data planes only: there is no connection to be had. */
    unreached: z.enum(['ENOTFOUND', 'ECONNREFUSED', 'ETIMEDOUT', 'ECONNRESET', 'CERT']).optional(),
    /** Data planes only: the connection dies after so much of the body. */
    breakAfterBytes: z.int().min(0).optional(),
    /** Models only, and no matter whose turn it is: while the fault is there a deployment has this share of its capacity. */
    capacityShare: z.number().min(0).max(1).optional(),
    /** Metrics only, while the fault is there: of a resource whose id matches, this share of the minutes has no point. */
    metricGapShare: z.number().min(0).max(1).optional(),
    /** Data planes only, while the fault is there: what is wrong with the certificate of a host. */
    certificate: z.enum(FLAWS).optional(),
    /** Of the DNS server, while the fault is there: for names that match it fails, says nothing, or answers as the internet's does. */
    dns: z.enum(DNS_TROUBLES).optional(),
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

export type Struck = { plane: string; method: string; path: string }

export type Faults = {
  add(request: z.infer<typeof FaultRequest>): Injected
  list(): Injected[]
  remove(id: string): boolean
  /** Counts the call in every fault it matches; the oldest of those whose turn it is strikes. */
  strike(plane: string, method: string, path: string): Injected | undefined
  /** The same for a connection that is only being made: only faults that keep it from being made see it. */
  strikeDial(plane: string, host: string): Injected | undefined
  /** How much of its capacity a host has left. */
  capacityShare(host: string): number
  /** What is wrong with the certificate of a host. */
  flaw(host: string): Flaw | undefined
  /** What is wrong with the DNS server, asked for that name. */
  dnsTrouble(name: string): DnsTrouble | undefined
}

export function createFaults(rows: Table<Injected>, draw: Draw): Faults {
  const struckBy = (call: Struck, concerned: (fault: Injected) => boolean) => {
    let striking: Injected | undefined
    if (rows.size === 0) return striking
    for (const fault of [...rows.values()]) {
      if (!concerned(fault) || !matches(fault, call)) continue
      const seen = fault.seen + 1
      const mine = !striking && isTurn(fault, seen, draw)
      const counted = { ...fault, seen, struck: fault.struck + (mine ? 1 : 0) }
      rows.put(fault.id, counted)
      if (mine) striking = counted
    }
    return striking
  }
  const conditions = <Name extends Condition>(name: Name, plane: string | undefined, host: string) =>
    [...rows.values()]
      .filter(
        (fault) =>
          fault.do[name] !== undefined && matches(fault, { ...(plane ? { plane } : {}), path: `${host}/` }),
      )
      .map((fault) => fault.do[name])
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
    strike: (plane, method, path) => struckBy({ plane, method, path }, (fault) => !isCondition(fault)),
    strikeDial: (plane, host) =>
      struckBy({ plane, method: 'CONNECT', path: `${host}/` }, (fault) => fault.do.unreached !== undefined),
    capacityShare: (host) =>
      conditions('capacityShare', 'model', host).reduce<number>(
        (share, left = 1) => Math.min(share, left),
        1,
      ),
    flaw: (host) => conditions('certificate', undefined, host)[0],
    dnsTrouble: (name) => conditions('dns', undefined, name)[0],
  }
}

/** A state of things rather than something that happens to a call. */
const CONDITIONS = ['capacityShare', 'metricGapShare', 'certificate', 'dns'] as const
type Condition = (typeof CONDITIONS)[number]
const isCondition = ({ do: does }: Injected) => CONDITIONS.some((name) => does[name] !== undefined)

function isTurn({ match, do: does }: Injected, seen: number, draw: Draw): boolean {
  const { from, count, share = 1 } = match
  if (seen < from || (count !== 'all' && seen >= from + count)) return false
  // By what it is and not by its id, which is another one in every run.
  return share === 1 || draw.fraction('fault', JSON.stringify([match, does]), seen) < share
}

const patterns = new Map<string, RegExp>()

function patternOf(text: string): RegExp {
  const pattern = patterns.get(text) ?? new RegExp(text, 'i')
  patterns.set(text, pattern)
  return pattern
}

function matches({ match }: Injected, call: Partial<Struck> & { path: string }): boolean {
  if (match.plane && call.plane && match.plane !== call.plane) return false
  if (match.method && call.method && match.method.toUpperCase() !== call.method) return false
  return !match.path || patternOf(match.path).test(call.path)
}
