import { MetricsClient, MetricsQueryClient } from '@azure/monitor-query'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isUnreached } from '../../../lab/azure/data/call.ts'
import { type Call, credentialFor, MINUTE_MS, type Monitored, openMonitored, serve } from './monitor-world.ts'

const HOUR = 'PT1H'

/** As ARM shows it now: by dimension values, what a metric comes to over the last hour. */
function totals(world: Monitored, id: string, metric: string, ...dimensions: string[]) {
  const filter = dimensions.map((name) => `${name} eq '*'`).join(' and ')
  const { value } = world.metrics(id, { metricnames: metric, timespan: HOUR, $filter: filter, top: '100' })
  return Object.fromEntries(
    value[0].timeseries.map((series: Series) => [
      series.metadatavalues.map(({ value }) => value).join(' '),
      series.data.reduce((sum, { total = 0 }) => sum + total, 0),
    ]),
  )
}
type Series = { metadatavalues: { value: string }[]; data: { timeStamp: string; total?: number }[] }

const minutesOf = (world: Monitored, id: string, timespan = 'PT10M', metric = 'AzureOpenAIRequests') =>
  (world.metrics(id, { metricnames: metric, timespan }).value[0].timeseries[0] as Series).data

const countBy = (values: (string | number)[]) =>
  Object.fromEntries([...Map.groupBy(values, String)].map(([value, all]) => [value, all.length]))

/** What the accounts' fronts answered, by the journal, which knows nothing of metrics. */
const journalled = (world: Monitored, host: string) =>
  countBy(
    world.journal
      .since(0)
      .filter(({ plane, url }) => plane === 'model' && url.startsWith(`${host}.`))
      .map(({ status }) => String(status)),
  )

test('once late points have arrived, sums are exactly what was answered', { timeout: 60_000 }, async () => {
  const calls = fc.array(fc.constantFrom('gateway', 'gpt-4o', 'small', 'nobody'), {
    maxLength: 150,
  })
  const bouts = fc.array(fc.record({ minutes: fc.nat(3), calls }), { minLength: 1, maxLength: 5 })
  const statuses = new Set<string>()
  await fc.assert(
    fc.asyncProperty(bouts, async (given) => {
      const world = await openMonitored()
      const gateway: Call[] = []
      const models: Call[] = []
      for (const { minutes, calls } of given) {
        for (const callee of calls) {
          if (callee === 'gateway') gateway.push(await world.callGateway())
          else models.push(await world.callModel(callee))
        }
        if (minutes > 0) world.nextMinute(minutes)
      }
      world.nextMinute(20)
      const answered = totals(world, world.service, 'Requests', 'GatewayResponseCode')
      expect(answered).toEqual(countBy(gateway.map(({ status }) => status)))
      const accounts = [world.account, world.otherAccount]
      for (const id of accounts) {
        const byStatus = totals(world, id, 'AzureOpenAIRequests', 'StatusCode')
        expect(byStatus).toEqual(journalled(world, id.slice(id.lastIndexOf('/') + 1)))
        for (const status of Object.keys(byStatus)) statuses.add(status)
      }
      const tokens = accounts.flatMap((id) => Object.values(totals(world, id, 'TotalTokens', 'Region')))
      expect(sumOf(tokens)).toBe(sumOf([...models, ...gateway].map((call) => call.tokens)))
    }),
    { numRuns: 8, seed: 5 },
  )
  expect([...statuses].sort()).toEqual(['200', '404', '429'])
})

const sumOf = (values: unknown[]) => values.reduce<number>((sum, value) => sum + Number(value), 0)

test('what a fault answers in the place of a model is counted as its answer', async () => {
  const world = await openMonitored()
  world.faults.add({
    match: { plane: 'model', path: '^contoso-eus\\.', from: 1, count: 4, share: 1 },
    do: { status: 429 },
  })
  for (let call = 0; call < 6; call++) await world.callModel()
  world.nextMinute(12)
  expect(totals(world, world.account, 'AzureOpenAIRequests', 'StatusCode', 'ModelDeploymentName')).toEqual({
    '200 gpt-4o': 2,
    '429 gpt-4o': 4,
  })
})

