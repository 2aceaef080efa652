import { expect, test } from 'vitest'
import { type Measured, openMetrics } from '../../src/azure/metrics.ts'
import type { DeploymentMinute } from '../../src/balance/from-metrics.ts'
import { MINUTE_MS, type Monitored, openMonitored } from '../lab/azure/monitor-world.ts'
import { type Installation, openInstallation, storm } from './installation.ts'

const minutesOf = (told: Measured | undefined): DeploymentMinute[] => {
  if (told?.is !== 'measured') throw new Error(JSON.stringify(told))
  return told.minutes
}

const add = (sums: Record<string, number>, name: string, count: number) => {
  if (count > 0) sums[name] = (sums[name] ?? 0) + count
}

/** By deployment and status, as in `gpt-4o 429`; minutes of nothing left out. */
function countsIn(minutes: DeploymentMinute[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const { deployment, byStatus } of minutes)
    for (const [status, count] of Object.entries(byStatus)) add(sums, `${deployment} ${status}`, count)
  return sums
}
const tokensIn = (minutes: DeploymentMinute[]) => minutes.reduce((sum, { tokens = 0 }) => sum + tokens, 0)

/** One account elsewhere, two of one region: read by itself, and read together. */
const accountsOf = (world: Monitored) => [
  { id: world.otherAccount, location: 'East US 2' },
  { id: world.account, location: 'eastus' },
  { id: world.at('CognitiveServices/accounts/contoso-open'), location: 'East US' },
]

/** Calls of every sort, counted by who made them; then all of them are seen. */
async function openCalled() {
  const world = await openMonitored()
  const deployment = (name: string, model: object, sku: object) =>
    world.put(`${world.account}/deployments/${name}`, { model }, { sku })
  const gpt = { format: 'OpenAI', name: 'gpt-4o', version: '2024-11-20' }
  deployment('ptu', gpt, { name: 'ProvisionedManaged', capacity: 15 })
  deployment(
    'reasoner',
    { format: 'DeepSeek', name: 'DeepSeek-R1', version: '1' },
    { name: 'GlobalStandard', capacity: 5000 },
  )
  // More series than Azure tells of unless asked for more.
  const others = Array.from({ length: 9 }, (_, index) => `other-${index}`)
  for (const name of others) deployment(name, gpt, { name: 'GlobalStandard', capacity: 10 })
  const counted: Record<string, number> = {}
  let tokens = 0
  for (const [name, calls] of [
    ...others.map((name) => [name, 1] as const),
    ['gpt-4o', 12],
    ['GPT-4O', 3],
    ['small', 6],
    ['ptu', 9],
    ['reasoner', 4],
  ] as const) {
    for (let call = 0; call < calls; call++) {
      const answer = await world.callModel(name)
      tokens += answer.tokens
      add(counted, `${name.toLowerCase()} ${answer.status}`, 1)
    }
    if (calls > 1) world.nextMinute()
  }
  await world.callModel('nobody')
  world.nextMinute(15)
  return { world, counted, tokens, app: await openInstallation(world) }
}

const metricsOf = ({ settings, credential }: Installation, nowMs?: () => number) =>
  openMetrics(settings, credential, nowMs)

test('answers, tokens and utilisation are those that callers counted, whatever the model’s maker', async () => {
  const { world, counted, tokens, app } = await openCalled()
  const told = await metricsOf(app).minutes(accountsOf(world), await app.last(30, 4))
  const minutes = minutesOf(told.get(world.account))
  expect(counted).toMatchObject({ 'gpt-4o 200': 15, 'small 429': expect.any(Number), 'reasoner 200': 4 })
  expect(countsIn(minutes)).toEqual(counted)
  expect(tokensIn(minutes)).toBe(tokens)
  const [ptu] = minutes.filter(({ deployment, tokens }) => deployment === 'ptu' && tokens)
  // 6 tokens in and 16 out that weigh four times as much, of 15 units of 2,500 a minute.
  expect(ptu?.utilisationPercent).toBeCloseTo((100 * 9 * (6 + 4 * 16)) / (15 * 2500), 6)
  expect(minutes.filter(({ deployment }) => deployment === 'small')[0]).not.toHaveProperty(
    'utilisationPercent',
  )
  expect(minutesOf(told.get(accountsOf(world)[2]?.id ?? ''))).toEqual([])
})

