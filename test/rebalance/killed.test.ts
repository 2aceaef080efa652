import { expect, test, vi } from 'vitest'
import type { BalanceWorld } from '../../src/rebalance/deeds.ts'
import { outcomeOf } from '../../src/rebalance/ownership.ts'
import type { DecisionRow } from '../../src/rebalance/rows.ts'
import { documentOf, type Here, openWorld } from './world.ts'

/** A turn is killed before or after each of its calls, of store and of Azure alike; the turns after it must find everything as it is. */

class Killed extends Error {}

type Verbs = Record<string, (...parts: never[]) => Promise<unknown>>

/** The world for a process that dies at its nth moment: two to a call, before it is made and before its answer is heard. */
function mortal(world: BalanceWorld, diesAt: number): { world: BalanceWorld; moments: () => number } {
  let moments = 0
  let isOver = false
  const dies = () => {
    if (++moments === diesAt) isOver = true
    if (isOver) throw new Killed()
  }
  const guarded = <Of extends object>(target: Of): Of =>
    new Proxy(target, {
      get:
        (of, name) =>
        async (...parts: never[]) => {
          dies()
          const value = await (of as unknown as Verbs)[String(name)]?.(...parts)
          dies()
          return value
        },
    })
  const store = Object.fromEntries(
    Object.entries(world.store).map(([name, table]) => [name, guarded(table as object)]),
  ) as unknown as BalanceWorld['store']
  return {
    world: { ...world, store, arm: guarded(world.arm), metrics: guarded(world.metrics) },
    moments: () => moments,
  }
}

async function untilItMoves(mode: 'shadow' | 'auto'): Promise<Here> {
  const here = await openWorld(documentOf(mode))
  here.plant.capacity['contoso-eus'] = 30_000
  here.plant.demand['gpt-4o'] = 55_000
  // The turn after these is the one that moves (so it was found, and so the test below makes sure).
  await here.play(5)
  here.advance(1)
  return here
}

/** Every decision there is ends, and those that were written lead from the first weights to those in force. */
function follows(decisions: DecisionRow[], here: Here, before: Record<string, number>) {
  const moves = decisions.filter(({ state }) => state !== 'held')
  expect(moves.map(({ state }) => state)).not.toContain('decided')
  const written = moves.filter(({ state }) => state === 'written')
  expect(written).toHaveLength(here.azure.puts.length)
  let weights = before
  for (const decision of written) {
    expect(decision.before).toEqual(weights)
    weights = outcomeOf(decision)
  }
  expect(weights).toEqual(here.live())
}

test('wherever a turn that writes is killed, its decision is recorded once, and what it says is so', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const whole = await untilItMoves('auto')
  const counting = mortal(whole.world(), Number.POSITIVE_INFINITY)
  await whole.turn(counting.world)
  expect(await whole.moves()).toMatchObject([{ state: 'written' }])
  expect(counting.moments()).toBeGreaterThan(30)
  for (let moment = 1; moment <= counting.moments(); moment++) {
    const here = await untilItMoves('auto')
    const before = here.live()
    await expect(here.turn(mortal(here.world(), moment).world)).rejects.toThrow(Killed)
    await here.turn()
    await here.play(14)
    follows(await here.decisions(), here, before)
    expect((await here.row())?.hold, `killed at ${moment}`).toBe(undefined)
    expect(here.azure.puts.length, `killed at ${moment}`).toBeGreaterThan(0)
  }
  vi.useRealTimers()
}, 60_000)

test('wherever a turn in shadow is killed, its chain has no gap', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const whole = await untilItMoves('shadow')
  const counting = mortal(whole.world(), Number.POSITIVE_INFINITY)
  await whole.turn(counting.world)
  expect(await whole.moves()).toMatchObject([{ state: 'shadow' }])
  for (let moment = 1; moment <= counting.moments(); moment++) {
    const here = await untilItMoves('shadow')
    let weights = here.live()
    await expect(here.turn(mortal(here.world(), moment).world)).rejects.toThrow(Killed)
    await here.turn()
    await here.play(14)
    const moves = await here.moves()
    expect(moves.length).toBeGreaterThan(0)
    for (const decision of moves) {
      expect(decision.before, `killed at ${moment}`).toEqual(weights)
      weights = outcomeOf(decision)
    }
    expect((await here.row())?.shadow).toEqual(weights)
  }
  vi.useRealTimers()
}, 60_000)
