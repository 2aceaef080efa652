import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type PolicySpec, usualPolicy, usualRequestIdHeader } from '../../../src/gateway/policy-spec.ts'
import { simple } from '../../gateway/specs.ts'
import { openTraffic } from './traffic-world.ts'

/** A trace as a file: so many seconds after its first request, prompt and answer tokens. */
function traceFile(...requests: [seconds: number, context: number, generated: number][]): string {
  const folder = mkdtempSync(join(tmpdir(), 'trace-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'trace.csv')
  const lines = requests.map(([seconds, context, generated]) => {
    const moment = new Date(Date.UTC(2023, 10, 16, 18) + seconds * 1000).toISOString()
    return `${moment.slice(0, 23).replace('T', ' ')}0000,${context},${generated}`
  })
  writeFileSync(path, ['TIMESTAMP,ContextTokens,GeneratedTokens', ...lines].join('\n'))
  return path
}

const limited: PolicySpec = {
  ...usualPolicy,
  form: 'full',
  pool: 'gpt-4o',
  requestIdHeader: usualRequestIdHeader,
  rateLimit: { calls: 200, windowSeconds: 60 },
}

const sumOf = (by: Record<string, number>) => Object.values(by).reduce((sum, count) => sum + count, 0)
const secondsBetween = (from: string | null, to: string | null) =>
  (Date.parse(to ?? '') - Date.parse(from ?? '')) / 1000

describe('a trace', () => {
  test('is replayed at its own moments, with prompts and answers as long as it says', async () => {
    const world = await openTraffic()
    const id = world.start({
      trace: traceFile([0, 374, 44], [4.3145, 396, 109], [60, 879, 55]),
    })
    await world.advance(30)
    expect(world.run(id)).toMatchObject({ sent: 2, succeeded: 2, done: false })
    await world.advance(90)
    const run = world.run(id)
    expect(run).toMatchObject({
      state: 'done',
      sent: 3,
      succeeded: 3,
      attempts: 3,
      retries: 0,
      failed: {},
      promptTokens: 374 + 396 + 879,
      completionTokens: 44 + 109 + 55,
    })
    expect(secondsBetween(run.firstAt, run.lastAt)).toBeGreaterThan(60)
    expect(secondsBetween(run.firstAt, run.lastAt)).toBeLessThan(70)
  })

  test('an answer counts from when it has been read, not from when it was asked for', async () => {
    const world = await openTraffic()
    const id = world.start({ trace: traceFile([0, 10, 1000]) })
    await world.advance(1)
    expect(world.run(id)).toMatchObject({ sent: 1, attempts: 1, succeeded: 0, underWay: 1, done: false })
    await world.advance(60)
    expect(world.run(id)).toMatchObject({ succeeded: 1, underWay: 0, done: true, completionTokens: 1000 })
  })

  test('streamed calls are read to the end, and counted like the others', async () => {
    const world = await openTraffic()
    const trace = traceFile([0, 100, 20], [1, 100, 30], [2, 100, 40], [3, 100, 50])
    const id = world.start({ trace, stream: 0.5 })
    await world.advance(120)
    expect(world.run(id)).toMatchObject({ succeeded: 4, promptTokens: 400, completionTokens: 140 })
  })

  test('max_tokens follows the trace, or is as it is told, or is not said', async () => {
    const world = await openTraffic()
    const trace = traceFile([0, 100, 300])
    const tokens = async (maxTokens: 'generated' | 'unsaid' | number) => {
      const id = world.start({ trace, maxTokens })
      await world.advance(70)
      return world.run(id).completionTokens
    }
    expect([await tokens('generated'), await tokens('unsaid'), await tokens(120)]).toEqual([300, 300, 120])
  })

  test('is thinned and superposed to the rate that is wanted, by each of several clients', async () => {
    const world = await openTraffic()
    const trace = { synthetic: 'conversation', minutes: 4, seed: 3 } as const
    const sent = async (scale: number, clients = 1) => {
      const id = world.start({ trace, scale, clients, retries: 0 })
      await world.advance(270)
      return world.run(id).sent
    }
    const once = await sent(1)
    for (const [scale, clients] of [
      [0.2, 1],
      [1.5, 1],
      [0.2, 3],
    ] as const)
      expect(Math.abs((await sent(scale, clients)) / (once * scale * clients) - 1)).toBeLessThan(0.1)
  })
})

describe('clients', () => {
  test('wait as long as they are told, on the virtual clock', async () => {
    const world = await openTraffic()
    const told = { status: 429, headers: { 'retry-after': '37' }, body: {} }
    world.faults.add({ match: { plane: 'gateway', from: 1, count: 2, share: 1 }, do: told })
    const id = world.start({ trace: traceFile([0, 100, 10]) })
    await world.advance(50)
    expect(world.run(id)).toMatchObject({ attempts: 2, answers: { 429: 2 }, underWay: 1 })
    await world.advance(50)
    const run = world.run(id)
    expect(run).toMatchObject({
      succeeded: 1,
      attempts: 3,
      retries: 2,
      throttled: 2,
      answers: { 200: 1, 429: 2 },
    })
    expect(secondsBetween(run.firstAt, run.lastAt)).toBeGreaterThanOrEqual(74)
    expect(secondsBetween(run.firstAt, run.lastAt)).toBeLessThan(76)
  })

  test('give up after so many retries, and what they heard last is what it failed with', async () => {
    const world = await openTraffic()
    world.faults.add({
      match: { plane: 'gateway', from: 1, count: 'all', share: 1 },
      do: { unreached: 'ECONNREFUSED' },
    })
    const id = world.start({ trace: traceFile([0, 100, 10], [1, 100, 10]), retries: 4 })
    await world.advance(60)
    expect(world.run(id)).toMatchObject({
      state: 'done',
      succeeded: 0,
      attempts: 10,
      retries: 8,
      failed: { ECONNREFUSED: 2 },
    })
  })

  test('what is broken off in the middle of the body is not tried again', async () => {
    const world = await openTraffic()
    const match = { plane: 'gateway', from: 1, count: 1, share: 1 }
    world.faults.add({ match, do: { breakAfterBytes: 100 } })
    const id = world.start({ trace: traceFile([0, 100, 10]), stream: 1 })
    await world.advance(60)
    expect(world.run(id)).toMatchObject({ attempts: 1, failed: { 'broken off': 1 } })
  })

  test('stand in the subnet they are put in', async () => {
    const world = await openTraffic()
    const id = world.start({ trace: traceFile([0, 100, 10]), from: 'internet', retries: 0 })
    await world.advance(60)
    expect(world.run(id)).toMatchObject({ succeeded: 0, failed: { ENOTFOUND: 1 } })
  })

  test('need a key that is good', async () => {
    const world = await openTraffic()
    const trace = traceFile([0, 100, 10])
    const answers = async (key: string) => {
      const id = world.start({ trace, key })
      await world.advance(20)
      return world.run(id).answers
    }
    expect([await answers('clients'), await answers('a-wrong-key')]).toEqual([{ 200: 1 }, { 401: 1 }])
  })
})

describe('a storm', () => {
  test.each([
    ['simple', simple],
    ['full', limited],
  ])('over a pool that is too small adds up, and gateways saw every attempt (%s policy)', async (_, form) => {
    const world = await openTraffic({ form })
    const atGateway = world.watch('gateway')
    const atModels = world.watch('model')
    const id = world.start({ trace: { synthetic: 'conversation', minutes: 10, seed: 1 } })
    await world.advance(900)
    const run = world.run(id)
    expect(run).toMatchObject({ state: 'done', underWay: 0, lost: 0 })
    expect(run.sent).toBeGreaterThan(2000)
    expect(run.sent).toBe(run.succeeded + sumOf(run.failed))
    expect(run.attempts).toBe(run.sent + run.retries)
    expect(run.attempts).toBe(sumOf(run.answers))
    expect(run.attempts).toBe(atGateway())
    expect(run.answers['200']).toBe(run.succeeded)
    expect(atModels()).toBeGreaterThanOrEqual(run.succeeded)
    expect(run.succeeded).toBeGreaterThan(0)
    expect((run.answers['429'] ?? 0) + (run.answers['503'] ?? 0)).toBeGreaterThan(run.sent)
  })

  test('of a quarter of an hour does not take one', async () => {
    const world = await openTraffic()
    world.start({ trace: { synthetic: 'conversation', minutes: 15, seed: 2 } })
    const begunMs = performance.now()
    await world.advance(900)
    expect(performance.now() - begunMs).toBeLessThan(90_000)
  })
})

describe('runs', () => {
  test('go on beside each other, each with its own figures', async () => {
    const world = await openTraffic()
    const [one, other] = [
      world.start({ name: 'one', trace: traceFile([0, 100, 10], [5, 100, 10]) }),
      world.start({ name: 'other', trace: traceFile([2, 100, 20]) }),
    ]
    await world.advance(60)
    expect([world.run(one), world.run(other)]).toMatchObject([
      { id: 'one', succeeded: 2, completionTokens: 20 },
      { id: 'other', succeeded: 1, completionTokens: 20 },
    ])
  })

  test('stop when told: no call more', async () => {
    const world = await openTraffic()
    const id = world.start({ scale: 0.1 })
    await world.advance(60)
    expect(world.traffic.stop(id)).toBe(true)
    const stopped = world.run(id)
    await world.advance(120)
    expect(world.run(id)).toEqual(stopped)
    expect(stopped).toMatchObject({ state: 'stopped', done: true, underWay: 0 })
    expect(stopped.sent).toBeGreaterThan(0)
    expect(world.traffic.stop('nobody')).toBe(false)
  })

  test('that name what is not there do not start', async () => {
    const world = await openTraffic()
    expect(() => world.start({ gateway: 'nobody' })).toThrow('there is no gateway nobody')
    expect(() => world.start({ api: 'nothing' })).toThrow('contoso-apim has no API nothing')
    expect(() => world.start({ from: 'snet-none' })).toThrow('there is no subnet snet-none')
    expect(() => world.start({ trace: '/nowhere/trace.csv' })).toThrow(/ENOENT/)
    world.start({ name: 'twice' })
    expect(() => world.start({ name: 'twice' })).toThrow('twice is running')
  })
})