test('two reads for each account, or for all of a region; both ways say the same', async () => {
  const { world, app } = await openCalled()
  const [elsewhere, ...ofEast] = accountsOf(world)
  const span = await app.last(30)
  const metrics = metricsOf(app)
  await app.asked()
  const together = await metrics.minutes(accountsOf(world), span)
  const arm = `arm ${elsewhere?.id}/providers/Microsoft.Insights/metrics`
  const batch = `monitor eastus.metrics.monitor.azure.com/subscriptions/${app.subscriptionId}/metrics:getBatch`
  expect((await app.asked()).toSorted()).toEqual([arm, arm, batch, batch])
  for (const account of ofEast) {
    const alone = await metrics.minutes([account], span)
    expect(alone.get(account.id)).toEqual(together.get(account.id))
    const path = `arm ${account.id}/providers/Microsoft.Insights/metrics`
    expect(await app.asked()).toEqual([path, path])
  }
})

test.each([
  ['no such host', { unreached: 'ENOTFOUND' }],
  ['a firewall that swallows everything', { unreached: 'ETIMEDOUT' }],
  ['no right to it', { status: 403, body: { error: { code: 'AuthorizationFailed', message: 'No.' } } }],
])('a region that cannot be read together is read account by account for an hour: %s', async (_, does) => {
  const { world, counted, app } = await openCalled()
  const ofEast = accountsOf(world).slice(1)
  const span = await app.last(30)
  const fault = await app.fault({ plane: 'monitor', path: '^eastus\\.metrics', count: 'all' }, does)
  const struck = async () =>
    (await app.lab('GET', 'faults')).find(({ id }: { id: string }) => id === fault.id).struck
  let nowMs = 0
  const metrics = metricsOf(app, () => nowMs)
  const told = async () => countsIn(minutesOf((await metrics.minutes(ofEast, span)).get(world.account)))
  expect(await told()).toEqual(counted)
  const once = await struck()
  expect(once).toBeGreaterThan(0)
  await app.asked()
  nowMs += 59 * MINUTE_MS
  expect(await told()).toEqual(counted)
  expect((await app.asked()).map((line) => line.split(' ')[0])).toEqual(Array(4).fill('arm'))
  expect(await struck()).toBe(once)
  await app.lab('DELETE', `faults/${fault.id}`)
  nowMs += 2 * MINUTE_MS
  expect(await told()).toEqual(counted)
  expect((await app.asked()).map((line) => line.split(' ')[0])).toEqual(['monitor', 'monitor'])
})

test.each([
  [
    'an error',
    { status: 503, body: { error: { code: 'ServiceUnavailable', message: 'Later.' } } },
    503,
    'ServiceUnavailable',
  ],
  ['too many requests', { status: 429, headers: { 'retry-after': '17' }, body: {} }, 429, ''],
  ['a lost connection', { reset: true }, 0, 'NoAnswer'],
])('an outage is unreadable and never zero: %s', async (_, does, status, code) => {
  const { world, app } = await openCalled()
  await app.fault({ plane: 'arm', path: 'Microsoft.Insights/metrics', count: 'all' }, does)
  await app.fault({ plane: 'monitor', path: 'metrics:getBatch', count: 'all' }, does)
  const told = await metricsOf(app).minutes(accountsOf(world), await app.last(30))
  const failures = [...told.values()].map((one) => one.is === 'unreadable' && one.failure)
  expect(failures).toHaveLength(3)
  for (const failure of failures) expect(failure).toMatchObject({ status, code })
  if (status === 429) expect(failures[0]).toMatchObject({ retryAfterSeconds: 17 })
})

