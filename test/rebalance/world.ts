import { readFileSync } from 'node:fs'
import { vi } from 'vitest'
import type { Arm, Read } from '../../src/azure/arm.ts'
import type { Measured } from '../../src/azure/metrics.ts'
import { parse } from '../../src/environment/parse.ts'
import type { Document } from '../../src/environment/schema.ts'
import { membersOf, poolBody } from '../../src/gateway/pools.ts'
import { sharesOf, type Weights } from '../../src/gateway/shares.ts'
import { decideWeights } from '../../src/rebalance/decide-weights.ts'
import type { BalanceWorld, Episodes, Turn } from '../../src/rebalance/deeds.ts'
import { weightsIn } from '../../src/rebalance/live-pool.ts'
import { setWeights } from '../../src/rebalance/set-weights.ts'
import { subjectsOf } from '../../src/rebalance/subject.ts'
import { sweepPools } from '../../src/rebalance/sweep-pools.ts'
import type { Failure } from '../../src/reconcile/outcome.ts'
import type { JsonObject } from '../../src/resources/kind.ts'
import { surroundings } from '../fixtures.ts'
import { memoryStore } from '../memory-store.ts'

/**
 * Pools before a plant that is nothing but arithmetic: each minute the demand falls on the members by their live weights, a member admits what it can
 * take and answers 429 to the rest. What Azure shows of it is as old as Azure's figures are.
 */

const minuteMs = 60_000
const tokensPerCall = 500
/** Virtual times begin here; a whole minute and twenty seconds, as a sweep does. */
const beginning = Date.parse('2026-11-25T10:00:20Z')

export const watched = { environment: 'contoso', pool: 'gpt-4o' }
export const [eus, eus2] = ['contoso-eus--gpt-4o', 'contoso-eus2--gpt-4o']

export const documentOf = (mode: 'off' | 'shadow' | 'auto', ...changes: [from: string, to: string][]) => {
  const text = changes.reduce(
    (before, [from, to]) => before.replace(from, to),
    readFileSync('examples/contoso.yaml', 'utf8').replace('mode: shadow }', `mode: ${mode} }`),
  )
  const parsed = parse(text, 'contoso')
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return parsed.document
}

export interface Plant {
  /** Tokens a minute that callers ask of each pool, and that each account can take. */
  demand: Record<string, number>
  capacity: Record<string, number>
  /** The part of calls an account answers with 500. */
  failing: Record<string, number>
}

