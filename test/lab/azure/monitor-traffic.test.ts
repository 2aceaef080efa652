import { expect, test } from 'vitest'
import { dimension, putRule } from './monitor-rule.ts'
import { MINUTE_MS, type Monitored, openMonitored } from './monitor-world.ts'
import { killed, spawnAzure, temporaryDirectory } from './process.ts'

type Process = Awaited<ReturnType<typeof spawnAzure>>

/** Twice what the pool takes, for some minutes. */
const STORM = {
  gateway: 'contoso-apim',
  deployment: 'gpt-4o',
  trace: { synthetic: 'conversation', minutes: 5, seed: 3 },
  scale: 2,
}

type Series = { metadatavalues: { value: string }[]; data: { timeStamp: string; total: number }[] }

/** What the gateway's metric says it answered, by status. */
async function seriesOf(
  { arm }: Process,
  world: Monitored,
  timespan: string,
  interval: string,
): Promise<Record<string, Series['data']>> {
  const query = new URLSearchParams({
    metricnames: 'Requests',
    timespan,
    interval,
    $filter: "GatewayResponseCode eq '*'",
  })
  const { body } = await arm('GET', `${world.service}/providers/Microsoft.Insights/metrics?${query}`)
  const series: Series[] = body.value[0].timeseries
  return Object.fromEntries(series.map(({ metadatavalues, data }) => [metadatavalues[0]?.value ?? '', data]))
}

async function answered(lab: Process, world: Monitored) {
  const series = await seriesOf(lab, world, 'PT3H', 'FULL')
  return Object.fromEntries(Object.entries(series).map(([status, [point]]) => [status, point?.total]))
}

test('a storm of traffic: what clients counted is what metrics say, it fires, and a kill forgets no minute', {
  timeout: 180_000,
}, async () => {
  const world = await openMonitored()
  putRule(
    world,
    {
      scopes: [world.otherAccount],
    },
    {
      // A member behind a breaker shows few of them, however great the load.
      threshold: 2,
      dimensions: [dimension('StatusCode', ['429']), dimension('ModelDeploymentName', ['gpt-4o'])],
    },
  )
  const flags = ['--state', temporaryDirectory(), '--temper', 'usual']
  const before = await spawnAzure(...flags)
  await before.lab('POST', 'state', world.snapshot())
  await before.lab('POST', 'traffic', { start: STORM })
  await before.advance(20 * 60)
  const [run] = await before.lab('GET', 'traffic')
  expect(run).toMatchObject({ state: 'done', lost: 0 })
  expect(run.answers[429]).toBeGreaterThan(0)
  const events: { body: string }[] = await before.lab('GET', 'eventhubs/evhns-ops/alerts')
  const conditions = events.map(({ body }) => JSON.parse(body).data.essentials.monitorCondition)
  expect(conditions).toContain('Fired')

  await killed(before.child, 'SIGKILL')
  const after = await spawnAzure(...flags)
  await after.advance(20 * 60)
  expect(await answered(after, world)).toEqual(run.answers)
  const all: { body: string }[] = await after.lab('GET', 'eventhubs/evhns-ops/alerts')
  expect(all.slice(0, events.length)).toEqual(events)
})

test('killed in the middle of a minute, it still knows all minutes that were over', {
  timeout: 120_000,
}, async () => {
  const world = await openMonitored()
  // On the fast temper a minute is seen as soon as it is over.
  const flags = ['--state', temporaryDirectory(), '--temper', 'fast']
  const before = await spawnAzure(...flags)
  await before.lab('POST', 'state', world.snapshot())
  await before.lab('POST', 'traffic', { start: STORM })
  await before.advance(4.5 * 60)
  const whole = Math.floor(Date.parse((await before.lab('GET', 'clock')).now) / MINUTE_MS) * MINUTE_MS
  const span = `${new Date(whole - 4 * MINUTE_MS).toISOString()}/${new Date(whole).toISOString()}`
  const seen = await seriesOf(before, world, span, 'PT1M')
  expect(seen[200]?.map(({ total }) => total > 0)).toEqual([true, true, true, true])
  await killed(before.child, 'SIGKILL')
  const after = await spawnAzure(...flags)
  expect(await seriesOf(after, world, span, 'PT1M')).toEqual(seen)
})
