import { beforeEach, expect, test, vi } from 'vitest'
import { sharesOf } from '../../src/gateway/shares.ts'
import { decideWeights } from '../../src/rebalance/decide-weights.ts'
import { setWeights } from '../../src/rebalance/set-weights.ts'
import { documentOf, eus, eus2, type Here, openWorld, watched } from './world.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  return () => vi.useRealTimers()
})

/** The larger region takes a third of what its quota says, and half of the calls are too many for it. */
async function throttled(mode: 'shadow' | 'auto' = 'auto'): Promise<Here> {
  const here = await openWorld(documentOf(mode))
  here.plant.capacity['contoso-eus'] = 30_000
  here.plant.demand['gpt-4o'] = 55_000
  return here
}

test('weights follow what the members admit, and each write is recorded with its evidence, why and effect', async () => {
  const here = await throttled()
  const before = sharesOf(here.live())
  await here.play(40)
  const after = sharesOf(here.live())
  expect(before[eus]).toBeGreaterThan(0.75)
  expect(after[eus]).toBeGreaterThan(0.4)
  expect(after[eus]).toBeLessThan(0.6)
  const written = (await here.moves()).filter(({ state }) => state === 'written')
  expect(written.length).toBe(here.azure.puts.length)
  expect(written.length).toBeGreaterThan(0)
  for (const decision of written)
    expect(decision).toMatchObject({
      before: expect.objectContaining({ [eus]: expect.any(Number) }),
      etag: expect.any(String),
      writtenMs: expect.any(Number),
      readBackMs: expect.any(Number),
      why: expect.stringMatching(/contoso-eus/),
      expected: expect.stringMatching(/would have turned away/),
      evidence: { totals: { [eus]: expect.objectContaining({ throttled: expect.any(Number) }) } },
    })
  expect(written[0]?.grade).toMatchObject({ grade: 'helped', why: expect.stringMatching(/lost before/) })
})

test('only the weights of members change; what strangers put on the pool travels back', async () => {
  const here = await throttled()
  const body = here.azure.bodies.get(here.subject.id.toLowerCase()) as { properties: Record<string, unknown> }
  body.properties['failureResponse'] = { statusCode: 429 }
  const asked = structuredClone(body)
  await here.play(12)
  expect(here.azure.puts.length).toBeGreaterThan(0)
  const [sent] = here.azure.puts as (typeof asked & { properties: { pool: { services: object[] } } })[]
  expect(sent?.properties['failureResponse']).toEqual({ statusCode: 429 })
  const bare = (one: unknown) => JSON.stringify(one).replaceAll(/"weight":\d+/g, '"weight"')
  expect(bare(sent)).toBe(bare(asked))
})

test('a quiet pool writes nothing, and its holds are one row', async () => {
  const here = await openWorld(documentOf('auto'))
  await here.play(60)
  here.plant.demand['gpt-4o'] = 0
  await here.play(60)
  expect(here.azure.puts).toEqual([])
  const rows = await here.decisions()
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject({ state: 'held', reason: 'law', times: 120 })
})

test('shadow writes nothing, goes on from its own weights, and is judged by what happened', async () => {
  const here = await throttled('shadow')
  const before = here.live()
  await here.play(40)
  expect(here.azure.puts).toEqual([])
  expect(here.live()).toEqual(before)
  const moves = await here.moves()
  expect(moves.length).toBeGreaterThan(1)
  expect(moves.every(({ state }) => state === 'shadow')).toBe(true)
  expect(moves[1]?.before, 'its own chain').toEqual({ ...moves[0]?.before, ...moves[0]?.after })
  expect(sharesOf((await here.row())?.shadow ?? {})[eus]).toBeLessThan(0.6)
  expect(moves[0]?.grade).toMatchObject({
    grade: 'helped',
    why: expect.stringMatching(/would have turned away/),
  })
})

test('somebody else’s weights stay for a day, are told of, and are the base when released', async () => {
  const here = await throttled()
  await here.play(20)
  const writes = here.azure.puts.length
  here.edit({ [eus]: 10, [eus2]: 90 })
  await here.play(30)
  expect(here.azure.puts.length, 'nothing is overwritten').toBe(writes)
  expect(here.live()).toEqual({ [eus]: 10, [eus2]: 90 })
  expect((await here.row())?.hold).toMatchObject({
    reason: 'edited',
    found: { [eus]: 10, [eus2]: 90 },
    message: expect.stringMatching(/somebody else/),
  })
  vi.setSystemTime(Date.now() + 24 * 3_600_000)
  await here.play(12)
  expect((await here.row())?.hold, 'it has expired').toBe(undefined)
  expect(here.azure.puts.length).toBeGreaterThan(writes)
})

test('born weights put back by a repair are ours', async () => {
  const here = await throttled()
  const born = here.live()
  await here.play(20)
  here.edit(born)
  await here.play(3)
  expect((await here.row())?.hold).toBe(undefined)
})

test('a change of the pool between deciding and writing is never overwritten', async () => {
  const here = await throttled()
  here.azure.beforePut = () => {
    here.azure.beforePut = () => {}
    here.azure.version++
  }
  for (let minute = 0; minute < 20 && (await here.moves()).length === 0; minute++) await here.play(1)
  expect(await here.moves()).toMatchObject([{ state: 'lost', why: expect.stringMatching(/412/) }])
  expect((await here.row())?.memories['1']?.writesMs, 'the law does not wait for it').toEqual([])
  await here.play(8)
  expect(here.azure.puts.length, 'the next turn looks afresh').toBeGreaterThan(0)
})

