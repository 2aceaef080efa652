import type { Draw } from '../draw.ts'
import type { Start } from './request.ts'
import type { Traced } from './trace.ts'

/** A call that a client will make, so many milliseconds after the run began. */
export type Arrival = Traced & { isStreamed: boolean }

/** The second and further calls for one request of the trace come so much around it: the envelope stays, the burst is not doubled to the millisecond. */
const APART_MS = 5000

/** The trace as all clients of a run together play it, thinned or superposed; the same for the same run and seed, another for another run. */
export function arrivalsOf(
  trace: Traced[],
  id: string,
  { scale, clients, stream }: Start,
  draw: Draw,
): Arrival[] {
  const arrivals: Arrival[] = []
  const whole = Math.floor(scale)
  const rest = scale - whole
  for (let client = 0; client < clients; client++)
    for (const [index, traced] of trace.entries()) {
      const more = rest > 0 && draw.fraction('traffic', 'kept', id, client, index) < rest ? 1 : 0
      for (let copy = 0; copy < whole + more; copy++) {
        const isFirst = client === 0 && copy === 0
        const offset = isFirst
          ? 0
          : draw.between([-APART_MS, APART_MS], 'traffic', 'apart', id, client, index, copy)
        const isStreamed = stream > 0 && draw.fraction('traffic', 'stream', id, client, index, copy) < stream
        arrivals.push({ ...traced, atMs: Math.max(0, Math.round(traced.atMs + offset)), isStreamed })
      }
    }
  return arrivals.sort((one, other) => one.atMs - other.atMs)
}
