import type { InvocationContext } from '@azure/functions'
import * as df from 'durable-functions'
import type { Orchestrations } from '../src/operations/begin.ts'
import type { Episodes } from '../src/rebalance/deeds.ts'

const over = new Set<string>(['Completed', 'Failed', 'Terminated', 'Canceled'])

/** The deeds' view of Durable Functions, over the client of this invocation. */
export const orchestrations = (context: InvocationContext): Orchestrations => ofName('reconcile', context)

/** The same for the rebalancer's. */
export const episodes = (context: InvocationContext): Episodes => ofName('rebalance', context)

/** The same for agents' life cycles. */
export const agentRuns = (context: InvocationContext) => ofName('agentProbe', context)

function ofName(name: string, context: InvocationContext) {
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
    async start(id: string, input: unknown) {
      try {
        await client.startNew(name, { instanceId: id, input })
      } catch (error) {
        if ((await status(id)) !== 'alive') throw error
      }
    },
  }
}
