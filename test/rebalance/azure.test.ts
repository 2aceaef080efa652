import { afterAll, beforeAll, expect, test } from 'vitest'
import { openMetrics } from '../../src/azure/metrics.ts'
import { membersOf } from '../../src/gateway/pools.ts'
import { sharesOf, type Weights } from '../../src/gateway/shares.ts'
import type { BalanceWorld, Episodes } from '../../src/rebalance/deeds.ts'
import { weightsIn } from '../../src/rebalance/live-pool.ts'
import { refreshQuotas } from '../../src/rebalance/refresh-quotas.ts'
import { sweepPools } from '../../src/rebalance/sweep-pools.ts'
import type { JsonObject } from '../../src/resources/kind.ts'
import { everything, type Here, openHere } from '../histories/world.ts'
import { memoryStore } from '../memory-store.ts'
import { documentOf, eus, eus2 } from './world.ts'

/** Sweeps over the simulated Azure: traffic of its clients through the gateway, its metrics as late as Azure's, its pools with their ETags. */

let here: Here
let world: BalanceWorld
const started: string[] = []
/** Without orchestrations, episodes are what sweeps find again; here each sweep takes its turn all the same. */
const episodes: Episodes = { status: async () => 'absent', start: async (id) => void started.push(id) }

beforeAll(async () => {
  here = await openHere({ surroundings: everything })
  const { state, conditions } = await here.carryOut(
    { kind: 'provision', document: documentOf('auto') },
    [],
    true,
  )
  expect(state, JSON.stringify(conditions.filter(({ status }) => status !== 'True'))).toBe('succeeded')
  await here.advance(20 * 60)
  const settings = { ...here.lab.settings, surroundings: everything }
  const store = memoryStore()
  const document = documentOf('auto')
  await store.environments.put('environment', 'contoso', {
    name: 'contoso',
    document,
    documentHash: '',
    operation: '',
    updatedMs: Date.now(),
  })
  world = {
    store,
    arm: here.lab.arm,
    surroundings: everything,
    metrics: openMetrics(settings, here.lab.credential),
    autoBalance: true,
    log: () => {},
  }
}, 120_000)
afterAll(() => here?.close())

async function live(): Promise<Weights> {
  const pool = (await here.resources()).find(({ id }) => String(id).endsWith('/backends/gpt-4o'))
  return weightsIn(membersOf(pool as unknown as JsonObject))
}

const asked = async (since: number) =>
  ((await here.journal(since)) as { seq: number; method: string; url: string; status: number }[]).map(
    (row) => ({
      ...row,
      path: decodeURIComponent(row.url.split('?')[0] ?? ''),
    }),
  )

const newest = async () => (await asked(0)).at(-1)?.seq ?? 0

async function sweeps(count: number): Promise<void> {
  for (let sweep = 0; sweep < count; sweep++) {
    await here.advance(300)
    const row = await world.store.balance.get('contoso', 'gpt-4o')
    if (row?.value.episode) {
      const { episode: _episode, ...rest } = row.value
      await world.store.balance.put('contoso', 'gpt-4o', rest)
    }
    await sweepPools(world, episodes)
  }
}

test('weights follow a region that takes less, by what Azure measured, and each account is read twice a sweep', async () => {
  await refreshQuotas(world)
  expect((await world.store.balance.get('contoso', 'gpt-4o'))?.value.quotas?.tokensPerMinute).toEqual({
    [eus]: 100_000,
    [eus2]: 30_000,
  })
  await here.lab.post('/_lab/traffic', {
    start: {
      gateway: 'contoso-apim',
      deployment: 'gpt-4o',
      trace: { synthetic: 'conversation', minutes: 120, seed: 3 },
      scale: 0.15,
    },
  })
  await sweeps(2)
  const before = sharesOf(await live())
  await here.addFault({
    match: { path: 'contoso-eus\\.openai', count: 'all' },
    do: { capacityShare: 0.15 },
  } as never)
  const since = await newest()
  await sweeps(10)
  const rows = await asked(since)
  const after = sharesOf(await live())
  const states = (await world.store.decisions.list('contoso:gpt-4o')).map(
    ({ state, why }) => `${state}: ${why}`,
  )
  expect(after[eus], states.join('\n')).toBeLessThan((before[eus] ?? 0) - 0.1)
  expect(started.length, 'busy minutes open an episode').toBeGreaterThan(0)

  const reads = rows.filter(({ path }) => path.endsWith('/Microsoft.Insights/metrics'))
  expect(reads.length).toBeGreaterThan(0)
  expect(reads.length).toBeLessThanOrEqual(2 * 2 * 10)
  const puts = rows.filter(({ method }) => method === 'PUT')
  expect(puts.map(({ path }) => path.split('/').at(-1))).toEqual(puts.map(() => 'gpt-4o'))
  const written = (await world.store.decisions.list('contoso:gpt-4o')).filter(
    ({ state }) => state === 'written',
  )
  expect(puts.filter(({ status }) => status < 300)).toHaveLength(written.length)
  expect(await here.planned(documentOf('auto')), 'a repair leaves the weights alone').toEqual([])
}, 120_000)

test('what a stranger sets in Azure stays', async () => {
  const pool = (await here.resources()).find(({ id }) => String(id).endsWith('/backends/gpt-4o'))
  const { id, properties } = pool as unknown as { id: string; properties: JsonObject }
  const { services } = properties['pool'] as { services: JsonObject[] }
  const weights = { [eus]: 33, [eus2]: 77 }
  const body = {
    properties: {
      ...properties,
      pool: {
        services: services.map((service) => ({
          ...service,
          weight: weights[String(service['id']).split('/').at(-1) ?? ''] ?? 1,
        })),
      },
    },
  }
  expect(await here.stranger('PUT', `${id}?api-version=2024-10-01-preview`, body)).toBe(200)
  await sweeps(3)
  expect(await live()).toEqual(weights)
  expect((await world.store.balance.get('contoso', 'gpt-4o'))?.value.hold?.reason).toBe('edited')
}, 60_000)
