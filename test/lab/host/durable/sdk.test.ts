import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appDir, type Host, startHost, temporaryDir } from './host.ts'

const hub = temporaryDir()
const dayS = 24 * 3600
let host: Host

beforeAll(async () => {
  host = await startHost({ app: appDir('behaviours'), file: hub.file })
})
afterAll(async () => {
  await host.kill()
  hub[Symbol.dispose]()
})

describe('orchestrations', () => {
  test('continue as new many times under one id, and the custom status stays', async () => {
    const ended = await host.run('countsDown', 'can', { left: 60, sum: 0 })
    expect(ended).toMatchObject({
      runtimeStatus: 'Completed',
      output: 60 * 61,
      customStatus: { startedAt: 60 },
      input: { left: 1, sum: 60 * 61 - 2 },
    })
    const history = (await host.status('can', 'showHistory=true')).historyEvents
    expect(history?.map((event) => event['EventType'])).toEqual([
      'ExecutionStarted',
      'TaskCompleted',
      'ExecutionCompleted',
    ])
  })

  test('a text given to continue-as-new comes back in quotes', async () => {
    expect((await host.run('continuesWithText', 'can-text', 'first')).output).toBe('"second"')
  })

  test('a failure of the orchestrator is told as Azure tells it', async () => {
    const failed = await host.run('fails', 'fails', 'no quota')
    expect(failed).toMatchObject({
      runtimeStatus: 'Failed',
      output: "Orchestrator function 'fails' failed: no quota",
    })
    expect((await host.call('GET', 'instances/fails')).status).toBe(200)
    expect((await host.call('GET', 'instances/fails?returnInternalServerErrorOnFailure=true')).status).toBe(
      500,
    )
  })

  test('an error without a message fails, where Azure would hang, and says so', async () => {
    expect((await host.run('fails', 'fails-silently', '')).output).toContain('would stay Running for ever')
  })

  test('a custom status just under 17 KB of UTF-16 passes, one byte pair more fails', async () => {
    const longest = (17 * 1024) / 2 - 1 - '""'.length
    expect((await host.run('setsStatus', 'status-fits', longest)).output).toBe('fine')
    const failed = await host.run('setsStatus', 'status-too-long', longest + 1)
    expect(failed).toMatchObject({ runtimeStatus: 'Failed', customStatus: null })
    expect(failed.output).toBe(
      "Orchestrator function 'setsStatus' failed: The UTF-16 size of the JSON-serialized payload must not exceed 16 KB. " +
        'The current payload size is 17 KB.',
    )
  })
})

describe('activities', () => {
  test('inputs arrive as the .NET host encodes them: booleans become "True" and "False"', async () => {
    const values = [5, '5', 'abc', 'true', true, false, null, [1], { a: true }, '']
    const seen = (await host.run('echoes', 'echoes', values)).output as unknown[]
    expect(seen).toEqual([
      { type: 'number', value: 5 },
      { type: 'string', value: '5' },
      { type: 'string', value: 'abc' },
      { type: 'string', value: 'true' },
      { type: 'string', value: 'True' },
      { type: 'string', value: 'False' },
      { type: 'undefined', value: null },
      { type: 'object', value: [1] },
      { type: 'object', value: { a: true } },
      { type: 'string', value: '' },
      { type: 'undefined', value: null },
      null,
    ])
  })

  test('a failure reaches the orchestrator with Azure’s wording', async () => {
    const { output } = await host.run('catchesFailure', 'catches')
    const [reason, details] = String(output).split(' \n ')
    expect(reason).toBe("Activity function 'boom' failed:  it always fails")
    expect(JSON.parse(details ?? '')).toMatchObject({ Message: ' it always fails' })
  })

  test('one that does not exist fails the orchestration by name', async () => {
    expect((await host.run('callsNobody', 'nobody')).output).toContain("The function 'nobody' doesn't exist")
  })
})