test('a minute reads 0 until it is seen, one to three minutes after its end', async () => {
  const world = await openMonitored()
  const began = world.minute()
  for (let call = 0; call < 7; call++) await world.callModel()
  const seen: [minutesLater: number, total: unknown][] = []
  for (let later = 1; later <= 12; later++) {
    world.nextMinute()
    const point = minutesOf(world, world.account).find(({ timeStamp }) => Date.parse(timeStamp) === began)
    seen.push([later, point?.total])
  }
  const first = seen.find(([, total]) => total !== 0)?.[0]
  expect(first).toBeGreaterThanOrEqual(2)
  expect(first).toBeLessThanOrEqual(4)
  expect(seen.at(-3)).toEqual([10, 7])
  expect(new Set(minutesOf(world, world.account, 'PT5M').map(({ total }) => total))).toEqual(new Set([0]))
})

test('some points come in two parts, and only ever grow', async () => {
  const world = await openMonitored()
  const first = world.minute()
  const calls = 10
  const seen = new Map<number, Set<number>>()
  for (let minute = 0; minute < 75; minute++) {
    if (minute < 60) for (let call = 0; call < calls; call++) await world.callModel()
    world.nextMinute()
    for (const { timeStamp, total = 0 } of minutesOf(world, world.account, 'PT30M')) {
      const at = (Date.parse(timeStamp) - first) / MINUTE_MS
      if (at < 0 || at >= 60) continue
      const before = seen.get(at) ?? new Set()
      expect(total).toBeGreaterThanOrEqual(Math.max(0, ...before))
      seen.set(at, before.add(total))
    }
  }
  expect([...seen.values()].map((values) => Math.max(...values))).toEqual(Array(60).fill(calls))
  const inParts = [...seen.values()].filter((values) => values.size > 2).length
  expect(inParts).toBeGreaterThanOrEqual(1)
  expect(inParts).toBeLessThan(10)
})

test('a fault makes gaps: minutes without a value, which also have no sum', async () => {
  const world = await openMonitored()
  for (let minute = 0; minute < 20; minute++) {
    await world.callModel()
    world.nextMinute()
  }
  world.nextMinute(12)
  const { id } = world.faults.add({
    match: { path: 'accounts/contoso-eus$', from: 1, count: 1, share: 1 },
    do: { metricGapShare: 0.3 },
  })
  const points = minutesOf(world, world.account, 'PT32M')
  const gaps = points.filter(({ total }) => total === undefined).length
  expect(gaps).toBeGreaterThan(2)
  expect(gaps).toBeLessThan(20)
  world.faults.remove(id)
  expect(sumOf(minutesOf(world, world.account, 'PT32M').map(({ total }) => total))).toBe(20)
})

test('a provisioned deployment shows how much of its minute was used', async () => {
  const world = await openMonitored()
  world.put(
    `${world.account}/deployments/ptu`,
    { model: { format: 'OpenAI', name: 'gpt-4o', version: '2024-11-20' } },
    { sku: { name: 'ProvisionedManaged', capacity: 15 } },
  )
  const calls = 25
  for (let call = 0; call < calls; call++) expect((await world.callModel('ptu')).status).toBe(200)
  world.nextMinute(12)
  const { value } = world.metrics(world.account, {
    metricnames: 'AzureOpenAIProvisionedManagedUtilizationV2',
    timespan: HOUR,
    interval: 'FULL',
    $filter: "ModelDeploymentName eq 'ptu'",
  })
  // 6 tokens in and 16 out that weigh four times as much, of 15 units of 2,500 a minute.
  const percent = (100 * calls * (6 + 4 * 16)) / (15 * 2500)
  expect(value[0].timeseries[0].data[0].average).toBeCloseTo(percent, 6)
  expect(value[0].unit).toBe('Percent')
})

/** A world with something in it behind a server, and the client that asks it. */
async function openQueried() {
  const world = await openMonitored()
  for (let call = 0; call < 12; call++) await world.callModel()
  for (let call = 0; call < 5; call++) await world.callModel('nobody')
  world.nextMinute()
  for (let call = 0; call < 3; call++) await world.callModel()
  world.nextMinute(15)
  const lab = await serve(world)
  const { url: endpoint } = lab
  const client = new MetricsQueryClient(lab.credential, { endpoint, retryOptions: { maxRetries: 0 } })
  return { world, lab, client }
}

const NAMESPACE = 'Microsoft.CognitiveServices/accounts'

