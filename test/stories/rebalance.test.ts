import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isWrite } from '../../lab/azure-client.ts'
import { ended, type Running, running, untilUp } from './lab.ts'

/**
 * A region takes less than it used to: its 429s raise an alert, the alert an episode, and minute by minute the weights follow what the members are
 * measured to admit. When all is quiet again the episode ends. Nothing is put in by hand but traffic and the region's trouble.
 */
const [eus, eus2] = ['contoso-eus--gpt-4o', 'contoso-eus2--gpt-4o']

let here: Running
beforeAll(async () => {
  here = await running()
  const text = readFileSync('examples/contoso.yaml', 'utf8').replace('mode: shadow', 'mode: auto')
  expect((await ended(here.client, await here.client.apply('contoso', text))).state).toBe('succeeded')
  // Units learn of a new gateway within a minute; identities are felt within ten.
  await here.azure.advance(15 * 60)
}, 180_000)
afterAll(() => here?.[Symbol.asyncDispose]())

const poolNow = async () => {
  const { pools } = await untilUp(() => here.client.pools('contoso'))
  const [pool] = pools
  if (!pool) throw new Error('there is no pool')
  return pool
}
const shareOf = (pool: Awaited<ReturnType<typeof poolNow>>, name: string) =>
  pool.members.find(({ backend }) => backend === name)?.share ?? Number.NaN

test('an alert opens an episode, the weights follow, and it ends when all is quiet', async () => {
  await here.azure.startTraffic({
    gateway: 'contoso-apim',
    deployment: 'gpt-4o',
    trace: { synthetic: 'conversation', minutes: 24, seed: 5 },
    scale: 0.15,
  })
  await here.azure.addFault({
    match: { path: 'contoso-eus\\.openai', count: 'all' },
    do: { capacityShare: 0.15 },
  })
  const since = (await here.azure.journal()).at(-1)?.seq ?? 0
  await untilUp(() => here.azure.advance(22 * 60))
  const moved = await poolNow()
  expect(moved.episode, JSON.stringify(moved)).toMatchObject({ alertAt: expect.any(String) })
  expect(shareOf(moved, eus)).toBeLessThan(100 / 130 - 0.1)
  expect(shareOf(moved, eus) + shareOf(moved, eus2)).toBeCloseTo(1)
  const writes = (await here.azure.journal(since)).filter(isWrite)
  expect(new Set(writes.map(({ url }) => url.split('?')[0]?.split('/').at(-1)))).toEqual(new Set(['gpt-4o']))
  // What the service moves is no drift.
  expect((await untilUp(() => here.client.plan('contoso'))).steps).toEqual([])

  // The traffic has its end; fifteen quiet minutes later the episode has its own.
  await untilUp(() => here.azure.advance(30 * 60))
  const quiet = await poolNow()
  expect(quiet.episode, JSON.stringify(quiet)).toBe(undefined)
  const { decisions } = await here.client.decisions('contoso', 'gpt-4o')
  const written = decisions.filter(({ state }) => state === 'written')
  expect(written.at(-1)).toMatchObject({ readBackAt: expect.any(String), grade: { why: expect.any(String) } })
}, 180_000)
