import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ArmObject, isWrite, type JournalRow } from '../../lab/azure-client.ts'
import { ended, type Running, untilUp } from './lab.ts'
import { provisioned } from './provisioned.ts'

/**
 * A region takes less than it used to: its 429s raise an alert, the alert an episode, and minute by minute the weights follow what the members are
 * measured to admit. When all is quiet again the episode ends. Nothing is put in by hand but traffic and the region's trouble.
 */
const [eus, eus2] = ['contoso-eus--gpt-4o', 'contoso-eus2--gpt-4o']

let here: Running
beforeAll(async () => {
  here = await provisioned()
  const text = readFileSync('examples/contoso.yaml', 'utf8').replace('mode: shadow', 'mode: auto')
  expect((await ended(here.client, await here.client.apply('contoso', text))).state).toBe('succeeded')
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
    trace: { synthetic: 'conversation', minutes: 18, seed: 5 },
    scale: 0.15,
  })
  await here.azure.addFault({
    match: { path: 'contoso-eus\\.openai', count: 'all' },
    do: { capacityShare: 0.15 },
  })
  const since = (await here.azure.journal()).at(-1)?.seq ?? 0
  await untilUp(() => here.azure.advance(16 * 60))
  const moved = await poolNow()
  expect(moved.episode, JSON.stringify(moved)).toMatchObject({ alertAt: expect.any(String) })
  expect(shareOf(moved, eus)).toBeLessThan(100 / 130 - 0.1)
  expect(shareOf(moved, eus) + shareOf(moved, eus2)).toBeCloseTo(1)
  const writes = (await here.azure.journal(since)).filter(isWrite)
  expect(new Set(writes.map(({ url }) => url.split('?')[0]?.split('/').at(-1)))).toEqual(new Set(['gpt-4o']))
  // What the service moves is no drift.
  expect((await untilUp(() => here.client.plan('contoso'))).steps).toEqual([])

  // The traffic has its end; fifteen quiet minutes later the episode has its own.
  await untilUp(() => here.azure.advance(28 * 60))
  const quiet = await poolNow()
  expect(quiet.episode, JSON.stringify(quiet)).toBe(undefined)
  const { decisions } = await here.client.decisions('contoso', 'gpt-4o')
  const written = decisions.filter(({ state }) => state === 'written')
  expect(written.at(-1)).toMatchObject({ readBackAt: expect.any(String), grade: { why: expect.any(String) } })
}, 180_000)

type Pool = ArmObject & { properties: { pool: { services: { id: string; weight: number }[] } } }

const weightsOf = ({ properties }: Pick<Pool, 'properties'>): Record<string, number> =>
  Object.fromEntries(properties.pool.services.map(({ id, weight }) => [id.split('/').at(-1) ?? '', weight]))

async function livePool(): Promise<Pool> {
  const found = (await here.azure.resources()).find(({ id }) => id.endsWith('/backends/gpt-4o'))
  if (!found) throw new Error('there is no pool')
  return found as Pool
}

test('what people type: how pools stand, what was decided, and a release of what a stranger has set', async () => {
  const ops = async (...words: string[]) => {
    const typed = ['cli/ops.ts', '--url', here.lab.app, ...words]
    return (await promisify(execFile)(process.execPath, typed)).stdout
  }
  const { id, properties } = await livePool()
  const services = properties.pool.services.map((service, index) => ({ ...service, weight: [33, 77][index] }))
  const edited = { properties: { ...properties, pool: { ...properties.pool, services } } }
  await here.azure.arm('PUT', `${id}?api-version=2024-10-01-preview`, edited)
  await untilUp(() => here.azure.advance(6 * 60))
  expect((await poolNow()).hold).toMatchObject({ reason: 'edited' })
  expect(await ops('pools', 'contoso')).toMatch(/gpt-4o {2}auto[\s\S]*held until/)
  expect(await ops('decisions', 'contoso', 'gpt-4o')).toMatch(/written: /)
  expect(await ops('release', 'contoso', 'gpt-4o')).toMatch(/goes on from the weights that are there/)
  expect((await poolNow()).hold).toBe(undefined)
  await expect(ops('release', 'contoso', 'gpt-4o'), 'nothing holds it now').rejects.toThrow(/holds/)
}, 60_000)

const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 100_000)

test(`killed between a write and its record, no decision is lost and none is there twice (KILL_SEED=${seed})`, async () => {
  let state = seed + 1
  const draw = () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
  for (const { id } of await here.azure.faults()) await here.azure.removeFault(id)
  await here.azure.addFault({
    match: { path: 'contoso-eus2\\.openai', count: 'all' },
    do: { capacityShare: 0.1 },
  })
  // Reading back takes a while, and the record waits for it.
  await here.azure.addFault({
    match: { plane: 'arm', method: 'GET', path: '/backends/gpt-4o\\?', count: 'all' },
    do: { delaySeconds: 0.3 },
  })
  const since = (await here.azure.journal()).at(-1)?.seq ?? 0
  const from = new Date(Date.parse((await here.azure.advance(1)).now)).toISOString()
  await here.azure.startTraffic({
    gateway: 'contoso-apim',
    deployment: 'gpt-4o',
    trace: { synthetic: 'conversation', minutes: 15, seed: 6 },
    scale: 0.15,
  })
  const putsSince = async (seq: number) =>
    (await here.azure.journal(seq)).filter(
      (row) => isWrite(row) && row.status < 300 && /backends\/gpt-4o$/.test(row.url.split('?')[0] ?? ''),
    )
  let [seen, kills] = [since, 0]
  for (let minute = 0; minute < 15; minute++) {
    const isRandom = draw() < 0.15
    const passing = here.azure.advance(60).then(
      () => true,
      () => true,
    )
    for (let over = false; !over; ) {
      over = await Promise.race([passing, sleep(isRandom ? draw() * 200 : 20, false)])
      const [put] = await putsSince(seen)
      if (!put && (!isRandom || over)) continue
      seen = put?.seq ?? seen
      await here.lab.halves.host.kill()
      await here.lab.restart('host')
      kills++
      break
    }
    await passing
  }
  for (const { id } of await here.azure.faults()) await here.azure.removeFault(id)
  await untilUp(() => here.azure.advance(6 * 60))
  const puts = await putsSince(since)
  const { decisions } = await untilUp(() => here.client.decisions('contoso', 'gpt-4o', from))
  const moves = decisions.filter(({ state: is }) => is !== 'held').toReversed()
  expect(moves.map(({ state: is }) => is)).not.toContain('decided')
  const told = moves
    .filter(({ state: is }) => is === 'written')
    .map(({ before, after }) => ({ ...before, ...after }))
  expect(puts.length, `${kills} kills`).toBeGreaterThan(0)
  const said = JSON.stringify(
    moves.map(({ at, state: is, why, before, after }) => ({ at, is, why, before, after })),
  )
  expect(told, `${kills} kills; ${puts.map(({ at }) => at).join()}; ${said}`).toEqual(puts.map(weightsPut))
}, 180_000)

const weightsPut = ({ requestBody }: JournalRow) => weightsOf(requestBody as Pick<Pool, 'properties'>)
