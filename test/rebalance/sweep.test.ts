import { beforeEach, expect, test, vi } from 'vitest'
import { readEvent } from '../../src/alerts/read.ts'
import { decideWeights } from '../../src/rebalance/decide-weights.ts'
import { episodeId } from '../../src/rebalance/episode.ts'
import { forgetDecisions } from '../../src/rebalance/forget-decisions.ts'
import { openEpisodes } from '../../src/rebalance/open-episode.ts'
import { refreshQuotas } from '../../src/rebalance/refresh-quotas.ts'
import { throttlingAlert } from '../alerts/common-alert.ts'
import { documentOf, eus, eus2, type Here, openWorld, watched } from './world.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  return () => vi.useRealTimers()
})

const id = episodeId(watched)

/** The same account behind two pools. */
const twoPools = () =>
  documentOf(
    'auto',
    [
      '      balance: { mode: auto }',
      `      balance: { mode: auto }
    - name: small
      deployment: gpt-4o-mini
      members: [{ account: contoso-eus }, { account: contoso-eus2 }]
      balance: { mode: auto }`,
    ],
    [
      'capacity: 100 }]',
      'capacity: 100 }, { name: gpt-4o-mini, model: gpt-4o-mini, version: "2024-07-18", sku: GlobalStandard, capacity: 100 }]',
    ],
    [
      'capacity: 30 }]',
      'capacity: 30 }, { name: gpt-4o-mini, model: gpt-4o-mini, version: "2024-07-18", sku: GlobalStandard, capacity: 30 }]',
    ],
  )

test('a sweep reads each account twice and the gateway once, however many pools they are in', async () => {
  const here = await openWorld(twoPools())
  here.plant.demand['small'] = 10_000
  here.advance(10)
  await here.sweep()
  expect(here.azure.metricReads).toEqual({ 'contoso-eus': 2, 'contoso-eus2': 2 })
  expect(here.azure.lists).toBe(1)
  expect(await here.row('small')).toMatchObject({
    consumed: { 'contoso-eus--gpt-4o-mini': expect.any(Number) },
  })
})

test('what cannot be moved costs no reading', async () => {
  const here = await openWorld(documentOf('off'))
  here.advance(10)
  await here.sweep()
  expect(here.azure.metricReads).toEqual({})
  expect(here.azure.lists).toBe(0)
})

test('a busy minute opens an episode, which the sweep then leaves alone and brings back when it has gone', async () => {
  const here = await openWorld(documentOf('auto'))
  here.advance(10)
  await here.sweep()
  expect(here.started).toEqual([])
  here.plant.demand['gpt-4o'] = 200_000
  here.advance(10)
  await here.sweep()
  expect(here.started).toEqual([id])
  expect((await here.row())?.episode).toMatchObject({ because: expect.stringMatching(/sweep/) })
  const lists = here.azure.lists
  here.advance(5)
  await here.sweep()
  expect(here.azure.lists, 'it is watched already').toBe(lists)
  here.alive.delete(id)
  await here.sweep()
  expect(here.started).toEqual([id, id])
})

test('an episode ends after fifteen quiet minutes that could be seen, and not before', async () => {
  const here = await openWorld(documentOf('auto'))
  here.plant.demand['gpt-4o'] = 200_000
  here.advance(10)
  await here.sweep()
  here.plant.demand['gpt-4o'] = 20_000
  let minutes = 0
  for (let over = false; !over && minutes < 60; minutes++) {
    here.advance(1)
    over = (await here.turn()).over
  }
  // Five of them are those that metrics need.
  expect(minutes).toBeGreaterThanOrEqual(15)
  expect(minutes).toBeLessThanOrEqual(22)
  expect((await here.row())?.episode).toBe(undefined)
})

test('an episode that can see nothing ends after an hour', async () => {
  const here = await openWorld(documentOf('auto'))
  here.plant.demand['gpt-4o'] = 200_000
  here.advance(10)
  await here.sweep()
  here.azure.blind = true
  let minutes = 0
  for (let over = false; !over && minutes < 120; minutes++) {
    here.advance(1)
    over = (await here.turn()).over
  }
  expect(minutes).toBeGreaterThan(50)
  expect(minutes).toBeLessThan(70)
})

