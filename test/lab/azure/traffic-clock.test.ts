import { expect, onTestFinished, test } from 'vitest'
import { createAgenda, type Due } from '../../../lab/azure/agenda.ts'
import { createClock } from '../../../lab/azure/clock.ts'
import { openStore } from '../../../lab/azure/store.ts'
import { createTimekeeper } from '../../../lab/azure/timekeeper.ts'

/** The clock under traffic: chains of due moments whose work is asynchronous. */

const NOW = Date.parse('2026-06-01T00:00:00Z')

function openChain(
  work: (at: number, round: number) => void | Promise<void>,
  { speed = 'max', wall = () => NOW }: { speed?: number | 'max'; wall?: () => number } = {},
) {
  const store = openStore(':memory:')
  onTestFinished(() => store.close())
  const settings = store.table<unknown>('settings')
  settings.put('speed', speed)
  const clock = createClock(settings, wall)
  const rows = store.table<Due>('agenda')
  let round = 0
  const agenda = createAgenda(rows, clock, { work: () => work(clock.now(), ++round) })
  const timekeeper = createTimekeeper(clock, agenda, settings, store)
  onTestFinished(() => timekeeper.close())
  return {
    store,
    rows,
    clock,
    agenda,
    timekeeper,
    add: (seconds: number, subject = 'x') => agenda.add({ at: NOW + seconds * 1000, what: 'work', subject }),
    idle: (seconds: number | null) =>
      timekeeper.idle({ host: 'h', until: seconds === null ? null : NOW + seconds * 1000, events: {} }),
  }
}

const seconds = (moment: number) => (moment - NOW) / 1000
const turn = () => new Promise<void>((done) => setImmediate(done))

test('a chain of asynchronous work runs on within one question, each link at its own moment', async () => {
  const begun: number[] = []
  const ended: number[] = []
  const chain = openChain(async (at, round) => {
    begun.push(seconds(at))
    await turn()
    ended.push(seconds(chain.clock.now()))
    if (round < 20) chain.add(round * 7)
  })
  chain.add(0)
  await chain.idle(1000)
  const moments = Array.from({ length: 20 }, (_, index) => index * 7)
  expect(begun).toEqual(moments)
  expect(ended, 'the clock waited for each').toEqual(moments)
  expect(seconds(chain.clock.now())).toBe(1000)
})

test('it never passes what the host has due', async () => {
  const begun: number[] = []
  const chain = openChain(async (at, round) => {
    begun.push(seconds(at))
    await turn()
    chain.add(round * 10)
  })
  chain.add(5)
  await chain.idle(32)
  expect([begun.at(-1), seconds(chain.clock.now())]).toEqual([30, 32])
  await chain.idle(40)
  expect([begun.at(-1), seconds(chain.clock.now())]).toEqual([40, 40])
})

test('a chain without an end is cut into answers of some fifty milliseconds, and goes on with the next', async () => {
  let rounds = 0
  const chain = openChain(async (_, round) => {
    rounds = round
    await turn()
    chain.add(round)
  })
  chain.add(0)
  const begunMs = performance.now()
  const first = await chain.idle(null)
  const tookMs = performance.now() - begunMs
  expect(tookMs).toBeGreaterThan(40)
  expect(tookMs).toBeLessThan(1000)
  expect(first.askAgainMs).toBeLessThan(10)
  const before = rounds
  await chain.idle(null)
  expect(rounds).toBeGreaterThan(before)
})

test('at a speed it keeps to it, and many moments are due within a question', async () => {
  let wall = NOW
  const moments: number[] = []
  const chain = openChain(
    async (at) => {
      moments.push(seconds(at))
      await turn()
      chain.add(moments.length / 10)
    },
    { speed: 60, wall: () => wall },
  )
  chain.add(0)
  let questions = 0
  for (; wall - NOW < 5000; questions++) wall += Math.max(1, (await chain.idle(null)).askAgainMs)
  expect(seconds(chain.clock.now())).toBeGreaterThan(270)
  expect(seconds(chain.clock.now())).toBeLessThan(312)
  expect(moments.length).toBeGreaterThan(5 * questions)
})