test('MetricsQueryClient reads series by status and deployment, with names in lower case', async () => {
  const { world, client } = await openQueried()
  const result = await client.queryResource(world.account, ['AzureOpenAIRequests'], {
    metricNamespace: NAMESPACE,
    granularity: 'PT1M',
    timespan: { duration: 'PT30M' },
    aggregations: ['Total'],
    filter: "StatusCode eq '*' and ModelDeploymentName eq '*'",
    top: 100,
  })
  const [metric] = result.metrics
  const series = metric?.timeseries.map(({ metadataValues, data = [] }) => [
    metadataValues?.map(({ name, value }) => `${name}=${value}`).join(' '),
    data.filter(({ total }) => total).map(({ total }) => total),
  ])
  expect(series).toEqual([
    ['statuscode=200 modeldeploymentname=gpt-4o', [12, 3]],
    ['statuscode=404 modeldeploymentname=', [5]],
  ])
  expect(metric?.timeseries[0]?.data).toHaveLength(31)
  expect([metric?.unit, metric?.errorCode, result.granularity]).toEqual(['Count', 'Success', 'PT1M'])
  expect(result.getMetricByName('AzureOpenAIRequests')).toBe(metric)
})

test.each([
  ['eq', "StatusCode eq '404'", [5]],
  ['or', "StatusCode eq '404' or StatusCode eq '200'", [15, 5]],
  ['ne', "StatusCode ne '404'", [15]],
  ['sw', "ModelDeploymentName sw 'GPT' and StatusCode eq '*'", [15]],
  ['nothing that matches', "StatusCode eq '429'", []],
])('a filter with %s', async (_, filter, sums) => {
  const world = await openMonitored()
  for (let call = 0; call < 15; call++) await world.callModel()
  for (let call = 0; call < 5; call++) await world.callModel('nobody')
  world.nextMinute(15)
  const { value } = world.metrics(world.account, {
    metricnames: 'ModelRequests',
    timespan: HOUR,
    interval: 'FULL',
    $filter: filter,
  })
  expect(value[0].timeseries.map(({ data }: Series) => data[0]?.total)).toEqual(sums)
})

test('grains, order, top, and the other aggregations', async () => {
  const { world, client } = await openQueried()
  const ask = (options: object) =>
    client.queryResource(world.account, ['AzureOpenAIRequests'], { timespan: { duration: HOUR }, ...options })
  const hourly = await ask({
    granularity: HOUR,
    aggregations: ['Total', 'Count', 'Average', 'Minimum', 'Maximum'],
  })
  const points = hourly.metrics[0]?.timeseries[0]?.data ?? []
  expect(points.reduce((sum, { total = 0 }) => sum + total, 0)).toBe(20)
  expect(points.find(({ total }) => total === 20)).toMatchObject({
    count: 20,
    average: 1,
    minimum: 1,
    maximum: 1,
  })
  const least = await ask({ filter: "StatusCode eq '*'", top: 1, orderBy: 'total asc' })
  expect(least.metrics[0]?.timeseries.map(({ metadataValues }) => metadataValues?.[0]?.value)).toEqual([
    '404',
  ])
  const adjusted = await ask({ granularity: 'PT2M', autoAdjustTimegrain: true })
  expect(adjusted.granularity).toBe('PT5M')
  const names = await ask({ filter: "StatusCode eq '*'", resultType: 'Metadata' })
  expect(names.metrics[0]?.timeseries.map(({ data }) => data)).toEqual([[], []])
})

