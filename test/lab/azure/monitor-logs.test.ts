import { Durations, LogsQueryClient, LogsQueryResultStatus } from '@azure/monitor-query'
import { expect, test } from 'vitest'
import { keyOf } from '../../../lab/azure/arm/ids.ts'
import { queryLogs } from '../../../lab/azure/monitor/logs/query.ts'
import { credentialFor, type Monitored, openMonitored, serve } from './monitor-world.ts'

const LOGS = 'https://api.loganalytics.io'

function putLogs(world: Monitored, categories = ['GatewayLogs', 'GatewayLlmLogs']) {
  const { service, at, put } = world
  put(`${service}/loggers/azuremonitor`, { loggerType: 'azureMonitor', isBuffered: true })
  put(`${service}/diagnostics/azuremonitor`, {
    loggerId: `${service}/loggers/azuremonitor`,
    largeLanguageModel: { logs: 'enabled' },
  })
  const setting = `${service}/providers/Microsoft.Insights/diagnosticSettings/to-workspace`
  put(setting, {
    workspaceId: at('OperationalInsights/workspaces/log-ops'),
    logAnalyticsDestinationType: 'Dedicated',
    logs: categories.map((category) => ({ category, enabled: true })),
  })
  return setting
}

const asked = (world: Monitored, query: string, timespan?: string): Table => {
  const scope = { workspaceId: world.at('OperationalInsights/workspaces/log-ops') }
  const { status, body } = queryLogs({ query, timespan }, scope, world.azure)
  if (status !== 200) throw new Error(JSON.stringify(body))
  const [table] = (body as { tables: [Table] }).tables
  return table
}
type Table = { columns: { name: string; type: string }[]; rows: unknown[][] }

/** Three calls that work, one to another operation that is not there; then all of them are in the log. */
async function openLogged() {
  const world = await openMonitored()
  putLogs(world)
  for (let call = 0; call < 3; call++) await world.callGateway()
  await world.callGateway('/openai/v1/nowhere')
  return world
}

test('rows are there three to ten minutes later, one for each answer', async () => {
  const world = await openLogged()
  const rowsAt: number[] = []
  for (let minute = 0; minute < 12; minute++) {
    rowsAt.push(asked(world, 'ApiManagementGatewayLogs').rows.length)
    world.nextMinute()
  }
  expect(rowsAt.slice(0, 4)).toEqual([0, 0, 0, 0])
  expect(rowsAt.at(-1)).toBe(4)
  expect(new Set(rowsAt)).toEqual(new Set([0, 4]))
})

test('a row tells the call, and the last try of its backend', async () => {
  const world = await openLogged()
  world.nextMinute(12)
  const { rows } = asked(
    world,
    `ApiManagementGatewayLogs
     | where _ResourceId == '${keyOf(world.service)}' and TimeGenerated > ago(30m)
     | order by ResponseCode desc
     | project Method, Url, ResponseCode, BackendResponseCode, BackendId, ApiId, IsRequestSuccess, Region, TotalTime`,
  )
  expect(rows[0]).toEqual([
    'POST',
    'https://contoso-apim.azure-api.net/openai/v1/nowhere',
    404,
    null,
    '',
    expect.any(String),
    false,
    'East US',
    0,
  ])
  expect(rows[1]).toEqual([
    'POST',
    'https://contoso-apim.azure-api.net/openai/v1/chat/completions',
    200,
    200,
    expect.stringMatching(/^contoso-eus2?$/),
    'openai',
    true,
    'East US',
    expect.any(Number),
  ])
})

test('what it took joins by CorrelationId: the log of language models has the tokens', async () => {
  const world = await openLogged()
  world.nextMinute(12)
  const { rows } = asked(
    world,
    `ApiManagementGatewayLlmLog
     | summarize calls = count(), tokens = sum(TotalTokens), prompt = sum(PromptTokens) by DeploymentName, IsStreamCompletion`,
  )
  expect(rows).toEqual([['gpt-4o', false, 3, 3 * 22, 3 * 6]])
  const [one] = asked(world, 'ApiManagementGatewayLlmLog | take 1 | project CorrelationId').rows
  expect(
    asked(world, `ApiManagementGatewayLogs | where CorrelationId == '${one?.[0]}' | project ResponseCode`)
      .rows,
  ).toEqual([[200]])
})

