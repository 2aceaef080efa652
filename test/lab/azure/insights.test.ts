import { expect, test } from 'vitest'
import { openGateway } from './gateway.ts'
import { type Lab, openAzure } from './open.ts'

const ids = ({ group }: Pick<Lab, 'group'>) => ({
  alert: `${group}/providers/Microsoft.Insights/metricAlerts/throttled-eastus`,
  actionGroup: `${group}/providers/Microsoft.Insights/actionGroups/ag-ops`,
  workspace: `${group}/providers/Microsoft.OperationalInsights/workspaces/log-ops`,
  hubs: `${group}/providers/Microsoft.EventHub/namespaces/evhns-ops`,
})
const settingOf = (id: string, name = 'to-log') =>
  `${id}/providers/Microsoft.Insights/diagnosticSettings/${name}`

const CRITERION = {
  criterionType: 'StaticThresholdCriterion',
  name: 'failing',
  metricNamespace: 'Microsoft.ApiManagement/service',
  metricName: 'Requests',
  operator: 'GreaterThan',
  threshold: 5,
  timeAggregation: 'Total',
  dimensions: [{ name: 'BackendResponseCode', operator: 'Include', values: ['429'] }],
}
const SINGLE = 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
const MULTIPLE = 'Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria'

const alert = (lab: Pick<Lab, 'group'>, scope: string, changed: object = {}) => ({
  location: 'global',
  properties: {
    enabled: true,
    severity: 2,
    scopes: [scope],
    evaluationFrequency: 'PT1M',
    windowSize: 'PT5M',
    criteria: { 'odata.type': SINGLE, allOf: [CRITERION] },
    actions: [{ actionGroupId: ids(lab).actionGroup, webHookProperties: { env: 'prod' } }],
    ...changed,
  },
})

test('an alert rule answers 200, made or changed, and outlives what it watches', async () => {
  const lab = await openGateway()
  const { alert: path } = ids(lab)
  const put = (changed: object = {}) =>
    lab.arm('PUT', path, { body: alert(lab, lab.path, changed), apiVersion: '2018-03-01' })
  const made = await put()
  expect([made.status, made.body.properties.autoMitigate]).toEqual([200, true])
  expect(made.body.properties.criteria).toEqual({ 'odata.type': SINGLE, allOf: [CRITERION] })
  expect((await put({ severity: 3 })).status).toBe(200)
  const patched = await lab.arm('PATCH', path, { body: { properties: { enabled: false } } })
  expect(patched.body.properties).toMatchObject({ enabled: false, severity: 3 })
  await lab.arm('DELETE', lab.path)
  expect((await lab.arm('GET', path)).status).toBe(200)
  expect((await put()).body.error.message).toMatch(/target resource .* was not found/)
  expect((await lab.arm('DELETE', path)).status).toBe(200)
})

test.each<[string, object, RegExp]>([
  ['a severity beyond 4', { severity: 5 }, /severity/],
  ['a window below the frequency', { evaluationFrequency: 'PT15M' }, /windowSize: It must not be below/],
  ['a frequency that is not offered', { evaluationFrequency: 'PT2M' }, /evaluationFrequency/],
  ['criteria without a type', { criteria: { allOf: [CRITERION] } }, /criteria\.odata\.type/],
  ['an unknown operator', criteria({ operator: 'Above' }), /operator/],
  ['an unknown aggregation', criteria({ timeAggregation: 'Sum' }), /timeAggregation/],
  [
    'a metric that does not exist',
    criteria({ metricName: 'Request' }),
    /Couldn't find a metric named Request/,
  ],
  [
    'a dimension that the metric lacks',
    criteria({ dimensions: [{ name: 'BackendId', operator: 'Include', values: ['*'] }] }),
    /dimension BackendId/,
  ],
  [
    'several resources without a type',
    { criteria: { 'odata.type': MULTIPLE, allOf: [CRITERION] } },
    /targetResourceType/,
  ],
  [
    'an unknown action group',
    { actions: [{ actionGroupId: '/subscriptions/x' }] },
    /action group .* was not found/,
  ],
  ['six action groups', { actions: Array(6).fill({ actionGroupId: '/x' }) }, /at most five/],
])('an alert with %s is refused', async (_what, changed, why) => {
  const lab = await openAzure({ temper: 'fast' })
  const { workspace, alert: path } = ids(lab)
  const { status, body } = await lab.arm('PUT', path, { body: alert(lab, workspace, changed) })
  expect([status, body.error.code, body.error.message]).toEqual([
    400,
    'BadRequest',
    expect.stringMatching(why),
  ])
})

function criteria(changed: object) {
  return { criteria: { 'odata.type': SINGLE, allOf: [{ ...CRITERION, ...changed }] } }
}

test('a metric that nobody has seen yet passes when one asks not to be told', async () => {
  const lab = await openAzure({ temper: 'fast' })
  const { workspace, alert: path } = ids(lab)
  const unseen = criteria({ metricName: 'Request', skipMetricValidation: true })
  expect((await lab.arm('PUT', path, { body: alert(lab, workspace, unseen) })).status).toBe(200)
})

