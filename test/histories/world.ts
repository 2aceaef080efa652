import { setClockOffsetMs, wallNowMs } from '../../lab/host/clock/shift.ts' // first: SDKs keep `Date` for themselves
import type { Arm } from '../../src/azure/arm.ts'
import type { Surroundings } from '../../src/environment/expand.ts'
import type { Document } from '../../src/environment/schema.ts'
import { act } from '../../src/operations/act.ts'
import { approve } from '../../src/operations/approve.ts'
import { begin, type Orchestrations, type Request } from '../../src/operations/begin.ts'
import { cancel } from '../../src/operations/cancel.ts'
import type { World } from '../../src/operations/deeds.ts'
import { look } from '../../src/operations/look.ts'
import { preview } from '../../src/operations/preview.ts'
import { type OperationView, showOperation } from '../../src/operations/show.ts'
import type { Store } from '../../src/store/store.ts'
import { type Opened, open } from '../contract/azure.ts'
import { type Kept, memoryStore } from '../memory-store.ts'
import { type Ground, strangerId } from './ground.ts'

/** The product's loop in this process: deeds over tables in memory, the real SDK clients and the simulated Azure; no host, no HTTP of our own. */
export interface Here extends Ground {
  /** The product's own way to the simulated Azure. */
  arm: Arm
  /** The simulated Azure itself. */
  lab: Opened
  /** The app's tables as they are now. */
  store(): Store
  /** Begins what is asked and turns the loop to its end, killed and resumed as `kills` says. */
  carryOut(request: Request, kills: number[], approves?: boolean): Promise<OperationView>
  preview(document: Document): ReturnType<typeof preview>
  advance(seconds: number): Promise<void>
  /** The world as it is, for another simulated Azure to go on from. */
  snapshot(): Promise<Snapshot>
  /** That, and the app's tables: for another such place to go on from. */
  fork(): Promise<Fork>
  /** How long Azure worked on the creation of each resource, in milliseconds, by lower-case id. */
  worked(): Promise<Map<string, number>>
}

/** Connections die for strangers too, and they try again. */
async function persistently(work: () => Promise<Response>): Promise<Response> {
  for (let tries = 1; ; tries++)
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof TypeError) || tries === 5) throw error
    }
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

export interface Fork {
  world: Snapshot
  kept: Kept
}

/** The process was killed here; what it had done stays done. */
class Killed extends Error {}

