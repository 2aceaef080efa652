import type { InvocationContext } from '@azure/functions'
import * as df from 'durable-functions'
import type { Orchestrations } from '../src/operations/begin.ts'

const over = new Set<string>(['Completed', 'Failed', 'Terminated', 'Canceled'])

/** The deeds' view of Durable Functions, over the client of this invocation. */
export function orchestrations(context: InvocationContext): Orchestrations {
  const client = df.getClient(context)
  const status: Orchestrations['status'] = async (id) => {
    try {
      const { runtimeStatus } = await client.getStatus(id)
      return over.has(runtimeStatus) ? 'ended' : 'alive'
    } catch (error) {
      // The client has no type for "no such instance"; its words are all there is (durable-functions 3.5, DurableClient.getStatus).
      if (error instanceof Error && error.message.includes('replied with HTTP 404')) return 'absent'
      throw error
    }
  }
  return {
    status,
    async start(id, run) {
      try {
        await client.startNew('reconcile', { instanceId: id, input: run })
      } catch (error) {
        if ((await status(id)) !== 'alive') throw error
      }
    },
  }
}
