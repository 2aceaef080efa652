// Where events come from: the hubs of the simulated Azure (lab/README.md), each one partition with numbers that begin with 1.
import { createHash } from 'node:crypto'
import type { HubEvent } from './batch.ts'

const answerWithinMs = 5_000
const mostPerRead = 200

export interface EventSource {
  /** The next events of `{namespace}/{hub}` after that number, oldest first; none: there are no newer ones. */
  read(hub: string, after: number): Promise<HubEvent[]>
  /** How many events, from this one on, are handed to the function at once: 1 to `most`, and the same whenever it is asked. */
  batchSize(functionName: string, number: number, most: number): number
}

/** @param seed of the lab: the same one cuts the same batches */
export function eventSourceAt(azure: string, seed: number): EventSource {
  return {
    async read(hub, after) {
      const url = new URL(`/_lab/eventhubs/${hub}?since=${after}&most=${mostPerRead}`, azure)
      const response = await fetch(url, { signal: AbortSignal.timeout(answerWithinMs) })
      if (!response.ok) throw new Error(`GET ${url.pathname} answered ${response.status}`)
      const events = (await response.json()) as { number: number; at: string; body: string }[]
      return events.map(({ number, at, body }) => ({
        body,
        sequenceNumber: number,
        enqueuedMs: Date.parse(at),
      }))
    },
    batchSize(functionName, number, most) {
      const drawn = createHash('sha256')
        .update(JSON.stringify([seed, 'batch', functionName, number]))
        .digest()
      return 1 + (drawn.readUInt32BE() % most)
    },
  }
}
