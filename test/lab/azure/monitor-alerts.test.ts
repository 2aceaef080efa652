import { expect, test } from 'vitest'
import { eventsSince } from '../../../lab/azure/event-hubs.ts'
import { CRITERION, dimension, putRule, SINGLE } from './monitor-rule.ts'
import { MINUTE_MS, type Monitored, openMonitored, serve } from './monitor-world.ts'
import { killed, spawnAzure, temporaryDirectory } from './process.ts'

const HUB = 'evhns-ops/alerts'
// biome-ignore lint/suspicious/noExplicitAny: bodies of any shape, read by the tests as they expect them
type Json = any

/** What arrived in the hub, without what was said twice. */
function heard(world: Monitored): { at: string; alert: Json }[] {
  const events = eventsSince(HUB, 0, world.azure).map(({ at, body }) => ({ at, alert: JSON.parse(body) }))
  const keyOf = ({ alert }: { alert: Json }) =>
    `${alert.data.essentials.alertId} ${alert.data.essentials.monitorCondition}`
  return [...new Map(events.toReversed().map((event) => [keyOf(event), event])).values()].toReversed()
}
const conditions = (world: Monitored) =>
  heard(world).map(({ alert }) => alert.data.essentials.monitorCondition)

async function storm(world: Monitored, calls = 20) {
  for (let call = 0; call < calls; call++) await world.callModel('small')
}

test('from the first 429 to the event it takes minutes: seen, evaluated, delivered', async () => {
  const world = await openMonitored()
  putRule(world)
  const began = world.clock.now()
  await storm(world)
  const timeline: Record<string, number> = {}
  for (let second = 0; second < 900; second += 5) {
    world.advance(5)
    const seconds = Math.round((world.clock.now() - began) / 1000)
    const seen = world.metrics(world.account, {
      metricnames: 'AzureOpenAIRequests',
      timespan: 'PT20M',
      $filter: "StatusCode eq '429'",
    }).value[0].timeseries.length
    if (seen > 0) timeline['seen'] ??= seconds
    if (world.azure.world.alerts.size > 0) timeline['fired'] ??= seconds
    if (heard(world).length > 0) timeline['heard'] ??= seconds
  }
  const { seen = 0, fired = 0, heard: told = 0 } = timeline
  expect(seen).toBeGreaterThanOrEqual(115)
  expect(seen).toBeLessThanOrEqual(245)
  expect(fired).toBeGreaterThanOrEqual(seen)
  expect(fired - seen).toBeLessThanOrEqual(65)
  expect(told - fired).toBeGreaterThanOrEqual(5)
  expect(told - fired).toBeLessThanOrEqual(45)
})

test('it fires once while it lasts, resolves after three healthy evaluations, and fires anew as another alert', async () => {
  const world = await openMonitored()
  putRule(world)
  for (let minute = 0; minute < 8; minute++) {
    await storm(world)
    world.nextMinute()
  }
  expect(conditions(world)).toEqual(['Fired'])
  world.nextMinute(20)
  expect(conditions(world)).toEqual(['Fired', 'Resolved'])
  await storm(world)
  world.nextMinute(20)
  expect(conditions(world)).toEqual(['Fired', 'Resolved', 'Fired', 'Resolved'])
  const ids = heard(world).map(({ alert }) => alert.data.essentials.alertId)
  expect(ids[0]).toBe(ids[1])
  expect(ids[2]).toBe(ids[3])
  expect(ids[0]).not.toBe(ids[2])
})

