import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appDir, type Host, type Status, startHost, temporaryDir } from './host.ts'

const hub = temporaryDir()
const dayS = 24 * 3600
const past = 'createdTimeFrom=2020-01-01T00:00:00Z'
let host: Host

/** Finished, failed and live ones, named so that they sort. */
beforeAll(async () => {
  host = await startHost({ app: appDir('behaviours'), file: hub.file, clock: 'wall' })
  for (const id of ['done-1', 'done-2', 'done-3', 'done-4', 'done-5']) await host.run('returnsInput', id, id)
  await host.run('fails', 'fails-1', 'no')
  await host.start('waits', 'live-1', dayS)
  await host.start('stuck', 'live-2')
})
afterAll(async () => {
  await host.kill()
  hub[Symbol.dispose]()
})

const ids = (body: unknown) => (body as Status[]).map(({ instanceId }) => instanceId)

describe('start', () => {
  test('answers 202 with the addresses of the instance, and makes up an id when none is given', async () => {
    const { status, body, headers } = await host.call('POST', 'orchestrators/RETURNSINPUT', 1)
    expect(status).toBe(202)
    const { id, statusQueryGetUri } = body as { id: string; statusQueryGetUri: string }
    expect(id).toMatch(/^[0-9a-f]{32}$/)
    expect(headers.get('location')).toBe(statusQueryGetUri)
    expect((await host.ended(id)).name).toBe('returnsInput')
    await host.call('DELETE', `instances/${id}`)
  })

  test('refuses what Azure refuses', async () => {
    expect((await host.start('nobody', 'x')).status).toBe(400)
    expect((await host.start('returnsInput', '@x')).status).toBe(400)
    expect((await host.start('returnsInput', 'a/b')).status).toBe(400)
    expect((await host.start('returnsInput', 'x'.repeat(101))).status).toBe(400)
    const { status, body } = await host.start('returnsInput', 'live-1')
    expect([status, body]).toEqual([
      409,
      { Message: 'An Orchestration instance with the status Running already exists.' },
    ])
  })
})