test('what an advance skipped need not be waited for afterwards', async () => {
  let wall = NOW
  const chain = openChain(() => undefined, { speed: 60, wall: () => wall })
  await chain.timekeeper.advance(3600)
  const { offsetMs } = await chain.idle(3660)
  expect(offsetMs).toBe(3_600_000)
  wall += 1000
  await chain.idle(3660)
  expect(seconds(chain.clock.now())).toBe(3660)
})

test('work that takes long by the wall holds the clock, and not the answer', async () => {
  const work = Promise.withResolvers<void>()
  const chain = openChain(() => work.promise)
  chain.add(10)
  const begunMs = performance.now()
  expect((await chain.idle(100)).askAgainMs).toBeGreaterThan(0)
  expect(performance.now() - begunMs).toBeLessThan(30_000)
  expect(seconds(chain.clock.now())).toBe(10)
  work.resolve()
  await chain.idle(100)
  expect(seconds(chain.clock.now())).toBe(100)
})

test('a question that comes while another is worked on moves nothing', async () => {
  const chain = openChain(async (_, round) => {
    await turn()
    if (round < 50) chain.add(round)
  })
  chain.add(0)
  const first = chain.idle(49)
  const second = await chain.idle(1000)
  expect(seconds(chain.clock.now())).toBeLessThan(49)
  expect(second.askAgainMs).toBeGreaterThan(0)
  await first
  expect(seconds(chain.clock.now())).toBe(49)
})

test('a call from outside that comes in on the way stops the clock until it has gone', async () => {
  const chain = openChain(async (_, round) => {
    if (round === 3) chain.timekeeper.enter()
    await turn()
    chain.add(round * 10)
  })
  chain.add(0)
  await chain.idle(1000)
  expect(seconds(chain.clock.now())).toBe(20)
  await chain.idle(1000)
  expect(seconds(chain.clock.now())).toBe(20)
  chain.timekeeper.leave()
  await chain.idle(500)
  expect(seconds(chain.clock.now())).toBe(500)
})

test('without a host an advance runs the whole chain to its end, however long', async () => {
  let rounds = 0
  const chain = openChain(async (_, round) => {
    rounds = round
    await turn()
    chain.add(round)
  })
  chain.add(0)
  await chain.timekeeper.advance(20_000)
  expect(rounds).toBe(20_001)
  expect(seconds(chain.clock.now())).toBe(20_000)
})

test('what breaks in the work is heard by who asked, and the clock goes on', async () => {
  const chain = openChain(async () => {
    await turn()
    throw new Error('a broken program')
  })
  chain.add(5)
  await expect(chain.idle(10)).rejects.toThrow('a broken program')
  await chain.idle(10)
  expect(seconds(chain.clock.now())).toBe(10)
})

test('the agenda keeps to its rows: put off, brought forward, restored, refused', () => {
  const done: string[] = []
  const store = openStore(':memory:')
  onTestFinished(() => store.close())
  const rows = store.table<Due>('agenda')
  const clock = createClock(store.table('settings'), () => NOW)
  const agenda = createAgenda(rows, clock, {
    work: (subject) => void done.push(`${subject} ${seconds(clock.now())}`),
  })
  const add = (subject: string, at: number) => agenda.add({ at: NOW + at * 1000, what: 'work', subject })
  const settle = (at: number) => {
    agenda.settle(NOW + at * 1000)
    return done.splice(0)
  }
  add('b', 20)
  add('a', 10)
  add('c', 20)
  add('a', 30)
  add('d', 40)
  add('d', 5)
  store.commit()
  const kept = store.dump(['agenda'])
  expect(settle(15)).toEqual(['d 5'])
  expect(settle(100)).toEqual(['b 20', 'c 20', 'a 30'])
  expect(agenda.next()).toBeUndefined()
  store.load(kept)
  expect(agenda.next()).toBe(NOW + 5000)
  add('e', 1)
  store.refuse()
  expect(settle(100)).toEqual(['d 5', 'b 20', 'c 20', 'a 30'])
})