test.each([
  [409, 'lost'],
  [429, 'lost'],
  [503, 'lost'],
  [403, 'refused'],
])('Azure’s %i ends a decision as %s, at the first try', async (status, state) => {
  const here = await throttled()
  let calls = 0
  here.azure.beforePut = () => void calls++
  here.azure.refuses = { status, code: 'Said', message: 'no' }
  for (let minute = 0; minute < 20 && (await here.moves()).length === 0; minute++) await here.play(1)
  expect(await here.moves()).toMatchObject([{ state }])
  expect(calls).toBe(1)
  await here.play(10)
  if (state === 'refused') expect(calls, 'an hour is waited').toBe(1)
  else expect(calls).toBeGreaterThan(1)
})

test('a write whose answer never came is known by the pool itself: it was not carried out', async () => {
  const here = await throttled()
  here.azure.refuses = { status: 0, code: 'NoAnswer', message: 'reset' }
  for (let minute = 0; minute < 20 && (await here.moves()).length === 0; minute++) await here.play(1)
  expect(await here.moves()).toMatchObject([{ state: 'decided' }])
  here.azure.refuses = undefined
  await here.play(3)
  expect((await here.moves())[0]).toMatchObject({ state: 'not written' })
})

test('a write whose answer never came is known by the pool itself: it was carried out', async () => {
  const here = await throttled()
  here.azure.afterPut = () => {
    throw new Error('the answer is lost')
  }
  for (let minute = 0; minute < 20 && here.azure.puts.length === 0; minute++) {
    here.advance(1)
    await here.turn().catch(() => undefined)
  }
  expect(await here.moves()).toMatchObject([{ state: 'decided' }])
  here.azure.afterPut = () => {}
  await here.play(1)
  expect(await here.moves()).toMatchObject([{ state: 'written' }])
  expect((await here.row())?.hold, 'it is not a stranger’s').toBe(undefined)
})

test('two turns at once: one counts', async () => {
  const here = await throttled()
  for (let minute = 0; minute < 20; minute++) {
    here.advance(1)
    const turns = await Promise.all([here.turn(), here.turn()])
    expect(turns.filter(({ write }) => write !== undefined).length).toBeLessThan(2)
  }
  const moves = await here.moves()
  expect(moves.filter(({ state }) => state === 'written')).toHaveLength(here.azure.puts.length)
  expect(moves.every(({ state }) => state === 'written')).toBe(true)
})

test('an order handed over again after its write, the record of which was lost, finds it done', async () => {
  const here = await throttled()
  const dead = () => Promise.reject(new Error('the process is dead'))
  for (let minute = 0; minute < 20 && here.azure.puts.length === 0; minute++) {
    here.advance(1)
    const { write } = await decideWeights(here.world(), watched)
    if (write === undefined) continue
    const order = { ...watched, decision: write }
    const world = here.world()
    const store = { ...world.store, balance: { ...world.store.balance, replace: dead } }
    await expect(setWeights({ ...world, store }, order)).rejects.toThrow('dead')
    here.azure.tags = { 'ops-pause': 'true' }
    expect(await setWeights(here.world(), order), 'whatever holds back the next write').toEqual({
      is: 'written',
    })
  }
  expect(here.azure.puts).toHaveLength(1)
  expect(await here.moves()).toMatchObject([{ state: 'written', readBackMs: expect.any(Number) }])
})

test('an order for another decision than the open one writes nothing', async () => {
  const here = await throttled()
  await here.play(20)
  const writes = here.azure.puts.length
  const id = (await here.moves())[0]?.id ?? ''
  expect(await setWeights(here.world(), { ...watched, decision: id })).toEqual({ is: 'closed' })
  expect(here.azure.puts.length).toBe(writes)
})

test('metrics that are lost for long are said, and the shares go back to the quotas', async () => {
  const here = await throttled()
  await here.play(30)
  expect(sharesOf(here.live())[eus]).toBeLessThan(0.6)
  here.azure.blind = true
  await here.play(10)
  expect((await here.decisions()).at(-1)).toMatchObject({
    reason: 'metrics unreadable',
    why: expect.stringMatching(/no metrics/),
  })
  await here.play(20)
  expect(sharesOf(here.live())[eus]).toBeGreaterThan(0.7)
  expect((await here.moves()).at(-1)).toMatchObject({
    state: 'written',
    expected: expect.stringMatching(/nothing was measured/),
  })
})

test('metrics that contradict themselves move nothing', async () => {
  const here = await throttled()
  here.azure.garbles = (byStatus) => ({ ...byStatus, 200: byStatus[429] ? -5 : (byStatus[200] ?? 0) })
  await here.play(14)
  expect(here.azure.puts).toEqual([])
})

test('an environment that nobody describes is left alone', async () => {
  const here = await throttled()
  expect(await decideWeights(here.world(), { environment: 'fabrikam', pool: 'gpt-4o' })).toEqual({
    busy: false,
    over: true,
  })
  expect(here.azure.lists).toBe(0)
})