export async function openHere({
  temper = 'usual',
  surroundings = { subscriptionId: everything.subscriptionId, gatewaySuffix: 'azure-api.net' },
  from,
}: {
  temper?: 'usual' | 'fast'
  surroundings?: Surroundings
  from?: Fork
} = {}): Promise<Here> {
  // Both halves are in this process: the simulated Azure keeps to the machine's time, and only the product's `Date` is shifted.
  const lab = await open({ temper, wall: wallNowMs })
  const atHome: Fork = { world: await get<Snapshot>(lab, '/_lab/state'), kept: {} }
  const forks = new Map<string, Fork>()
  let kept: Kept = {}
  let store = memoryStore(kept)
  let random = 0

  const follow = ({ offsetMs }: { offsetMs: number }) => setClockOffsetMs(offsetMs)
  const advance = async (seconds: number) => {
    if (seconds > 0) follow(await lab.post('/_lab/clock', { advanceSeconds: seconds }))
  }
  const restore = async (fork: Fork) => {
    follow(await lab.post('/_lab/state', fork.world))
    kept = structuredClone(fork.kept)
    store = memoryStore(kept)
  }
  if (from) await restore(from)
  const token = await lab.post<{ token: string }>('/_lab/tokens', {
    audience: 'https://management.azure.com',
    roles: [],
    name: 'a stranger',
    objectId: strangerId,
  })

  const carryOut: Here['carryOut'] = async (request, kills, approves = false) => {
    const budget = { calls: 0, kills: [...kills] }
    /** Calls the deed again until it is not killed, as Durable does with an activity whose end it has not seen. */
    const resumed = async <Value>(deed: (world: World) => Promise<Value>): Promise<Value> => {
      for (;;) {
        const life: Life = { budget, inFlight: new Set(), isOver: false }
        const world = {
          store: mortalStore(store, life),
          arm: mortal(lab.arm, life),
          surroundings,
          log: () => {},
        }
        try {
          return await deed(world)
        } catch (error) {
          if (!(error instanceof Killed)) throw error
        }
        // What the dead one had sent arrives all the same, long before another process is up.
        await Promise.allSettled(life.inFlight)
      }
    }
    const alive = new Set<string>()
    const orchestrations: Orchestrations = {
      status: async (id) => (alive.has(id) ? 'alive' : 'absent'),
      start: async (id) => void alive.add(id),
    }
    const clock = () => ({ nowMs: Date.now(), random: (random++).toString(36).padStart(4, '0').slice(-4) })
    const { operation } = await resumed((world) => begin(world.store, orchestrations, request, clock()))
    const lease = await store.leases.get('environment', request.document.name)
    const run = { operation, generation: lease?.value.generation ?? 0 }
    for (let turns = 0; turns < 2000; turns++) {
      const seen = await resumed((world) => look(world, run))
      if (seen.end) {
        const ended = { ...orchestrations, status: async () => 'ended' as const }
        const shown = await showOperation(store, ended, operation)
        if (!shown) throw new Error(`${operation} is not there`)
        return shown
      }
      const row = (await store.operations.get(request.document.name, operation))?.value
      if (row?.state === 'awaiting-approval') {
        if (approves) await approve(store, operation, row.planHash ?? '', 'a person')
        else await cancel(store, operation)
      }
      if (seen.act.length > 0) await resumed((world) => act(world, { ...run, act: seen.act }))
      await advance(seen.waitSeconds)
    }
    throw new Error(`${operation} does not end`)
  }

  const stored = async (): Promise<Document | undefined> =>
    (await store.environments.list('environment'))[0]?.document

  return {
    arm: lab.arm,
    lab,
    store: () => store,
    surroundings,
    carryOut,
    apply: (document, { kills, approves }) => carryOut({ kind: 'provision', document }, kills, approves),
    async repair({ kills, approves }) {
      const document = await stored()
      return document && carryOut({ kind: 'repair', document }, kills, approves)
    },
    async destroy(includeProtected, { kills, approves }) {
      const document = await stored()
      return document && carryOut({ kind: 'destroy', document, includeProtected }, kills, approves)
    },
    preview: (document) => preview({ store, arm: lab.arm, surroundings }, document),
    async planned(document) {
      const { steps } = await preview({ store, arm: lab.arm, surroundings }, document)
      return steps.map(({ resource, reason }) => `${resource} ${reason}`)
    },
    resources: () => get(lab, '/_lab/resources'),
    snapshot: () => get<Snapshot>(lab, '/_lab/state'),
    fork: async () => ({ world: await get<Snapshot>(lab, '/_lab/state'), kept: structuredClone(kept) }),
    journal: (since = 0) => get(lab, `/_lab/journal?since=${since}`),
    addFault: (fault) => lab.post('/_lab/faults', fault),
    async clearFaults() {
      for (const { id } of await get<{ id: string }[]>(lab, '/_lab/faults'))
        await fetch(new URL(`/_lab/faults/${id}`, lab.azure.url), { method: 'DELETE' })
    },
    advance,
    async stranger(method, path, body) {
      const headers = {
        authorization: `Bearer ${token.token}`,
        'content-type': 'application/json',
        // API Management asks for it, and takes any.
        ...(method === 'DELETE' && path.includes('/service/') ? { 'if-match': '*' } : {}),
      }
      const answered = await persistently(() =>
        fetch(new URL(path, lab.azure.url), {
          method,
          headers,
          ...(body ? { body: JSON.stringify(body) } : {}),
        }),
      )
      await advance(120)
      return answered.status
    },
    async worked() {
      const { tables } = await get<Snapshot>(lab, '/_lab/state')
      const ended = ((tables['operations'] ?? []) as [string, Worked][])
        .map(([, operation]) => operation)
        .filter(({ verb, status }) => verb === 'create' && status === 'Succeeded')
      return new Map(
        ended.map(({ resourceId, startedAt, endedAt }) => [
          resourceId.toLowerCase(),
          (endedAt ?? startedAt) - startedAt,
        ]),
      )
    },
    async reset(provisioned) {
      if (!provisioned) return restore(atHome)
      const name = JSON.stringify(provisioned)
      const known = forks.get(name)
      if (known) return restore(known)
      await restore(atHome)
      const { state, conditions } = await carryOut({ kind: 'provision', document: provisioned }, [], true)
      if (state !== 'succeeded')
        throw new Error(JSON.stringify(conditions.filter(({ status }) => status !== 'True')))
      await advance(3600)
      const world = await get<Snapshot>(lab, '/_lab/state')
      forks.set(name, {
        world: { ...world, tables: { ...world.tables, journal: [] } },
        kept: structuredClone(kept),
      })
    },
    close: () => lab.azure.close(),
  }
}

interface Snapshot {
  tables: Record<string, [string, unknown][]>
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

/** One process from its start to the moment it is killed. Its calls die with it, those beside the one that was struck too. */
interface Life {
  /** Of the operation: calls so far, and the moments left to die at; two to a call, before it is made and before it is heard. */
  budget: { calls: number; kills: number[] }
  inFlight: Set<Promise<unknown>>
  isOver: boolean
}

async function mortally<Value>(life: Life, call: () => Promise<Value>): Promise<Value> {
  const { budget, inFlight } = life
  const diesAt = (moment: number) => {
    const index = budget.kills.indexOf(moment)
    if (index >= 0) {
      budget.kills.splice(index, 1)
      life.isOver = true
    }
    if (life.isOver) throw new Killed()
  }
  if (life.isOver) throw new Killed()
  const at = ++budget.calls
  diesAt(at * 2)
  const made = call()
  inFlight.add(made)
  const value = await made.finally(() => inFlight.delete(made))
  diesAt(at * 2 + 1)
  return value
}

type Verbs = Record<string, (...parts: never[]) => Promise<unknown>>

const mortal = <Of extends object>(target: Of, life: Life): Of =>
  new Proxy(target, {
    get:
      (of, name) =>
      (...parts: never[]) =>
        mortally(life, () => (of as unknown as Verbs)[String(name)]?.(...parts) ?? Promise.resolve()),
  })

const mortalStore = (store: Store, life: Life): Store =>
  Object.fromEntries(
    Object.entries(store).map(([name, table]) => [name, mortal(table as object, life)]),
  ) as unknown as Store