export async function openWorld(document: Document) {
  vi.setSystemTime(beginning)
  const store = memoryStore()
  const subjects = subjectsOf(document, surroundings)
  const [first] = subjects
  if (!first) throw new Error('the document has no pool')
  const plant: Plant = {
    demand: { 'gpt-4o': 60_000 },
    capacity: { 'contoso-eus': 100_000, 'contoso-eus2': 30_000 },
    failing: {},
  }
  const azure = {
    /** By id in lower case. */
    bodies: new Map<string, JsonObject>(),
    tags: {} as Record<string, string> | undefined,
    service: { properties: { provisioningState: 'Succeeded' } } as JsonObject,
    version: 1,
    puts: [] as JsonObject[],
    lists: 0,
    metricReads: {} as Record<string, number>,
    /** Called before a PUT is carried out, and after; throwing is dying. */
    beforePut: () => {},
    afterPut: () => {},
    refuses: undefined as Failure | undefined,
    blind: false,
    /** Minutes as Azure will show them, changed before it does. */
    garbles: (byStatus: Record<string, number>) => byStatus,
  }
  for (const subject of subjects) {
    const { id, apimId, born, sticky } = subject
    const spec = { description: '', members: born, sticky }
    const body = poolBody(spec, (name) => `${apimId}/backends/${name}`)
    azure.bodies.set(id.toLowerCase(), { id, name: subject.pool, ...(body as JsonObject) })
    for (const { backend } of born) {
      const circuitBreaker = { rules: [{ name: 'failover' }] }
      const of = { id: `${apimId}/backends/${backend}`, name: backend, properties: { circuitBreaker } }
      azure.bodies.set(of.id.toLowerCase(), of)
    }
  }

  const missing = () => Promise.reject(new Error('is not asked'))
  const arm: Arm = {
    async read(_kind, id): Promise<Read> {
      if (id === first.apimId) return { is: 'found', body: azure.service }
      const body = azure.bodies.get(id.toLowerCase())
      return body
        ? { is: 'found', body: structuredClone(body), etag: `"${azure.version}"` }
        : { is: 'missing' }
    },
    async list() {
      azure.lists++
      return { is: 'listed', bodies: structuredClone([...azure.bodies.values()]) }
    },
    async write(_kind, id, body, condition) {
      azure.beforePut()
      if (azure.refuses) return { is: 'failed', failure: azure.refuses }
      if (!condition || !('ifMatch' in condition) || condition.ifMatch !== `"${azure.version}"`)
        return {
          is: 'failed',
          failure: { status: 412, code: 'PreconditionFailed', message: 'the etag is old' },
        }
      azure.version++
      azure.bodies.set(id.toLowerCase(), structuredClone(body))
      azure.puts.push(structuredClone(body))
      azure.afterPut()
      return { is: 'carried out', body }
    },
    groupTags: async () => azure.tags,
    remove: missing,
    get: missing,
    head: missing,
    ask: missing,
    whyFailed: missing,
  }

  const minutes: {
    account: string
    deployment: string
    minuteMs: number
    byStatus: Record<string, number>
  }[] = []
  const live = (pool = 'gpt-4o'): Weights => {
    const subject = subjects.find((one) => one.pool === pool) ?? first
    return weightsIn(membersOf(azure.bodies.get(subject.id.toLowerCase()) ?? {}))
  }
  /** One minute of traffic over all pools. */
  const happens = (atMs: number) => {
    const asked = subjects.flatMap(({ pool, sources }) => {
      const shares = sharesOf(live(pool))
      return sources.map(({ account, deployment, backend }) => ({
        account,
        deployment,
        tokens: (plant.demand[pool] ?? 0) * (shares[backend] ?? 0),
      }))
    })
    for (const { account, deployment, tokens } of asked) {
      const calls = Math.round(tokens / tokensPerCall)
      const failed = Math.round(calls * (plant.failing[account] ?? 0))
      const able = Math.floor((plant.capacity[account] ?? 0) / tokensPerCall)
      const ok = Math.min(calls - failed, able)
      const byStatus = azure.garbles({ 200: ok, 429: calls - failed - ok, 500: failed })
      minutes.push({ account, deployment, minuteMs: atMs, byStatus })
    }
  }

  const world = (log: (line: string) => void = () => {}): BalanceWorld => ({
    store,
    arm,
    surroundings,
    autoBalance: settings.autoBalance,
    log,
    metrics: {
      async minutes(accounts, span) {
        return new Map(
          accounts.map(({ id }): [string, Measured] => {
            const account = id.split('/').at(-1) ?? ''
            azure.metricReads[account] = (azure.metricReads[account] ?? 0) + 2
            if (azure.blind)
              return [id, { is: 'unreadable', failure: { status: 503, code: '', message: 'no metrics' } }]
            const own = minutes.filter(
              (minute) =>
                minute.account === account &&
                minute.minuteMs >= span.fromMs &&
                minute.minuteMs < span.untilMs,
            )
            return [
              id,
              {
                is: 'measured',
                minutes: own.map(({ deployment, minuteMs, byStatus }) => ({
                  deployment,
                  minuteMs,
                  byStatus,
                  tokens: (byStatus[200] ?? 0) * tokensPerCall,
                })),
              },
            ]
          }),
        )
      },
    },
  })
  const settings = { autoBalance: true }
  const alive = new Map<string, 'alive' | 'ended'>()
  const started: string[] = []
  const episodes: Episodes = {
    status: async (id) => alive.get(id) ?? 'absent',
    async start(id) {
      started.push(id)
      alive.set(id, 'alive')
    },
  }
  /** Time goes by, minute by minute, and traffic with it. */
  const advance = (count: number) => {
    for (let minute = 0; minute < count; minute++) {
      happens(Math.floor(Date.now() / minuteMs) * minuteMs)
      vi.setSystemTime(Date.now() + minuteMs)
    }
  }
  const turn = async (within: BalanceWorld = world()): Promise<Turn> => {
    const taken = await decideWeights(within, watched)
    if (taken.write !== undefined) await setWeights(within, { ...watched, decision: taken.write })
    return taken
  }
  await store.environments.put('environment', document.name, {
    name: document.name,
    document,
    documentHash: '',
    operation: '',
    updatedMs: Date.now(),
  })
  return {
    azure,
    plant,
    settings,
    subject: first,
    world,
    episodes,
    started,
    alive,
    live,
    advance,
    turn,
    sweep: () => sweepPools(world(), episodes),
    /** Minute by minute, with a turn after each. */
    async play(count: number) {
      for (let minute = 0; minute < count; minute++) {
        advance(1)
        await turn()
      }
    },
    store,
    row: async (pool = 'gpt-4o') => (await store.balance.get('contoso', pool))?.value,
    decisions: (pool = 'gpt-4o') => store.decisions.list(`contoso:${pool}`),
    moves: async (pool = 'gpt-4o') =>
      (await store.decisions.list(`contoso:${pool}`)).filter(({ state }) => state !== 'held'),
    /** A stranger sets weights by hand. */
    edit(weights: Weights) {
      const key = first.id.toLowerCase()
      const body = azure.bodies.get(key)
      const { properties } = body as { properties: { pool: { services: JsonObject[] } } }
      for (const service of properties.pool.services) {
        const weight = weights[String(service['id']).split('/').at(-1) ?? '']
        if (weight !== undefined) service['weight'] = weight
      }
      azure.version++
    },
    async setDocument(changed: Document) {
      const row = await store.environments.get('environment', document.name)
      if (row) await store.environments.put('environment', document.name, { ...row.value, document: changed })
    },
  }
}

export type Here = Awaited<ReturnType<typeof openWorld>>