test('what there is to ask for is listed, and nothing else is answered', async () => {
  const { world, client, lab } = await openQueried()
  const names: (string | undefined)[] = []
  for await (const { name } of client.listMetricDefinitions(world.account)) names.push(name)
  expect(names).toContain('AzureOpenAIProvisionedManagedUtilizationV2')
  for await (const { name } of client.listMetricNamespaces(world.service))
    expect(name).toBe('Microsoft.ApiManagement/service')
  const refusal = (metrics: string[], options: object = {}, id = world.account) =>
    client.queryResource(id, metrics, options).then(
      () => 'answered',
      (error) => `${error.statusCode} ${error.code} ${error.message}`,
    )
  expect(await refusal(['Nonsense'])).toMatch(
    /^400 BadRequest Failed to find metric configuration for provider: Microsoft.CognitiveServices, resource Type: accounts, metric: Nonsense/,
  )
  expect(await refusal(['Latency'])).toMatch(/^400 BadRequest .*not measured by the simulated Azure/)
  expect(await refusal(['ModelRequests'], { filter: "Color eq 'red'" })).toMatch(/^400 BadRequest .*color/)
  expect(await refusal(['ModelRequests'], { filter: "Color eq 'red'", validateDimensions: false })).toBe(
    'answered',
  )
  expect(await refusal(['ModelRequests'], { filter: "StatusCode = '429'" })).toMatch(/^400 .*Invalid filter/)
  expect(await refusal(['ModelRequests'], { filter: "StatusCode eq '1' or Region eq 'x'" })).toMatch(
    /^400 .*or cannot/,
  )
  expect(await refusal(['ModelRequests'], { granularity: 'PT2M' })).toMatch(/^400 .*time grain/)
  expect(await refusal(['ModelRequests'], { timespan: { duration: 'soon' } })).toMatch(/^400 .*timespan/)
  expect(await refusal(['ModelRequests'], {}, `${world.account}-not-there`)).toMatch(/^404 ResourceNotFound/)
  const workspace = `${lab.group}/providers/Microsoft.OperationalInsights/workspaces/log-ops`
  expect(await refusal(['Requests'], {}, workspace)).toMatch(/^400 .*measures nothing of/)
})

const BATCH = 'https://metrics.monitor.azure.com'

test('MetricsClient asks for several accounts of a region at once', async () => {
  const { world, lab } = await openQueried()
  const client = new MetricsClient(lab.url, credentialFor(lab, BATCH), { retryOptions: { maxRetries: 0 } })
  const now = (await lab.lab('GET', 'clock')).now
  const times = { startTime: new Date(Date.parse(now) - 60 * MINUTE_MS), endTime: new Date(now) }
  const open = world.at('CognitiveServices/accounts/contoso-open')
  const ask = (ids: string[]) =>
    client.queryResources(ids, ['AzureOpenAIRequests'], NAMESPACE, {
      ...times,
      interval: 'PT1M',
      aggregation: 'total',
    })
  const results = await ask([world.account, open])
  expect(results.map(({ resourceId }) => resourceId)).toEqual([world.account, open])
  const sums = results.map(({ metrics }) =>
    sumOf(metrics[0]?.timeseries[0]?.data?.map(({ total }) => total) ?? []),
  )
  expect(sums).toEqual([20, 0])
  await expect(ask([world.account, world.otherAccount])).rejects.toThrow(/not of the region/)
  await expect(ask([world.service])).rejects.toThrow(/not of the .*metric namespace/)
  await expect(ask(Array(51).fill(world.account))).rejects.toThrow(/50/)
  const stranger = new MetricsClient(lab.url, credentialFor(lab, 'https://vault.azure.net'), {
    retryOptions: { maxRetries: 0 },
  })
  await expect(stranger.queryResources([world.account], ['ModelRequests'], NAMESPACE)).rejects.toThrow(
    expect.objectContaining({ statusCode: 401 }),
  )
})

test('the batch answers at the name of its region, through the network', async () => {
  const world = await openMonitored()
  const { token } = await world.tokens.issue({ audience: BATCH, objectId: 'somebody' })
  const ask = async (region: string) => {
    const answer = await world.data.send(
      {
        method: 'POST',
        host: `${region}.metrics.monitor.azure.com`,
        path: `/subscriptions/${world.azure.subscriptionId}/metrics:getBatch?api-version=2024-02-01&metricnamespace=${NAMESPACE}&metricnames=ModelRequests`,
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify({ resourceids: [world.account] }),
        gone: new AbortController().signal,
      },
      world.ops,
    )
    return isUnreached(answer) ? answer.unreached : answer.status
  }
  expect(await ask('eastus')).toBe(200)
  expect(await ask('eastus2')).toBe(400)
})

test('metrics are reads of ARM, and are throttled with them', async () => {
  const world = await openMonitored()
  const ask = () => world.metrics(world.account, { metricnames: 'ModelRequests' }, 'one and the same')
  const answers = Array.from({ length: 300 }, () => {
    try {
      return ask().interval
    } catch (error) {
      return JSON.parse(String((error as Error).message)).error.code
    }
  })
  const { PT1M, SubscriptionRequestsThrottled } = countBy(answers)
  expect(PT1M).toBeGreaterThanOrEqual(250)
  expect(SubscriptionRequestsThrottled).toBeGreaterThan(0)
})
