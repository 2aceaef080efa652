import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Probe } from '../../src/probes/probe.ts'
import { openAsking } from '../../src/probing/ask-all.ts'
import { probe, verdict } from './fakes.ts'

const many = (count: number, limit: (index: number) => string): Probe[] =>
  Array.from({ length: count }, (_, index) => probe(`p${index}`, { limit: limit(index) }))

/** Asks by a given time per probe, and watches how many are asked at once. */
function watched(msOf: (probe: Probe) => number) {
  const now = { all: 0, byLimit: new Map<string, number>() }
  const most = { all: 0, ofOne: 0 }
  return {
    most,
    async ask(one: Probe) {
      const ofOne = (now.byLimit.get(one.limit) ?? 0) + 1
      now.byLimit.set(one.limit, ofOne)
      most.all = Math.max(most.all, ++now.all)
      most.ofOne = Math.max(most.ofOne, ofOne)
      await sleep(msOf(one))
      now.all--
      now.byLimit.set(one.limit, (now.byLimit.get(one.limit) ?? 1) - 1)
      return verdict('pass')
    },
  }
}

test('at most 24 are asked at once, and at most four of one limit', async () => {
  const few = watched(() => 3)
  const taken = await openAsking(() => undefined).ask(
    many(60, (i) => `host${i % 3}`),
    few.ask,
    Date.now() + 5_000,
  )
  expect(taken).toHaveLength(60)
  expect(few.most).toEqual({ all: 12, ofOne: 4 })
  const wide = watched(() => 3)
  await openAsking(() => undefined).ask(
    many(120, (i) => `host${i}`),
    wide.ask,
    Date.now() + 5_000,
  )
  expect(wide.most).toEqual({ all: 24, ofOne: 1 })
})

test('a slow host delays its own probes and nobody else’s', async () => {
  const ended: string[] = []
  const { ask } = watched(({ limit }) => (limit === 'slow' ? 150 : 2))
  const probes = many(60, (i) => (i < 20 ? 'slow' : `host${i % 8}`))
  await openAsking(() => undefined).ask(
    probes,
    async (one) => {
      const answer = await ask(one)
      ended.push(one.limit)
      return answer
    },
    Date.now() + 5_000,
  )
  expect(
    ended.indexOf('slow'),
    'all forty others had ended before the first slow one',
  ).toBeGreaterThanOrEqual(40)
})

test('three hundred probes take what the slowest takes, and the queueing their limits impose', async () => {
  const { ask } = watched(() => 20)
  const beganMs = performance.now()
  await openAsking(() => undefined).ask(
    many(300, (i) => `host${i % 60}`),
    ask,
    Date.now() + 10_000,
  )
  const imposedMs = Math.ceil(300 / 24) * 20
  expect(performance.now() - beganMs).toBeLessThan(imposedMs * 2)
})

test('what still runs at the deadline is not asked twice, and its verdict comes with the next round', async () => {
  const asking = openAsking(() => undefined)
  const [slow, quick] = [probe('slow'), probe('quick')]
  const { promise, resolve } = Promise.withResolvers<void>()
  let calls = 0
  const ask = async ({ id }: Probe) => {
    if (id === 'slow') {
      calls++
      await promise
    }
    return verdict('pass')
  }
  const ids = (taken: { probe: string }[]) => taken.map(({ probe }) => probe)
  expect(ids(await asking.ask([slow, quick], ask, Date.now() + 50))).toEqual(['quick'])
  expect(ids(await asking.ask([slow, quick], ask, Date.now() + 50))).toEqual(['quick'])
  resolve()
  await sleep(1)
  expect(ids(await asking.ask([quick], ask, Date.now() + 50)).toSorted()).toEqual(['quick', 'slow'])
  expect(calls).toBe(1)
})

test('what has not begun by the deadline is not asked at all', async () => {
  const asked: string[] = []
  const asking = openAsking(() => undefined)
  const probes = many(12, () => 'one host')
  await asking.ask(
    probes,
    async ({ id }) => {
      asked.push(id)
      await sleep(60)
      return verdict('pass')
    },
    Date.now() + 30,
  )
  await sleep(100)
  expect(asked).toEqual(['p0', 'p1', 'p2', 'p3'])
})

test('a probe that breaks gives no verdict, is told of, and keeps nobody waiting', async () => {
  const broken: string[] = []
  const asking = openAsking(({ id }) => broken.push(id))
  const taken = await asking.ask(
    [probe('bad'), probe('good')],
    async ({ id }) => {
      if (id === 'bad') throw new Error('a defect')
      return verdict('pass')
    },
    Date.now() + 1_000,
  )
  expect([taken.map(({ probe }) => probe), broken]).toEqual([['good'], ['bad']])
})