test('nothing is logged but what a diagnostic setting sends, as long as it does', async () => {
  const world = await openMonitored()
  await world.callGateway()
  const setting = putLogs(world, ['GatewayLogs'])
  await world.callGateway()
  world.nextMinute()
  world.azure.erase(setting)
  await world.callGateway()
  world.nextMinute(12)
  expect(asked(world, 'ApiManagementGatewayLogs').rows).toHaveLength(1)
  expect(asked(world, 'ApiManagementGatewayLlmLog').rows).toHaveLength(0)
})

test('Kusto, as far as it is played', async () => {
  const world = await openLogged()
  world.nextMinute(2)
  await world.callGateway()
  world.nextMinute(12)
  const rows = (query: string) => asked(world, `ApiManagementGatewayLogs ${query}`).rows
  expect(rows('| summarize count()')).toEqual([[5]])
  expect(
    rows('| where ResponseCode >= 400 | summarize failed = countif(ResponseCode == 404), dcount(Url)'),
  ).toEqual([[1, 1]])
  expect(rows('| where BackendId startswith "CONTOSO" and not(ResponseCode == 200)')).toEqual([])
  expect(rows('| where ResponseCode in (404, 500) or Url has "nowhere" | project ResponseCode')).toEqual([
    [404],
  ])
  expect(rows('| where isnull(BackendResponseCode) | project Url').length).toBe(1)
  expect(rows("| where Method =~ 'post' and Url contains 'NOWHERE' // a remark\n| take 5").length).toBe(1)
  const binned = asked(
    world,
    'ApiManagementGatewayLogs | summarize n = count() by bin(TimeGenerated, 1m) | order by TimeGenerated asc',
  )
  expect(binned.columns).toEqual([
    { name: 'TimeGenerated', type: 'datetime' },
    { name: 'n', type: 'long' },
  ])
  expect(binned.rows.map(([, n]) => n)).toEqual([4, 1])
  expect(rows('| top 1 by ResponseCode | project code = ResponseCode')).toEqual([[404]])
  expect(
    rows(
      '| extend slow = TotalTime > 0 | summarize avg(TotalTime), min(ResponseCode), max(ResponseCode) by slow',
    ).length,
  ).toBe(2)
  expect(rows('| where TimeGenerated > now() | summarize count()')).toEqual([[0]])
  expect(rows('| where TimeGenerated > now() | summarize count() by Method')).toEqual([])
})

test.each([
  ['| join kind=inner (Other) on X', /does not play the operator 'join'/],
  ['| where Url matches regex "x"', /does not play the operator 'matches'/],
  ['| summarize percentile(TotalTime, 95)', /does not play the aggregation 'percentile'/],
  ['| where strlen(Url) > 3', /does not play the function 'strlen'/],
  ['| where Colour == 1', /Failed to resolve .*'Colour'/],
  ['| where ResponseCode == "404"', /Cannot compare/],
  ['| where ResponseCode', /expected a boolean/],
  ['| where (ResponseCode == 1', /could not be parsed/],
  ['| take many', /number of rows/],
  ['| where Url == "a', /could not be parsed/],
])('%s is refused by name', async (query, why) => {
  const world = await openMonitored()
  expect(() => asked(world, `ApiManagementGatewayLogs ${query}`)).toThrow(why)
})

/** Logs behind a server, and the client that asks for them. */
async function openClient() {
  const world = await openLogged()
  world.nextMinute(12)
  const lab = await serve(world)
  const options = { endpoint: lab.url, retryOptions: { maxRetries: 0 } }
  const workspace = await lab.arm('GET', world.at('OperationalInsights/workspaces/log-ops'))
  return {
    world,
    lab,
    workspaceId: workspace.body.properties.customerId as string,
    client: new LogsQueryClient(credentialFor(lab, LOGS), options),
    stranger: new LogsQueryClient(credentialFor(lab, 'https://management.azure.com'), options),
  }
}