test('what is heard is the common alert schema', async () => {
  const world = await openMonitored()
  putRule(world)
  await storm(world)
  world.nextMinute(20)
  const [fired, resolved] = heard(world)
  const { essentials, alertContext } = fired?.alert.data ?? {}
  const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
  expect(essentials).toEqual({
    alertId: expect.stringMatching(/^\/subscriptions\/.*\/providers\/Microsoft.AlertsManagement\/alerts\//),
    alertRule: 'ops-429-gpt-4o-eus',
    severity: 'Sev2',
    signalType: 'Metric',
    monitorCondition: 'Fired',
    monitoringService: 'Platform',
    alertTargetIDs: [world.account.toLowerCase()],
    configurationItems: ['contoso-eus'],
    originAlertId: expect.any(String),
    firedDateTime: expect.stringMatching(/Z$/),
    description: 'small at contoso-eus turns calls away',
    essentialsVersion: '1.0',
    alertContextVersion: '1.0',
  })
  expect(essentials.alertId.split('/').at(-1)).toMatch(guid)
  expect(alertContext.properties).toEqual({ environment: 'contoso', pool: 'gpt-4o', backend: 'eus' })
  expect(alertContext.conditionType).toBe('SingleResourceMultipleMetricCriteria')
  const { windowSize, windowStartTime, windowEndTime, allOf } = alertContext.condition
  expect([windowSize, Date.parse(windowEndTime) - Date.parse(windowStartTime)]).toEqual([
    'PT5M',
    5 * MINUTE_MS,
  ])
  expect(allOf).toEqual([
    {
      metricName: 'AzureOpenAIRequests',
      metricNamespace: 'Microsoft.CognitiveServices/accounts',
      operator: 'GreaterThan',
      threshold: '5',
      timeAggregation: 'Total',
      dimensions: [
        { name: 'StatusCode', value: '429' },
        { name: 'ModelDeploymentName', value: 'small' },
      ],
      metricValue: expect.any(Number),
      webTestName: null,
    },
  ])
  const told = resolved?.alert.data
  expect(told.essentials).toMatchObject({ alertId: essentials.alertId, monitorCondition: 'Resolved' })
  expect(Date.parse(told.essentials.resolvedDateTime)).toBeGreaterThan(Date.parse(essentials.firedDateTime))
  expect(told.alertContext.condition.allOf[0]).not.toHaveProperty('metricValue')
})

test.each<[string, object, object, string[][]]>([
  [
    'a star: each value by itself',
    {},
    { dimensions: [dimension('ModelDeploymentName', ['*'])] },
    [['small'], ['gpt-4o'], ['']],
  ],
  [
    'an exclusion',
    {},
    {
      dimensions: [
        dimension('StatusCode', ['*']),
        dimension('ModelDeploymentName', ['small', ''], 'Exclude'),
      ],
    },
    [['200', 'gpt-4o']],
  ],
  ['no dimension: all of it', {}, { dimensions: [] }, [[]]],
  ['a threshold that nothing comes to', {}, { threshold: 500 }, []],
  ['a rule that is switched off', { enabled: false }, {}, []],
  [
    'another metric that is counted by tokens',
    {},
    { metricName: 'TotalTokens', dimensions: [], threshold: 100 },
    [[]],
  ],
])('time series of a rule: %s', async (_, rule, criterion, series) => {
  const world = await openMonitored()
  putRule(world, rule, criterion)
  await storm(world)
  for (let call = 0; call < 8; call++) {
    await world.callModel('gpt-4o')
    await world.callModel('nobody')
  }
  world.nextMinute(20)
  const fired = heard(world).filter(({ alert }) => alert.data.essentials.monitorCondition === 'Fired')
  const dimensions = fired.map(({ alert }) => alert.data.alertContext.condition.allOf[0].dimensions)
  const values: string[][] = dimensions.map((all: { value: string }[]) => all.map(({ value }) => value))
  expect(values.toSorted()).toEqual(series.toSorted())
})

test('several criteria fire together or not at all; several resources each by themselves', async () => {
  const world = await openMonitored()
  const served = {
    ...CRITERION,
    name: 'served',
    dimensions: [dimension('StatusCode', ['200'])],
    threshold: 0,
  }
  const both = (threshold: number) => ({
    criteria: { 'odata.type': SINGLE, allOf: [{ ...CRITERION, threshold }, served] },
  })
  putRule(world, both(5), {}, 'both')
  putRule(world, both(500), {}, 'one-of-two')
  putRule(
    world,
    {
      scopes: [world.account.split('/').slice(0, 5).join('/')],
      targetResourceType: 'Microsoft.CognitiveServices/accounts',
      targetResourceRegion: 'eastus',
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria',
        allOf: [{ ...CRITERION, dimensions: [] }],
      },
    },
    {},
    'group',
  )
  await storm(world)
  world.nextMinute(20)
  const fired = heard(world).filter(({ alert }) => alert.data.essentials.monitorCondition === 'Fired')
  const told = fired.map(({ alert }) => [
    alert.data.essentials.alertRule,
    alert.data.essentials.configurationItems[0],
  ])
  expect(told.toSorted()).toEqual([
    ['both', 'contoso-eus'],
    ['group', 'contoso-eus'],
  ])
})

test('without autoMitigate it keeps no state: it fires at each evaluation and never resolves', async () => {
  const world = await openMonitored()
  putRule(world, { autoMitigate: false })
  await storm(world)
  world.nextMinute(20)
  expect(new Set(conditions(world))).toEqual(new Set(['Fired']))
  expect(conditions(world).length).toBeGreaterThan(1)
})

test('a rule that goes takes its fired alert along; one that comes late still sees what is in its window', async () => {
  const world = await openMonitored()
  const id = putRule(world)
  await storm(world)
  world.nextMinute(6)
  expect(world.azure.world.alerts.size).toBe(1)
  world.azure.erase(id)
  world.nextMinute(20)
  expect(conditions(world)).toEqual(['Fired'])
  await storm(world)
  world.nextMinute(2)
  putRule(world, {}, {}, 'late')
  world.nextMinute(20)
  expect(heard(world).map(({ alert }) => alert.data.essentials.alertRule)).toEqual([
    'ops-429-gpt-4o-eus',
    'late',
    'late',
  ])
})