test('a diagnostic setting stands on any resource, shows every category, and goes with the resource', async () => {
  const lab = await openGateway()
  const { workspaceId } = { workspaceId: ids(lab).workspace }
  const properties = {
    workspaceId,
    logAnalyticsDestinationType: 'Dedicated',
    logs: [{ category: 'GatewayLogs', enabled: true }],
    metrics: [{ category: 'AllMetrics', enabled: true }],
  }
  const put = (on: string, changed: object = {}, name = 'to-log') =>
    lab.arm('PUT', settingOf(on, name), {
      body: { properties: { ...properties, ...changed } },
      apiVersion: '2021-05-01-preview',
    })
  const made = await put(lab.path)
  expect(made.status).toBe(200)
  const shown: { category: string; enabled: boolean }[] = made.body.properties.logs
  expect(shown.filter(({ enabled }) => enabled).map(({ category }) => category)).toEqual(['GatewayLogs'])
  expect(shown).toHaveLength(5)
  expect((await put(lab.path, { logs: shown })).status).toBe(200)
  const twice = await put(lab.path, {}, 'again')
  expect([twice.status, twice.body.error.code]).toEqual([409, 'Conflict'])
  const whole = { logs: [{ categoryGroup: 'allLogs', enabled: true }], metrics: [] }
  expect((await put(lab.path, whole, 'again')).body.error.message).toContain("category 'GatewayLogs'")
  const other = { logs: [{ category: 'GatewayLlmLogs', enabled: true }], metrics: [] }
  expect((await put(lab.path, other, 'again')).status).toBe(200)
  expect((await put(ids(lab).hubs)).status).toBe(200)
  const list = await lab.arm('GET', settingOf(lab.path).replace(/\/[^/]+$/, ''))
  expect(list.body.value.map(({ name }: { name: string }) => name)).toEqual(['to-log', 'again'])
  await lab.arm('DELETE', lab.path)
  const left: { type: string; id: string }[] = await lab.lab('GET', 'resources')
  const settings = left.filter(({ type }) => type === 'Microsoft.Insights/diagnosticSettings')
  expect(settings.map(({ id }) => id)).toEqual([settingOf(ids(lab).hubs)])
})

test.each<[string, object, number, RegExp]>([
  ['nowhere to send to', { workspaceId: null }, 400, /At least one data sink/],
  ['a workspace that is not there', { workspaceId: '/subscriptions/x' }, 400, /was not found/],
  [
    'a category and a group in one',
    { logs: [{ category: 'a', categoryGroup: 'b', enabled: true }] },
    400,
    /Exactly one/,
  ],
  [
    'categories beside groups',
    {
      logs: [
        { category: 'GatewayLogs', enabled: true },
        { categoryGroup: 'audit', enabled: true },
      ],
    },
    400,
    /not both/,
  ],
  ['a category of something else', { logs: [{ category: 'Audit', enabled: true }] }, 400, /not supported/],
])('a setting with %s is refused', async (_what, changed, status, why) => {
  const lab = await openGateway()
  const answer = await lab.arm('PUT', settingOf(lab.path), {
    body: { properties: { workspaceId: ids(lab).workspace, logs: [], ...changed } },
  })
  expect([answer.status, answer.body.error.message]).toEqual([status, expect.stringMatching(why)])
})

test('a resource has at most five settings, and what is not there has none', async () => {
  const lab = await openAzure({ temper: 'fast' })
  const { workspace, hubs } = ids(lab)
  const put = (on: string, name: string, category: string) =>
    lab.arm('PUT', settingOf(on, name), {
      body: { properties: { workspaceId: workspace, logs: [{ category, enabled: true }] } },
    })
  for (const name of ['a', 'b', 'c', 'd', 'e']) expect((await put(hubs, name, name)).status).toBe(200)
  expect((await put(hubs, 'f', 'f')).body.error.message).toContain('at most 5')
  const orphan = await put(`${hubs}-none`, 'a', 'a')
  expect([orphan.status, orphan.body.error.code]).toEqual([404, 'ResourceNotFound'])
})

test('the home has a workspace, two hubs and a way from alerts to one of them', async () => {
  const { arm, group } = await openAzure({ temper: 'usual' })
  const { actionGroup, workspace, hubs } = ids({ group })
  const read = async (path: string) => (await arm('GET', path)).body
  expect((await read(workspace)).properties.customerId).toMatch(/^[0-9a-f-]{36}$/)
  expect((await read(hubs)).properties.serviceBusEndpoint).toBe(
    'https://evhns-ops.servicebus.windows.net:443/',
  )
  const names = (await read(`${hubs}/eventhubs`)).value.map(({ name }: { name: string }) => name)
  expect(names).toEqual(['gateway-log', 'alerts'])
  const { properties } = await read(actionGroup)
  expect(properties.eventHubReceivers[0]).toMatchObject({
    eventHubName: 'alerts',
    useCommonAlertSchema: true,
  })
  expect((await arm('PUT', workspace, { body: { location: 'eastus' } })).status).toBe(405)
})

test('an event hubs namespace takes its time, a hub none; partitions are for life', async () => {
  const lab = await openAzure({ temper: 'usual' })
  const path = `${lab.group}/providers/Microsoft.EventHub/namespaces/evhns-test`
  const body = { location: 'eastus', sku: { name: 'Standard' }, properties: {} }
  const made = await lab.arm('PUT', path, { body })
  expect([made.status, made.body.properties.provisioningState]).toEqual([201, 'Creating'])
  await lab.advance(120)
  expect((await lab.arm('GET', path)).body.properties).toMatchObject({
    provisioningState: 'Succeeded',
    status: 'Active',
  })
  const hub = (partitionCount: number) =>
    lab.arm('PUT', `${path}/eventhubs/h`, { body: { properties: { partitionCount } } })
  expect((await hub(2)).body.properties.partitionIds).toEqual(['0', '1'])
  expect((await hub(4)).status).toBe(400)
})
