import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openSettings } from '../../../lab/azure/settings.ts'
import { openSimulation } from '../../../lab/azure/simulation.ts'
import { openStore } from '../../../lab/azure/store.ts'
import { openAzure } from './open.ts'
import { openTraffic, startOf } from './traffic-world.ts'

/** The simulated Azure on a file. Ended without a word: what was not committed is gone, as by SIGKILL. */
async function life(file: string) {
  const store = openStore(file)
  const kept = store.table<unknown>('settings')
  kept.put('authority', { certificate: '', privateKey: '' })
  const simulation = await openSimulation(store, kept, await openSettings(kept, { speed: 'max' }))
  return {
    ...simulation,
    kill: () => {
      simulation.timekeeper.close()
      store.close()
    },
  }
}

async function stateFile() {
  const folder = mkdtempSync(join(tmpdir(), 'traffic-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'azure.sqlite')
  const world = await openTraffic()
  const first = await life(file)
  const { tables } = world.snapshot()
  first.store.load(tables as Parameters<typeof first.store.load>[0])
  first.clock.jumpTo(world.clock.now())
  first.store.commit()
  return { file, first }
}

test('a run goes on in the next process from about where the killed one was, and says what was lost', async () => {
  const { file, first } = await stateFile()
  const wanted = { trace: { synthetic: 'conversation', minutes: 6, seed: 1 }, scale: 0.3 } as const
  const id = first.traffic.start(startOf(wanted))
  await first.timekeeper.advance(210)
  const [before] = first.traffic.list()
  first.kill()

  const second = await life(file)
  const [taken] = second.traffic.list()
  expect(taken).toMatchObject({ id, state: 'running' })
  expect(taken?.sent).toBeGreaterThan((before?.sent ?? 0) * 0.6)
  expect(taken?.sent).toBeLessThanOrEqual(before?.sent ?? 0)
  await second.timekeeper.advance(300)
  const [after] = second.traffic.list()
  second.kill()

  const whole = await openTraffic()
  const other = whole.start(wanted)
  await whole.advance(500)
  expect(after).toMatchObject({ state: 'done', underWay: 0, sent: whole.run(other).sent })
  expect(after?.lost).toBeGreaterThan(0)
  // At most the minute that was not written down, and who was under way.
  expect(after?.lost).toBeLessThan(200)
})

test('one that cannot be taken up again says why', async () => {
  const { file, first } = await stateFile()
  first.traffic.start(startOf({ scale: 0.1, from: 'snet-apim' }))
  await first.timekeeper.advance(60)
  for (const { id } of first.azure.all('Microsoft.Network/virtualNetworks/subnets'))
    if (id.endsWith('/snet-apim')) first.azure.erase(id)
  first.store.commit()
  first.kill()
  const second = await life(file)
  await second.timekeeper.advance(60)
  expect(second.traffic.list()).toMatchObject([
    { state: 'trouble', because: expect.stringContaining('no subnet snet-apim') },
  ])
  second.kill()
})

test('a world that is restored takes its runs up at its own moment', async () => {
  const world = await openTraffic()
  const id = world.start({ trace: { synthetic: 'conversation', minutes: 5, seed: 1 }, scale: 0.2 })
  await world.advance(120)
  const early = world.snapshot()
  await world.advance(400)
  const done = world.run(id)
  expect(done).toMatchObject({ state: 'done' })
  world.store.load(early.tables as Parameters<typeof world.store.load>[0])
  expect(world.run(id)).toMatchObject({ state: 'running' })
  await world.advance(400)
  expect(world.run(id)).toMatchObject({ state: 'done', sent: done.sent, underWay: 0 })
})

test('the door starts, shows and stops runs', async () => {
  const world = await openTraffic()
  const azure = await openAzure({ temper: 'fast' })
  await azure.lab('POST', 'state', world.snapshot())
  const { id } = await azure.lab('POST', 'traffic', { start: startOf({ name: 'clients', scale: 0.2 }) })
  expect(id).toBe('clients')
  await azure.advance(60)
  expect(await azure.lab('GET', 'traffic')).toMatchObject([{ id: 'clients', state: 'running' }])
  await azure.lab('POST', 'traffic', { stop: 'clients' })
  const [run] = await azure.lab('GET', 'traffic')
  expect(run).toMatchObject({ state: 'stopped', firstAt: expect.any(String) })
  expect(run.succeeded).toBeGreaterThan(0)
  await expect(azure.lab('POST', 'traffic', { stop: 'nobody' })).rejects.toThrow(/404/)
  await expect(azure.lab('POST', 'traffic', { start: { gateway: 'contoso-apim' } })).rejects.toThrow(/400/)
  const strange = { start: startOf({ gateway: 'nobody' }) }
  await expect(azure.lab('POST', 'traffic', strange)).rejects.toThrow(/there is no gateway nobody/)
  // Generated traffic leaves no rows.
  expect(await azure.journal()).toEqual([])
})