describe('status', () => {
  test('of a live one is 202 with where to ask again, of a finished one 200, of none 404', async () => {
    const live = await host.call('GET', 'instances/live-1')
    expect([live.status, live.headers.get('retry-after')]).toEqual([202, '5'])
    expect(live.headers.get('location')).toContain('/instances/live-1')
    expect(live.body).toMatchObject({
      runtimeStatus: 'Running',
      input: dayS,
      output: null,
      customStatus: null,
    })
    expect((await host.call('GET', 'instances/done-1')).status).toBe(200)
    expect((await host.call('GET', 'instances/none')).status).toBe(404)
  })

  test('shows input, history and outputs as asked; times are whole seconds', async () => {
    const seen = await host.status('done-1', 'showInput=false')
    expect(seen).toMatchObject({ input: null, output: 'done-1' })
    expect(seen.createdTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    const { historyEvents } = await host.status('done-1', 'showHistory=true&showHistoryOutput=true')
    expect(historyEvents).toMatchObject([
      { EventType: 'ExecutionStarted', FunctionName: 'returnsInput', Input: '"done-1"' },
      { EventType: 'ExecutionCompleted', OrchestrationStatus: 'Completed', Result: 'done-1' },
    ])
  })

  test('history has an activity that ended once, at its end, and one that has not at its beginning', async () => {
    const failed = await host.status('fails-1', 'showHistory=true')
    expect(failed.historyEvents).toMatchObject([
      { EventType: 'ExecutionStarted' },
      { EventType: 'TaskCompleted', FunctionName: 'double', ScheduledTime: expect.any(String) },
      { EventType: 'ExecutionCompleted', OrchestrationStatus: 'Failed' },
    ])
    expect(failed.historyEvents?.[1]).not.toHaveProperty('Result')
    expect((await host.status('live-2', 'showHistory=true')).historyEvents?.[1]).toMatchObject({
      EventType: 'TaskScheduled',
      Name: 'slow',
    })
  })
})

describe('the list', () => {
  test('comes in pages, by continuation token', async () => {
    const seen: string[] = []
    let token: string | null = null
    let pages = 0
    do {
      const headers: Record<string, string> = token ? { 'x-ms-continuation-token': token } : {}
      const reply = await host.call('GET', 'instances/?top=3', undefined, headers)
      seen.push(...ids(reply.body))
      token = reply.headers.get('x-ms-continuation-token')
      pages += 1
    } while (token)
    expect(pages).toBe(3)
    expect(seen).toEqual(['done-1', 'done-2', 'done-3', 'done-4', 'done-5', 'fails-1', 'live-1', 'live-2'])
  })

  test.each([
    ['runtimeStatus=Running', ['live-1', 'live-2']],
    ['runtimeStatus=Failed,Running', ['fails-1', 'live-1', 'live-2']],
    ['instanceIdPrefix=done-&top=2', ['done-1', 'done-2']],
    ['createdTimeFrom=2999-01-01T00:00:00Z', []],
    ['createdTimeTo=2020-01-01T00:00:00Z', []],
    [`${past}&runtimeStatus=Failed`, ['fails-1']],
  ])('is filtered by %s', async (query, expected) => {
    expect(ids((await host.call('GET', `instances/?${query}`)).body)).toEqual(expected)
  })

  test('leaves inputs out when asked', async () => {
    const [one] = (await host.call('GET', 'instances/?showInput=false&top=1')).body as Status[]
    expect(one?.input).toBe(null)
  })
})

describe('terminate and purge', () => {
  test('a live one cannot be purged', async () => {
    const { status, body } = await host.call('DELETE', 'instances/live-1')
    expect(status).toBe(412)
    expect(body).toContain('live-1 has status Running')
  })

  test('terminate ends a live one, even under an activity that never does, with its reason', async () => {
    expect((await host.call('POST', 'instances/none/terminate?reason=x')).status).toBe(404)
    expect((await host.call('POST', 'instances/done-1/terminate?reason=x')).status).toBe(410)
    for (const id of ['live-1', 'live-2']) {
      expect((await host.call('POST', `instances/${id}/terminate?reason=enough`)).status).toBe(202)
      expect(await host.ended(id)).toMatchObject({ runtimeStatus: 'Terminated', output: 'enough' })
    }
  })

  test('purge by filter takes finished ones only, and needs a time to begin with', async () => {
    await host.start('waits', 'live-3', dayS)
    expect((await host.call('DELETE', 'instances/?runtimeStatus=Completed')).status).toBe(400)
    const terminated = await host.call('DELETE', `instances/?${past}&runtimeStatus=Terminated`)
    expect(terminated.body).toEqual({ instancesDeleted: 2 })
    expect((await host.call('DELETE', `instances/?${past}&runtimeStatus=Terminated`)).status).toBe(404)
    expect((await host.call('DELETE', 'instances/done-1')).body).toEqual({ instancesDeleted: 1 })
    expect((await host.call('DELETE', 'instances/done-1')).status).toBe(404)
    expect((await host.call('DELETE', `instances/?${past}`)).body).toEqual({ instancesDeleted: 5 })
    expect(ids((await host.call('GET', 'instances/')).body)).toEqual(['live-3'])
  })
})

describe('what is not played', () => {
  test.each([
    ['POST', 'instances/live-3/raiseEvent/approve', 'raiseEvent'],
    ['POST', 'instances/live-3/suspend?reason=x', 'suspend'],
    ['POST', 'instances/live-3/resume?reason=x', 'resume'],
    ['POST', 'instances/live-3/rewind?reason=x', 'rewind'],
    ['POST', 'instances/live-3/restart', 'restart'],
    ['GET', 'entities/counter/one', 'entities'],
    ['POST', 'entities/counter/one?op=add', 'entities'],
  ])('%s %s is answered 501 with its name', async (method, path, feature) => {
    const { status, body } = await host.call(method, path)
    expect([status, body]).toEqual([501, expect.stringContaining(feature)])
  })

  test('an unknown path is 404', async () => {
    expect((await host.call('GET', 'orchestrators/returnsInput')).status).toBe(404)
    expect((await host.call('POST', 'instances/live-3/levitate')).status).toBe(404)
  })
})