const BY_BACKEND =
  'ApiManagementGatewayLogs | summarize calls = count(), last = max(TimeGenerated) by BackendResponseCode'
const HOUR = { duration: Durations.oneHour }

test('LogsQueryClient asks a workspace, a resource, and several at once', async () => {
  const { world, client, workspaceId } = await openClient()
  const result = await client.queryWorkspace(workspaceId, BY_BACKEND, HOUR)
  if (result.status !== LogsQueryResultStatus.Success) throw new Error(result.partialError.message)
  const [table] = result.tables
  expect(table?.columnDescriptors.map(({ name, type }) => `${name}:${type}`)).toEqual([
    'BackendResponseCode:int',
    'calls:long',
    'last:datetime',
  ])
  expect(table?.rows.map(([code, calls]) => [code, calls])).toEqual([
    [200, 3],
    [null, 1],
  ])
  expect(table?.rows[0]?.[2]).toBeInstanceOf(Date)
  const ofService = await client.queryResource(world.service, BY_BACKEND, HOUR)
  expect(ofService).toMatchObject({ status: 'Success', tables: [{ rows: [{}, {}] }] })
  const early = { startTime: new Date(0), endTime: new Date(1000) }
  const batch = await client.queryBatch([
    { workspaceId, query: BY_BACKEND, timespan: HOUR },
    { workspaceId, query: BY_BACKEND, timespan: early },
    { workspaceId, query: 'Nothing | take 1', timespan: HOUR },
  ])
  expect(batch.map(({ status }) => status)).toEqual(['Success', 'Success', 'Failure'])
  expect(batch[1]).toMatchObject({ tables: [{ rows: [] }] })
})

test('it refuses in the words that the client makes an exception of', async () => {
  const { client, stranger, workspaceId } = await openClient()
  const refusal = (asking: Promise<unknown>) =>
    asking.then(
      () => 'answered',
      (error) => `${error.statusCode} ${error.code}`,
    )
  expect(await refusal(client.queryWorkspace(workspaceId, 'Nothing | take 1', HOUR))).toBe(
    '400 BadArgumentError',
  )
  expect(await refusal(client.queryWorkspace(crypto.randomUUID(), BY_BACKEND, HOUR))).toBe(
    '404 WorkspaceNotFoundError',
  )
  expect(await refusal(stranger.queryWorkspace(workspaceId, BY_BACKEND, HOUR))).toBe('401 InvalidTokenError')
})

test('a caller has 200 queries of a workspace in 30 seconds', async () => {
  const world = await openMonitored()
  const { properties, assigned } = world.azure.find(world.at('OperationalInsights/workspaces/log-ops')) ?? {}
  const workspaceId = String({ ...properties, ...assigned }['customerId'])
  const ask = async (objectId: string) => {
    const { token } = await world.tokens.issue({ audience: LOGS, objectId, seconds: 86_400 })
    const { status, headers } = await world.monitor.answer(
      {
        method: 'POST',
        host: 'api.loganalytics.io',
        path: `/v1/workspaces/${workspaceId}/query`,
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: 'ApiManagementGatewayLogs | take 1' }),
        gone: new AbortController().signal,
      },
      { by: 'internet' },
    )
    return status === 429 ? `429 after ${headers['retry-after']}` : status
  }
  const first = await Promise.all(Array.from({ length: 200 }, () => ask('somebody')))
  expect(new Set(first)).toEqual(new Set([200]))
  const more = await Promise.all(Array.from({ length: 200 }, () => ask('somebody')))
  expect(more).toContain('429 after 30')
  expect(await ask('somebody-else')).toBe(200)
  world.advance(30)
  expect(await ask('somebody')).toBe(200)
})
