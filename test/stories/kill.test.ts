import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import type { Azure } from '../../lab/azure-client.ts'
import { comparable, contoso, ended, provision, running, untilUp, writesOf } from './lab.ts'

/**
 * Either half is killed at random moments of a provision and started again. It ends as the run that nobody disturbed ended, and no more than one
 * PUT is repeated per kill.
 */
const runs = Number(process.env['KILL_RUNS'] ?? 3)
/** The small document, and each third time the whole environment. */
const documentOf = (run: number) =>
  run % 3 === 2 ? readFileSync('examples/contoso.yaml', 'utf8') : contoso()
const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 100_000)

/** What Azure turned away changed nothing, and how often it does depends on the moment. */
const acceptedWrites = async (azure: Azure) => (await writesOf(azure)).filter(({ status }) => status < 400)

interface Undisturbed {
  world: ReturnType<typeof comparable>
  writes: number
  calls: number
}
const undisturbed: Undisturbed[] = []
beforeAll(async () => {
  for (const run of [0, 2]) {
    await using here = await running()
    expect((await provision(here.client, documentOf(run))).state).toBe('succeeded')
    undisturbed[run] = {
      world: comparable(await here.azure.resources()),
      writes: (await acceptedWrites(here.azure)).length,
      calls: (await here.azure.journal()).length,
    }
  }
}, 90_000)

/** mulberry32: the same seed kills at the same calls. */
function random(from: number): () => number {
  let state = from
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

test.each(Array.from({ length: runs }, (_, run) => [seed + run, run] as const))(
  'killed at random, started again, it ends as if nothing had happened (KILL_SEED=%i)',
  async (thisSeed, run) => {
    const document = documentOf(run)
    const { world, writes, calls } = undisturbed[run % 3 === 2 ? 2 : 0] as Undisturbed
    const draw = random(thisSeed)
    await using here = await running()
    const id = await here.client.apply('contoso', document)
    const kills = [draw(), draw(), draw()].toSorted().map((part) => ({
      atCall: Math.floor(part * calls),
      half: draw() < 0.5 ? ('azure' as const) : ('host' as const),
    }))
    for (const { atCall, half } of kills) {
      while ((await untilUp(() => here.azure.journal(atCall - 1))).length === 0) {
        if ((await untilUp(() => here.client.operation(id))).state !== 'running') break
        await sleep(5)
      }
      await here.lab.halves[half].kill()
      await here.lab.restart(half)
    }
    const operation = await ended(here.client, id)
    expect(
      operation.state,
      JSON.stringify([operation.error, operation.conditions.filter(({ status }) => status !== 'True')]),
    ).toBe('succeeded')
    expect(comparable(await here.azure.resources())).toEqual(world)
    expect((await acceptedWrites(here.azure)).length, JSON.stringify(kills)).toBeLessThanOrEqual(
      writes + kills.length,
    )
    const again = await provision(here.client, document)
    expect(again).toMatchObject({ state: 'succeeded', steps: [] })
  },
  90_000,
)