test('some notifications arrive twice; a group without the common schema, switched off or without a hub tells nobody', async () => {
  const world = await openMonitored()
  const group = world.at('Insights/actionGroups/ag-ops')
  const receiver = (more: object) => ({
    name: 'r',
    eventHubNameSpace: 'evhns-ops',
    eventHubName: 'alerts',
    subscriptionId: world.azure.subscriptionId,
    useCommonAlertSchema: true,
    ...more,
  })
  const putGroup = (more: object, receivers: object[]) =>
    world.put(group, { groupShortName: 'ops', eventHubReceivers: receivers, ...more }, { location: 'global' })
  const events = () => eventsSince(HUB, 0, world.azure).length
  putRule(world)
  putGroup({}, [receiver({ useCommonAlertSchema: false }), receiver({ eventHubName: 'nowhere' })])
  await storm(world)
  world.nextMinute(20)
  putGroup({ enabled: false }, [receiver({})])
  await storm(world)
  world.nextMinute(20)
  expect(events()).toBe(0)
  putGroup({}, [receiver({})])
  for (let incident = 0; incident < 25; incident++) {
    await storm(world, 40)
    world.nextMinute(20)
  }
  expect(heard(world)).toHaveLength(50)
  expect(events()).toBeGreaterThan(50)
  expect(events()).toBeLessThan(70)
})

test('an idle lab has no minute on its agenda', async () => {
  const world = await openMonitored()
  putRule(world)
  world.nextMinute(3)
  expect(world.azure.agenda.next()).toBeUndefined()
  await storm(world)
  world.nextMinute(180)
  expect(world.azure.agenda.next()).toBeUndefined()
})

test('killed at any moment it loses no alert and makes none up', { timeout: 120_000 }, async () => {
  const world = await openMonitored()
  putRule(world)
  await storm(world)
  world.nextMinute()
  const whole = await serve(world)
  await whole.advance(1500)
  const expected = (await whole.lab('GET', `eventhubs/${HUB}`)).map(({ body }: Json) => body)
  expect(expected.length).toBeGreaterThanOrEqual(2)

  const state = temporaryDirectory()
  const flags = ['--state', state, '--temper', 'usual']
  let azure = await spawnAzure(...flags)
  await azure.lab('POST', 'state', world.snapshot())
  for (let round = 0; round < 5; round++) {
    // Somewhere inside: what was not answered may have happened or not.
    const going = azure.advance(200).catch(() => undefined)
    await new Promise((done) => setTimeout(done, 2 * round))
    await killed(azure.child, 'SIGKILL')
    await going
    azure = await spawnAzure(...flags)
  }
  await azure.advance(1500)
  const bodies = (await azure.lab('GET', `eventhubs/${HUB}`)).map(({ body }: Json) => body)
  expect(bodies).toEqual(expected)
})

test('between evaluation and delivery, a kill changes nothing', { timeout: 60_000 }, async () => {
  const world = await openMonitored()
  putRule(world)
  await storm(world)
  while (world.azure.world.notifications.size === 0) world.advance(1)
  const state = temporaryDirectory()
  const flags = ['--state', state, '--temper', 'usual']
  const before = await spawnAzure(...flags)
  await before.lab('POST', 'state', world.snapshot())
  expect(await before.lab('GET', `eventhubs/${HUB}`)).toEqual([])
  await killed(before.child, 'SIGKILL')
  const after = await spawnAzure(...flags)
  await after.advance(45)
  const events = await after.lab('GET', `eventhubs/${HUB}`)
  expect(events.map(({ body }: Json) => JSON.parse(body).data.essentials.monitorCondition)).toContain('Fired')
  await after.advance(45)
  expect(await after.lab('GET', `eventhubs/${HUB}`)).toEqual(events)
})

test('the lab says how a resource is, and every action group of its resource group hears of it', async () => {
  const world = await openMonitored()
  const lab = await serve(world, { temper: 'fast' })
  const tell = (status: string) =>
    lab.lab('POST', 'health', { resourceId: world.account, status, summary: 'The region has trouble' })
  await tell('Unavailable')
  await tell('Available')
  await lab.advance(1)
  const events: Json[] = (await lab.lab('GET', `eventhubs/${HUB}`)).map(
    ({ body }: Json) => JSON.parse(body).data,
  )
  const told = [...new Map(events.map((event) => [event.essentials.alertId, event])).values()]
  expect(told.map(({ alertContext }) => alertContext.properties)).toMatchObject([
    {
      currentHealthStatus: 'Unavailable',
      previousHealthStatus: 'Available',
      title: 'The region has trouble',
    },
    { currentHealthStatus: 'Available', previousHealthStatus: 'Unavailable' },
  ])
  expect(told[0].essentials).toMatchObject({
    monitoringService: 'Resource Health',
    signalType: 'Activity Log',
    monitorCondition: 'Fired',
    alertTargetIDs: [world.account.toLowerCase()],
  })
  await expect(lab.lab('POST', 'health', { resourceId: '/nowhere', status: 'Available' })).rejects.toThrow(
    /404/,
  )
  await expect(lab.lab('POST', 'health', { resourceId: '/x', status: 'Ill' })).rejects.toThrow(/400/)
})
