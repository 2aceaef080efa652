import type { ArmObject, Fault, JournalRow } from '../../lab/azure-client.ts'
import { setClockOffsetMs, wallNowMs } from '../../lab/host/clock/shift.ts' // first: SDKs keep `Date` for themselves
import type { Arm } from '../../src/azure/arm.ts'
import type { Surroundings } from '../../src/environment/expand.ts'
import type { Document } from '../../src/environment/schema.ts'
import { act } from '../../src/operations/act.ts'
import { begin, type Orchestrations, type Request } from '../../src/operations/begin.ts'
import { cancel } from '../../src/operations/cancel.ts'
import type { World } from '../../src/operations/deeds.ts'
import { look } from '../../src/operations/look.ts'
import { preview } from '../../src/operations/preview.ts'
import { showOperation } from '../../src/operations/show.ts'
import type { Store } from '../../src/store/store.ts'
import { type Opened, open } from '../contract/azure.ts'
import { memoryStore } from '../memory-store.ts'

/** The product's loop in this process: deeds over tables in memory, the real SDK clients and the simulated Azure; no host, no HTTP of our own. */
export interface Here {
  /** Begins what is asked and turns the loop to its end, killed and resumed as `kills` says. */
  carryOut(request: Request, kills: number[]): Promise<NonNullable<Awaited<ReturnType<typeof showOperation>>>>
  preview(document: Document): ReturnType<typeof preview>
  resources(): Promise<ArmObject[]>
  journal(since?: number): Promise<JournalRow[]>
  addFault(fault: Fault): Promise<unknown>
  clearFaults(): Promise<void>
  advance(seconds: number): Promise<void>
  stranger(method: string, path: string, body?: unknown): Promise<void>
  /** How long Azure worked on the creation of each resource, in milliseconds, by lower-case id. */
  worked(): Promise<Map<string, number>>
  /** Back to the home, with empty tables. */
  reset(): Promise<void>
  close(): Promise<void>
}

const home = '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-contoso-ai/providers'

/** An installation whose home offers everything, as the lab's does. */
export const everything: Surroundings = {
  subscriptionId: '11111111-2222-4333-8444-555555555555',
  gatewaySuffix: 'azure-api.net',
  tenantId: '77777777-8888-4999-8aaa-bbbbbbbbbbbb',
  actionGroupId: `${home}/Microsoft.Insights/actionGroups/ag-ops`,
  workspaceId: `${home}/Microsoft.OperationalInsights/workspaces/log-ops`,
  eventHub: {
    id: `${home}/Microsoft.EventHub/namespaces/evhns-ops/eventhubs/gateway-log`,
    namespace: 'evhns-ops',
    hub: 'gateway-log',
  },
  probeIdentities: {
    probe: {
      principalId: 'a9940000-1111-4222-8333-444444444444',
      clientId: 'a9930000-1111-4222-8333-444444444444',
    },
    nobody: {
      principalId: 'a9960000-1111-4222-8333-444444444444',
      clientId: 'a9950000-1111-4222-8333-444444444444',
    },
  },
}

/** Nobody here approves anything: what waits for a person is cancelled. */
const awaits = async (store: Store, id: string): Promise<boolean> =>
  (await store.operations.get('contoso', id))?.value.state === 'awaiting-approval'

/** The process was killed here; what it had done stays done. */
class Killed extends Error {}

