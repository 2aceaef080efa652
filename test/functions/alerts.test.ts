import { HttpRequest, InvocationContext } from '@azure/functions'
import { expect, test } from 'vitest'
import { alertLines } from '../../cli/alerts.ts'
import { getAlerts, receiveAlerts } from '../../functions/alerts.ts'
import type { App } from '../../functions/app.ts'
import { Alerts } from '../../functions/schemas.ts'
import type { AlertsView } from '../../src/alerts/show.ts'
import { onePartition } from '../../src/store/store.ts'
import { healthAlert, throttlingAlert } from '../alerts/common-alert.ts'
import { everything } from '../environment/reference.ts'
import { memoryStore } from '../memory-store.ts'
import { noProbes } from '../probing/fakes.ts'

/** What the host hands to the function with a batch that begins at that number. */
function batchAt(first: number, count: number) {
  const range = Array.from({ length: count }, (_, index) => first + index)
  return new InvocationContext({
    functionName: 'alerts',
    invocationId: `run-${first}`,
    logHandler: () => {},
    triggerMetadata: {
      partitionContext: { partitionId: '3', eventHubName: 'alerts' },
      sequenceNumberArray: range,
      enqueuedTimeUtcArray: range.map(() => '2026-11-25T10:01:00Z'),
    },
  })
}

const idle = async () => {}
const never = () => Promise.reject(new Error('is not asked'))
const asking = async (store: ReturnType<typeof memoryStore>, query: string) => {
  const app: App = {
    store,
    surroundings: everything,
    resourceGroups: [],
    autoBalance: true,
    probes: noProbes,
    plan: never,
    preflight: never,
    audit: never,
    importGroup: never,
    orchestrations: () => ({ status: never, start: never }),
  }
  const request = new HttpRequest({ method: 'GET', url: `http://ops/api/alerts?${query}` })
  return getAlerts({ request, context: batchAt(0, 0), caller: undefined, app })
}

test('a batch is kept, handed over again it changes nothing, and a dead letter says where it stood', async () => {
  const store = memoryStore()
  const batch = [throttlingAlert(1), 'nonsense', [healthAlert(2), 5]]
  await receiveAlerts(store, idle)(batch, batchAt(40, 3))
  await receiveAlerts(store, idle)(batch, batchAt(40, 3))
  expect(await store.alerts.list(onePartition)).toHaveLength(2)
  expect((await store.deadLetters.list(onePartition)).map(({ place }) => place)).toEqual(['3-41-0', '3-42-1'])
})

test('while the tables are out of reach the batch fails, so that the host hands it over again', async () => {
  const store = memoryStore()
  const broken = { ...store, alerts: { ...store.alerts, insert: () => Promise.reject(new Error('503')) } }
  await expect(receiveAlerts(broken, idle)([throttlingAlert(1)], batchAt(1, 1))).rejects.toThrow('503')
  await expect(
    receiveAlerts(broken, idle)(['nonsense'], batchAt(2, 1)),
    'it needs another table',
  ).resolves.toBe(undefined)
})

test('alerts set off what they set off each time a batch is handed over, for the app may have died right after the first rows', async () => {
  const store = memoryStore()
  const told: string[][] = []
  const listen = receiveAlerts(
    store,
    async (alerts) => void told.push(alerts.map(({ condition }) => condition)),
  )
  for (let times = 0; times < 2; times++)
    await listen([throttlingAlert(1), 'nonsense', throttlingAlert(1, 'Resolved')], batchAt(1, 3))
  expect(told).toEqual([
    ['fired', 'resolved'],
    ['fired', 'resolved'],
  ])
})

test('events without a place, and a host that hands over one by one, lose nothing', async () => {
  const store = memoryStore()
  const context = new InvocationContext({
    functionName: 'alerts',
    invocationId: 'by-hand',
    logHandler: () => {},
  })
  await receiveAlerts(store, idle)(throttlingAlert(1), context)
  await receiveAlerts(store, idle)(['nonsense', 'nonsense'], context)
  expect(await store.alerts.list(onePartition)).toHaveLength(1)
  expect(await store.deadLetters.list(onePartition)).toHaveLength(2)
})

test('the answer has the shape the route table says, and people can read it', async () => {
  const store = memoryStore()
  const batch = [throttlingAlert(1), 'nonsense', healthAlert(2), throttlingAlert(1, 'Resolved')]
  await receiveAlerts(store, idle)(batch, batchAt(1, 4))
  const answer = (await asking(store, 'since=2026-11-25T00:00:00Z')).jsonBody
  expect(Alerts.parse(answer)).toEqual(answer)
  expect(alertLines(answer as AlertsView)).toEqual([
    expect.stringMatching(
      /^2026-11-25T10:00:00.123Z fired .* (throttling gpt-4o\/contoso-eus-gpt-4o gpt-4o 17|health .*contoso-eus Unavailable) \(/,
    ),
    expect.stringMatching(/^2026-11-25T10:00:00.123Z fired /),
    '2026-11-25T10:09:00.123Z resolved Sev2 throttling gpt-4o/contoso-eus-gpt-4o gpt-4o 17 (ops-429-gpt-4o-contoso-eus-gpt-4o)',
    '2026-11-25T10:01:00.000Z not an alert: not JSON',
  ])
  expect((await asking(store, 'since=2026-11-25T10:05:00Z')).jsonBody).toMatchObject({
    alerts: [{ condition: 'resolved' }],
    deadLetters: [],
  })
  expect((await asking(store, 'since=soon')).status).toBe(400)
})