/** An alert that fired at that moment, for a pool of the document or another. */
const alertsAt = (here: Here, ms: number, pool = 'gpt-4o') =>
  [throttlingAlert(1), throttlingAlert(2), throttlingAlert(2, 'Resolved')]
    .flatMap((event) => readEvent(event))
    .flatMap((alert) => (alert.kind === 'garbage' ? [] : [{ ...alert, pool, firedMs: ms }]))
    .concat([])
    .map((alert) => ({ ...alert, environment: here.subject.environment }))

test('alerts open one episode per pool, and the same batch again changes nothing', async () => {
  const here = await openWorld(documentOf('auto'))
  const firedMs = Date.now() - 60_000
  for (let times = 0; times < 2; times++)
    await openEpisodes(here.world(), here.episodes, alertsAt(here, firedMs), Date.now())
  expect(here.started).toEqual([id])
  expect((await here.row())?.episode).toMatchObject({
    alertMs: firedMs,
    because: expect.stringMatching(/an alert/),
  })
})

test('an alert whose row was kept before the app died still opens its episode', async () => {
  const here = await openWorld(documentOf('auto'))
  const dying = { ...here.episodes, start: () => Promise.reject(new Error('killed')) }
  const alerts = alertsAt(here, Date.now())
  await expect(openEpisodes(here.world(), dying, alerts, Date.now())).rejects.toThrow('killed')
  await openEpisodes(here.world(), here.episodes, alerts, Date.now())
  expect(here.started).toEqual([id])
})

test('old alerts, and those of pools that nobody describes, open nothing', async () => {
  const here = await openWorld(documentOf('auto'))
  await openEpisodes(here.world(), here.episodes, alertsAt(here, Date.now() - 16 * 60_000), Date.now())
  await openEpisodes(here.world(), here.episodes, alertsAt(here, Date.now(), 'unheard-of'), Date.now())
  expect(here.started).toEqual([])
})

test('an alert of a pool that is never moved opens nothing', async () => {
  const here = await openWorld(documentOf('off'))
  await openEpisodes(here.world(), here.episodes, alertsAt(here, Date.now()), Date.now())
  expect(here.started).toEqual([])
})

test('the id of an episode is letters, digits and hyphens, and tells pools apart', () => {
  const ids = ['gpt-4o', 'gpt_4o', 'gpt.4o', 'x'.repeat(80)].map((pool) =>
    episodeId({ environment: 'contoso', pool }),
  )
  expect(new Set(ids).size).toBe(4)
  for (const one of ids) expect(one).toMatch(/^[A-Za-z0-9-]{1,100}$/)
})

test('quotas are read once per account, and the law believes them and not the document', async () => {
  const here = await openWorld(twoPools())
  const asked: string[] = []
  const quota = { contoso: 0, 'contoso-eus': 20_000, 'contoso-eus2': 80_000 } as Record<string, number>
  const arm = {
    ...here.world().arm,
    async list(_kind: unknown, collection: string) {
      asked.push(collection.split('/').at(-2) ?? '')
      const count = quota[collection.split('/').at(-2) ?? ''] ?? 0
      const rateLimits = [{ key: 'token', renewalPeriod: 60, count }]
      return {
        is: 'listed' as const,
        bodies: ['gpt-4o', 'gpt-4o-mini'].map((name) => ({ name, properties: { rateLimits } })),
      }
    },
  }
  here.plant.demand['gpt-4o'] = 10_000
  await refreshQuotas({ ...here.world(), arm })
  expect(asked.toSorted()).toEqual(['contoso-eus', 'contoso-eus2'])
  expect((await here.row())?.quotas).toMatchObject({ tokensPerMinute: { [eus]: 20_000, [eus2]: 80_000 } })
  await here.play(20)
  expect(here.live()[eus2]).toBe(100)
})

test('decisions go after thirty days, but not the hold that goes on', async () => {
  const here = await openWorld(documentOf('auto'))
  here.plant.capacity['contoso-eus'] = 30_000
  await here.play(30)
  const kept = await here.decisions()
  vi.setSystemTime(Date.now() + 31 * 24 * 3_600_000)
  await decideWeights(here.world(), watched)
  const gone = await forgetDecisions(here.store, Date.now())
  expect(gone).toBeGreaterThanOrEqual(kept.length - 1)
  expect((await here.decisions()).at(-1)?.id).toBe((await here.row())?.latest?.id)
})