test('one account that is not there makes no other unreadable', async () => {
  const { world, counted, app } = await openCalled()
  const gone = { id: world.at('CognitiveServices/accounts/contoso-gone'), location: 'eastus' }
  const told = await metricsOf(app).minutes([...accountsOf(world).slice(1), gone], await app.last(30))
  expect(countsIn(minutesOf(told.get(world.account)))).toEqual(counted)
  expect(told.get(gone.id)).toMatchObject({
    is: 'unreadable',
    failure: { status: 404, code: 'ResourceNotFound' },
  })
})

test('half an answer is unreadable: answers are known and tokens are not', async () => {
  const { world, app } = await openCalled()
  await app.fault({ plane: 'arm', path: 'TokenTransaction' }, { status: 500 })
  const told = await metricsOf(app).minutes(
    [accountsOf(world)[1] ?? { id: '', location: '' }],
    await app.last(30),
  )
  expect(told.get(world.account)).toMatchObject({ is: 'unreadable', failure: { status: 500 } })
})

test('minutes without a value are left out, with whole minutes at both ends of the span', async () => {
  const { world, app } = await openCalled()
  const [account] = accountsOf(world).slice(1)
  if (!account) throw new Error('no account')
  const span = {
    fromMs: (await app.nowMs()) - 19.5 * MINUTE_MS,
    untilMs: (await app.nowMs()) - 0.5 * MINUTE_MS,
  }
  const read = async () => minutesOf((await metricsOf(app).minutes([account], span)).get(account.id))
  const all = await read()
  const ofOne = all.filter(({ deployment }) => deployment === 'gpt-4o').map(({ minuteMs }) => minuteMs)
  const first = Math.floor(span.fromMs / MINUTE_MS) * MINUTE_MS
  const until = Math.floor(span.untilMs / MINUTE_MS) * MINUTE_MS
  expect([ofOne[0], ofOne.length]).toEqual([first, (until - first) / MINUTE_MS])
  await app.fault({ path: 'accounts/contoso-eus$' }, { metricGapShare: 0.4 })
  const some = await read()
  expect(some.length).toBeGreaterThan(0)
  expect(some.length).toBeLessThan(all.length * 0.9)
  for (const { deployment, minuteMs, byStatus } of some)
    expect(all).toContainEqual(expect.objectContaining({ deployment, minuteMs, byStatus }))
})

test('traffic of the lab: the newest minutes are 0, and once they are old their sums are what clients counted', async () => {
  const world = await openMonitored({ bare: true })
  const app = await openInstallation(world)
  const accounts = accountsOf(world)
  await app.lab('POST', 'traffic', { start: storm(3) })
  await app.advance(5 * 60)
  const metrics = metricsOf(app)
  const read = async (span: { fromMs: number; untilMs: number }) =>
    [...(await metrics.minutes(accounts, span)).values()].flatMap(minutesOf)
  const running = await app.last(5)
  const newestIn = (minutes: DeploymentMinute[]) =>
    minutes.filter(({ minuteMs }) => minuteMs === Math.floor(running.untilMs / MINUTE_MS - 1) * MINUTE_MS)
  const early = newestIn(await read(running))
  await app.advance(25 * 60)
  expect(early[0]?.byStatus).toEqual({ 200: 0, 429: 0 })
  expect(countsIn(early)).toEqual({})
  expect(countsIn(newestIn(await read(running)))['gpt-4o 200']).toBeGreaterThan(0)

  const [run] = await app.lab('GET', 'traffic')
  expect(run).toMatchObject({ state: 'done', lost: 0 })
  expect(run.throttled).toBeGreaterThan(0)
  const minutes = await read(await app.last(40, 4))
  const ofClients = Object.entries(run.answers).map(([status, count]) => [`gpt-4o ${status}`, count])
  expect(countsIn(minutes)).toEqual(Object.fromEntries(ofClients))
  expect(tokensIn(minutes)).toBe(run.promptTokens + run.completionTokens)
})