describe('timers', () => {
  test.each([0, 1, 2400, 6 * dayS, 6 * dayS + 1, 20 * dayS])(
    '%i seconds pass in no time',
    async (seconds) => {
      const { output } = await host.run('waits', `waits-${seconds}`, seconds)
      expect(output).toBeGreaterThanOrEqual(seconds)
      expect(output).toBeLessThan(seconds + 2)
    },
  )

  test('a timer of twenty days is five steps of three days and the rest', async () => {
    await host.run('waits', 'steps', 20 * dayS)
    const history = (await host.status('steps', 'showHistory=true')).historyEvents ?? []
    expect(history.filter((event) => event['EventType'] === 'TimerFired')).toHaveLength(6)
  })

  test('an orchestrator that returned runs on until its open timer has fired, unless it cancels it', async () => {
    const open = await host.run('leavesTimerOpen', 'open')
    const lasted = Date.parse(open.lastUpdatedTime) - Date.parse(open.createdTime)
    expect(lasted).toBeGreaterThanOrEqual(3600_000)
    const cancelled = await host.run('leavesTimerOpen', 'cancelled', 'cancel')
    expect(Date.parse(cancelled.lastUpdatedTime) - Date.parse(cancelled.createdTime)).toBeLessThan(60_000)
  })
})

describe('what the product does not use fails by name', () => {
  test.each([
    'callActivityWithRetry',
    'callSubOrchestrator',
    'callSubOrchestratorWithRetry',
    'waitForExternalEvent',
    'callEntity',
    'signalEntity',
    'lock',
    'callHttp',
  ])('%s', async (feature) => {
    const failed = await host.run('usesFeature', `uses-${feature}`, feature)
    expect(failed.runtimeStatus).toBe('Failed')
    expect(failed.output).toContain(
      `Orchestrator function 'usesFeature' failed: the lab's Functions host does not play ${feature}`,
    )
  })

  test('also deep inside Task.all and Task.any, at once', async () => {
    expect((await host.run('usesFeature', 'uses-nested', 'nested')).output).toContain('waitForExternalEvent')
  })
})

describe('the SDK’s client', () => {
  let calls = 0
  async function client(method: string, ...args: unknown[]) {
    calls += 1
    return (await host.run('callsClient', `client-${calls}`, { method, args })).output as Record<
      string,
      unknown
    >
  }

  test('starts, and without input the orchestrator gets the empty text', async () => {
    expect(await client('startNew', 'returnsInput', { instanceId: 'started', input: { a: 1 } })).toEqual({
      returned: 'started',
    })
    expect((await host.ended('started')).output).toEqual({ a: 1 })
    await client('startNew', 'returnsInput', { instanceId: 'no-input' })
    expect((await host.ended('no-input')).output).toBe('')
  })

  test('is refused a start of a live id, and may start a finished one again', async () => {
    await host.start('waits', 'live', 1e9)
    const { rejected } = await client('startNew', 'waits', { instanceId: 'live', input: 1 })
    expect(rejected).toContain('An Orchestration instance with the status Running already exists.')
    await client('terminate', 'live', 'enough')
    expect(await host.ended('live')).toMatchObject({ runtimeStatus: 'Terminated', output: 'enough' })
    await client('startNew', 'returnsInput', { instanceId: 'live', input: 'again' })
    expect(await host.ended('live')).toMatchObject({ name: 'returnsInput', output: 'again' })
  })

  test('reads status, lists by status and purges', async () => {
    await host.run('returnsInput', 'read-me', 'x')
    const { returned } = await client('getStatus', 'read-me')
    expect(returned).toMatchObject({ name: 'returnsInput', runtimeStatus: 'Completed', output: 'x' })
    const failed = (await client('getStatusBy', { runtimeStatus: ['Failed'] }))['returned'] as unknown[]
    expect(failed.length).toBeGreaterThan(5)
    expect(await client('purgeInstanceHistory', 'read-me')).toEqual({ returned: { instancesDeleted: 1 } })
    expect(await client('purgeInstanceHistory', 'read-me')).toEqual({ returned: { instancesDeleted: 0 } })
    expect((await client('getStatus', 'read-me'))['rejected']).toContain('404')
  })

  test.each([
    ['raiseEvent', 'approve', null],
    ['suspend', 'why'],
    ['resume', 'why'],
    ['rewind', 'why'],
  ])('is told by name that %s is not played', async (method, ...args) => {
    const { rejected } = await client(method, 'any', ...args)
    expect(rejected).toContain(`The lab's Functions host does not play ${method}`)
  })
})
