import { expect, test } from 'vitest'
import { arrivalsOf } from '../../../lab/azure/traffic/arrivals.ts'
import { traceOf } from '../../../lab/azure/traffic/trace.ts'
import { openTraffic, startOf } from './traffic-world.ts'

/** About 74,000 tokens a minute for a pool that takes 130,000; clients do not try again. */
const TRAFFIC = {
  trace: { synthetic: 'conversation' as const, minutes: 30, seed: 3 },
  scale: 0.13,
  retries: 0,
}
const SMALL_TAKES = 30_000
const MINUTE_MS = 60_000

/** What the models of each account answered to the clients of a pool with such weights. */
async function played(weights: Record<string, number>, bare: boolean) {
  const world = await openTraffic({ weights, bare })
  const id = world.start(TRAFFIC)
  await world.advance(35 * 60)
  const throttled = { large: 0, small: 0 }
  for (const { resourceId, cells } of world.azure.world.metrics.values())
    for (const { dimensions, measures } of cells) {
      const side = /accounts\/contoso-eus2$/i.test(resourceId) ? 'small' : 'large'
      if (dimensions['StatusCode'] === '429') throttled[side] += measures['requests']?.count ?? 0
    }
  const arrivals = arrivalsOf(
    traceOf(startOf(TRAFFIC), world.azure.draw),
    id,
    startOf(TRAFFIC),
    world.azure.draw,
  )
  return { run: world.run(id), throttled, arrivals }
}

/** By the counters' rule: of the share that a deployment gets of a minute's calls, those are refused that come once its quota is spent. */
function refusedByArithmetic(
  arrivals: Awaited<ReturnType<typeof played>>['arrivals'],
  share: number,
): number {
  const minutes = Map.groupBy(arrivals, ({ atMs }) => Math.floor(atMs / MINUTE_MS))
  let refused = 0
  for (const calls of minutes.values()) {
    const tokens = calls.reduce((sum, call) => sum + call.contextTokens + call.generatedTokens, 0) * share
    refused += calls.length * share * Math.max(0, 1 - SMALL_TAKES / tokens)
  }
  return refused
}

test('through a bare pool, half and half, 429s come where arithmetic says; by quota they almost vanish', {
  timeout: 120_000,
}, async () => {
  const half = await played({ 'contoso-eus': 50, 'contoso-eus2': 50 }, true)
  const expected = refusedByArithmetic(half.arrivals, 0.5)
  expect(half.throttled.large).toBe(0)
  expect(half.throttled.small / expected).toBeGreaterThan(0.8)
  expect(half.throttled.small / expected).toBeLessThan(1.2)
  expect(half.run.answers[429]).toBe(half.throttled.small)

  const byQuota = await played({ 'contoso-eus': 100, 'contoso-eus2': 30 }, true)
  expect(byQuota.run.answers[429] ?? 0).toBeLessThan(half.throttled.small / 6)
})

test('behind breakers and second tries nobody is turned away, and weights by quota save most of the wasted tries', {
  timeout: 120_000,
}, async () => {
  const half = await played({ 'contoso-eus': 50, 'contoso-eus2': 50 }, false)
  const byQuota = await played({ 'contoso-eus': 100, 'contoso-eus2': 30 }, false)
  const wasted = ({ throttled: { large, small } }: typeof half) => large + small
  expect(wasted(byQuota)).toBeLessThan(wasted(half) / 2)
  for (const { run } of [half, byQuota]) expect(run.succeeded / run.sent).toBeGreaterThan(0.97)
})
