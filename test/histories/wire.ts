import { setTimeout as sleep } from 'node:timers/promises'
import { Refused } from '../../cli/client.ts'
import type { Document } from '../../src/environment/schema.ts'
import type { Surroundings } from '../../src/environment/surroundings.ts'
import type { OperationView } from '../../src/operations/show.ts'
import { ended, running, untilUp } from '../stories/lab.ts'
import type { Ground, How } from './ground.ts'

/** The running lab, both halves as processes, spoken to over HTTP; `kill` is SIGKILL of either half, and a start on the same state. */
export interface Wire extends Ground {
  /** An environment of this name is what is spoken of from now on. */
  about(name: string): void
}

/** What the lab tells the app of its home: enough to know which resources a document describes. */
const surroundings: Surroundings = {
  subscriptionId: '11111111-2222-4333-8444-555555555555',
  gatewaySuffix: 'azure-api.net',
}

export async function openWire(temper: 'usual' | 'fast'): Promise<Wire> {
  const here = await running({ temper, speed: temper === 'usual' ? '20000' : '3600' })
  const { azure, client, lab } = here
  const home = await azure.snapshot()
  let name = ''

  const isNoEnvironment = (error: unknown) => error instanceof Refused && error.problem.status === 404

  /** Follows an operation to its end. Even moments kill the simulated Azure, odd ones the host, half as many calls after the beginning. */
  const follow = async (id: string, begunAt: number, { kills, approves }: How): Promise<OperationView> => {
    for (const moment of kills.toSorted((a, b) => a - b)) {
      if (!(await isReached(id, begunAt + Math.floor(moment / 2)))) break
      const half = moment % 2 === 0 ? 'azure' : 'host'
      await lab.halves[half].kill()
      await lab.restart(half)
    }
    for (;;) {
      const operation = await untilUp(() => client.operation(id))
      if (operation.state === 'awaiting-approval') await untilUp(() => answer(operation, approves))
      else if (operation.state !== 'queued' && operation.state !== 'running') return operation
      await sleep(20)
    }
  }
  const isReached = async (id: string, seq: number): Promise<boolean> => {
    while ((await untilUp(() => azure.journal(seq))).length === 0) {
      const { state } = await untilUp(() => client.operation(id))
      if (state !== 'queued' && state !== 'running') return false
      await sleep(5)
    }
    return true
  }
  const answer = async ({ id, planHash = '' }: OperationView, approves: boolean) => {
    try {
      await (approves ? client.approve(id, planHash) : client.cancel(id))
    } catch (error) {
      // It has moved on since it was looked at: it is looked at again.
      if (!(error instanceof Refused && error.problem.status === 409)) throw error
    }
  }
  const heard = async () => (await untilUp(() => azure.journal())).at(-1)?.seq ?? 0
  const carriedOut = async (begin: () => Promise<string>, how: How): Promise<OperationView | undefined> => {
    const begunAt = await heard()
    try {
      return await follow(await untilUp(begin), begunAt, how)
    } catch (error) {
      if (isNoEnvironment(error)) return undefined
      throw error
    }
  }

  return {
    surroundings,
    about(environment) {
      name = environment
    },
    async apply(document, how) {
      const operation = await carriedOut(() => client.apply(name, JSON.stringify(document)), how)
      if (!operation) throw new Error(`a document for ${name} was answered 404`)
      return operation
    },
    repair: (how) => carriedOut(() => client.repair(name), how),
    destroy: (includeProtected, how) => carriedOut(() => client.destroy(name, name, includeProtected), how),
    async planned(document) {
      const { steps } = await client.plan(name, JSON.stringify(document))
      return steps.map(({ resource, reason }) => `${resource} ${reason}`)
    },
    resources: azure.resources,
    journal: azure.journal,
    addFault: azure.addFault,
    async clearFaults() {
      for (const { id } of await azure.faults()) await azure.removeFault(id)
    },
    async stranger(method, path, body) {
      let status = 200
      try {
        await azure.arm(method, path, body)
      } catch (error) {
        status = Number(/answered (\d+)/.exec(String(error))?.[1] ?? 0)
        if (status === 0) throw error
      }
      await azure.advance(120)
      return status
    },
    async reset(provisioned?: Document) {
      const { now } = (await azure.advance(1)) as { now: string }
      // The world of the beginning, at the time it is: the app's clock never goes back.
      await azure.restore({ ...(home as object), now })
      const over = await carriedOut(() => client.destroy(name, name, true), { kills: [], approves: false })
      if (over && over.state !== 'succeeded')
        throw new Error(`${name} is still there: ${JSON.stringify(over.conditions)}`)
      if (provisioned) await ended(client, await client.apply(name, JSON.stringify(provisioned)))
    },
    close: () => lab.stop(),
  }
}