export async function openHere({
  temper = 'usual',
  surroundings = { subscriptionId: everything.subscriptionId, gatewaySuffix: 'azure-api.net' },
}: {
  temper?: 'usual' | 'fast'
  surroundings?: Surroundings
} = {}): Promise<Here> {
  // Both halves are in this process: the simulated Azure keeps to the machine's time, and only the product's `Date` is shifted.
  const lab = await open({ temper, wall: wallNowMs })
  const start = await get<unknown>(lab, '/_lab/state')
  let store = memoryStore()
  let random = 0

  const advance = async (seconds: number) => {
    if (seconds > 0) await lab.post('/_lab/clock', { advanceSeconds: seconds })
    const { offsetMs } = await get<{ offsetMs: number }>(lab, '/_lab/clock')
    setClockOffsetMs(offsetMs)
  }
  const token = await lab.post<{ token: string }>('/_lab/tokens', {
    audience: 'https://management.azure.com',
    roles: [],
    name: 'a stranger',
    objectId: '00000000-0000-4000-8000-00000000ba5e',
  })

  return {
    async carryOut(request, kills) {
      const budget = { calls: 0, kills: [...kills] }
      const world: World = {
        store: mortalStore(store, budget),
        arm: mortalArm(lab.arm, budget),
        surroundings,
        log: () => {},
      }
      const alive = new Set<string>()
      const orchestrations: Orchestrations = {
        status: async (id) => (alive.has(id) ? 'alive' : 'absent'),
        start: async (id) => void alive.add(id),
      }
      const clock = () => ({ nowMs: Date.now(), random: (random++).toString(36).padStart(4, '0').slice(-4) })
      const { operation } = await resumed(() => begin(world.store, orchestrations, request, clock()))
      const lease = await store.leases.get('environment', request.document.name)
      const run = { operation, generation: lease?.value.generation ?? 0 }
      for (let turns = 0; turns < 2000; turns++) {
        const seen = { ...(await resumed(() => look(world, run))), awaits: await awaits(store, operation) }
        if (seen.end) {
          const shown = await showOperation(
            store,
            { ...orchestrations, status: async () => 'ended' },
            operation,
          )
          if (!shown) throw new Error(`${operation} is not there`)
          return shown
        }
        if (seen.awaits) await cancel(store, operation)
        if (seen.act.length > 0) await resumed(() => act(world, { ...run, act: seen.act }))
        await advance(seen.waitSeconds)
      }
      throw new Error(`${operation} does not end`)
    },
    preview: (document) => preview({ arm: lab.arm, surroundings }, document),
    resources: () => get(lab, '/_lab/resources'),
    journal: (since = 0) => get(lab, `/_lab/journal?since=${since}`),
    addFault: (fault) => lab.post('/_lab/faults', fault),
    async clearFaults() {
      for (const { id } of await get<{ id: string }[]>(lab, '/_lab/faults'))
        await fetch(new URL(`/_lab/faults/${id}`, lab.azure.url), { method: 'DELETE' })
    },
    advance,
    async stranger(method, path, body) {
      const headers = { authorization: `Bearer ${token.token}`, 'content-type': 'application/json' }
      await fetch(new URL(path, lab.azure.url), {
        method,
        headers,
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      await advance(120)
    },
    async worked() {
      const { tables } = await get<{ tables: Record<string, [string, Worked][]> }>(lab, '/_lab/state')
      const ended = (tables['operations'] ?? [])
        .map(([, operation]) => operation)
        .filter(({ verb, status }) => verb === 'create' && status === 'Succeeded')
      return new Map(
        ended.map(({ resourceId, startedAt, endedAt }) => [
          resourceId.toLowerCase(),
          (endedAt ?? startedAt) - startedAt,
        ]),
      )
    },
    async reset() {
      await lab.post('/_lab/state', start)
      await advance(0)
      store = memoryStore()
    },
    close: () => lab.azure.close(),
  }
}

async function get<Value>(lab: Opened, path: string): Promise<Value> {
  const response = await fetch(new URL(path, lab.azure.url))
  if (!response.ok) throw new Error(`GET ${path} answered ${response.status}`)
  return (await response.json()) as Value
}

interface Worked {
  resourceId: string
  verb: string
  status: string
  startedAt: number
  endedAt: number | null
}

interface Budget {
  calls: number
  kills: number[]
}

/** Calls the deed again until it is not killed, as Durable does with an activity whose end it has not seen. */
async function resumed<Value>(deed: () => Promise<Value>): Promise<Value> {
  for (;;) {
    try {
      return await deed()
    } catch (error) {
      if (!(error instanceof Killed)) throw error
    }
  }
}

/** Dies before or after the n-th call to the outside, as the budget says. */
async function mortally<Value>(budget: Budget, call: () => Promise<Value>): Promise<Value> {
  const at = ++budget.calls
  const dies = (moment: number) => {
    const index = budget.kills.indexOf(moment)
    if (index < 0) return
    budget.kills.splice(index, 1)
    throw new Killed()
  }
  dies(at * 2)
  const value = await call()
  dies(at * 2 + 1)
  return value
}

type Verbs = Record<string, (...parts: never[]) => Promise<unknown>>

const mortal = <Of extends object>(target: Of, budget: Budget): Of =>
  new Proxy(target, {
    get:
      (of, name) =>
      (...parts: never[]) =>
        mortally(budget, () => (of as unknown as Verbs)[String(name)]?.(...parts) ?? Promise.resolve()),
  })

const mortalArm = (arm: Arm, budget: Budget): Arm => mortal(arm, budget)
const mortalStore = (store: Store, budget: Budget): Store =>
  Object.fromEntries(
    Object.entries(store).map(([name, table]) => [name, mortal(table as object, budget)]),
  ) as unknown as Store
