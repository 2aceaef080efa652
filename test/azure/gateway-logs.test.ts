import { expect, test } from 'vitest'
import { type GatewayMinute, openGatewayLogs } from '../../src/azure/gateway-logs.ts'
import { openMetrics } from '../../src/azure/metrics.ts'
import { MINUTE_MS, openMonitored } from '../lab/azure/monitor-world.ts'
import { openInstallation, storm } from './installation.ts'

async function openLogged() {
  const world = await openMonitored()
  world.put(`${world.service}/providers/Microsoft.Insights/diagnosticSettings/ops`, {
    workspaceId: world.at('OperationalInsights/workspaces/log-ops'),
    logAnalyticsDestinationType: 'Dedicated',
    logs: [{ category: 'GatewayLogs', enabled: true }],
  })
  for (let call = 0; call < 3; call++) await world.callGateway()
  await world.callGateway('/openai/v1/nowhere')
  world.nextMinute(12)
  const app = await openInstallation(world)
  const logs = openGatewayLogs(app.settings, app.credential)
  if (!logs) throw new Error('the installation has a workspace')
  const read = async (span: { fromMs: number; untilMs: number }): Promise<GatewayMinute[]> => {
    const told = await logs.minutes(world.service, span)
    if (told.is === 'unreadable') throw new Error(JSON.stringify(told.failure))
    return told.minutes
  }
  return { world, app, logs, read }
}

const countsBy = (minutes: GatewayMinute[], nameOf: (minute: GatewayMinute) => string) =>
  Object.fromEntries(
    [...Map.groupBy(minutes, nameOf)].map(([name, all]) => [
      name,
      all.reduce((sum, { count }) => sum + count, 0),
    ]),
  )

test('a storm: what callers got by status, and the 503 that no backend gave and no account knows of', {
  timeout: 60_000,
}, async () => {
  const { world, app, read } = await openLogged()
  await app.lab('POST', 'traffic', { start: storm(3) })
  await app.advance(25 * 60)
  const [run] = await app.lab('GET', 'traffic')
  expect(run).toMatchObject({ state: 'done', lost: 0 })
  const minutes = await read(await app.last(26, 10))
  expect(countsBy(minutes, ({ status }) => String(status))).toEqual(run.answers)

  const own = minutes.filter(({ status }) => status === 503)
  expect(own.length).toBeGreaterThan(0)
  for (const minute of own) expect(minute).not.toHaveProperty('backendStatus')
  const accounts = [
    { id: world.account, location: 'eastus' },
    { id: world.otherAccount, location: 'eastus2' },
  ]
  const told = await openMetrics(app.settings, app.credential).minutes(accounts, await app.last(26, 4))
  const statuses = [...told.values()].flatMap((one) =>
    one.is === 'measured' ? one.minutes.flatMap(({ byStatus }) => Object.keys(byStatus)) : ['unreadable'],
  )
  expect(new Set(statuses)).toEqual(new Set(['200', '429']))
})

test('rows tell the member that answered, and fall into whole minutes', async () => {
  const { app, read } = await openLogged()
  const minutes = await read(await app.last(30))
  const kinds = countsBy(
    minutes,
    ({ backend, backendStatus, status }) => `${backend} ${backendStatus} ${status}`,
  )
  const { 'undefined undefined 404': nowhere, ...served } = kinds
  expect(nowhere).toBe(1)
  expect(Object.keys(served).every((kind) => /^contoso-eus2? 200 200$/.test(kind))).toBe(true)
  expect(Object.values(served).reduce((sum, count) => sum + count, 0)).toBe(3)
  const [{ minuteMs } = { minuteMs: Number.NaN }] = minutes
  expect(minuteMs % MINUTE_MS).toBe(0)
  expect(await read({ fromMs: minuteMs + 59_999, untilMs: minuteMs + MINUTE_MS + 59_999 })).toEqual(minutes)
  expect(await read({ fromMs: minuteMs - 5 * MINUTE_MS, untilMs: minuteMs + 59_999 })).toEqual([])
})

test.each([
  [
    'an outage',
    { status: 503, body: { error: { code: 'ServiceUnavailable', message: 'Later.' } } },
    503,
    'ServiceUnavailable',
  ],
  ['no way there', { unreached: 'ENOTFOUND' }, 0, 'ENOTFOUND'],
  [
    'a part of the answer',
    {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: {
        tables: [{ name: 'PrimaryResult', columns: [{ name: 'minute', type: 'datetime' }], rows: [] }],
        error: { code: 'PartialError', message: 'There were some errors when processing your query.' },
      },
    },
    200,
    'PartialResult',
  ],
])('%s is unreadable', async (_, does, status, code) => {
  const { world, app, logs } = await openLogged()
  await app.fault({ plane: 'monitor', path: '^api\\.loganalytics\\.io', count: 'all' }, does)
  const told = await logs.minutes(world.service, await app.last(30))
  expect(told).toMatchObject({ is: 'unreadable', failure: { status, code } })
})

test('an answer that reaches beyond the span is cut to it', async () => {
  const { world, app, logs } = await openLogged()
  const columns = [
    { name: 'minute', type: 'datetime' },
    { name: 'BackendId', type: 'string' },
    { name: 'BackendResponseCode', type: 'int' },
    { name: 'ResponseCode', type: 'int' },
    { name: 'calls', type: 'long' },
  ]
  const rows = [0, 1, 2].map((minute) => [new Date(minute * MINUTE_MS).toISOString(), 'eus', 200, 200, 7])
  const body = { tables: [{ name: 'PrimaryResult', columns, rows }] }
  const headers = { 'content-type': 'application/json' }
  await app.fault({ plane: 'monitor', path: '^api\\.loganalytics\\.io' }, { status: 200, headers, body })
  expect(await logs.minutes(world.service, { fromMs: MINUTE_MS, untilMs: 2 * MINUTE_MS })).toEqual({
    is: 'measured',
    minutes: [{ minuteMs: MINUTE_MS, backend: 'eus', backendStatus: 200, status: 200, count: 7 }],
  })
})

test('an installation that sends its logs nowhere has none to read', async () => {
  const { app } = await openLogged()
  const { surroundings } = app.settings
  const settings = { ...app.settings, surroundings: { ...surroundings, workspaceId: undefined } }
  expect(openGatewayLogs(settings, app.credential)).toBeUndefined()
})
