import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ArmObject, JournalRow } from '../../lab/azure-client.ts'
import { setClockOffsetMs, wallNowMs } from '../../lab/host/clock/shift.ts' // first: SDKs keep `Date` for themselves
import type { Document } from '../../src/environment/schema.ts'
import { act } from '../../src/operations/act.ts'
import { begin } from '../../src/operations/begin.ts'
import type { World } from '../../src/operations/deeds.ts'
import { look } from '../../src/operations/look.ts'
import { preview } from '../../src/operations/preview.ts'
import { showOperation } from '../../src/operations/show.ts'
import type { Store } from '../../src/store/store.ts'
import { type Opened, open } from '../contract/azure.ts'
import { contosoDocument } from '../fixtures.ts'
import { memoryStore } from '../memory-store.ts'

/** The deeds against the simulated Azure, turn by turn: what the tables know, and what a stranger does between two turns. */
let lab: Opened
let start: unknown
let store: Store
beforeAll(async () => {
  lab = await open({ wall: wallNowMs })
  start = await (await fetch(new URL('/_lab/state', lab.azure.url))).json()
})
beforeEach(async () => {
  await lab.post('/_lab/state', start)
  await advance(0)
  store = memoryStore()
})
afterAll(() => lab.azure.close())

const document: Document = contosoDocument()
const nsg = 'security-group/nsg-apim'
const orchestrations = { status: async () => 'alive' as const, start: async () => {} }
const world = (): World => ({ store, arm: lab.arm, surroundings: lab.settings.surroundings, log: () => {} })

/** Both halves are in this process: the simulated Azure keeps to the machine's time, and only the product's `Date` is shifted. */
async function advance(seconds: number) {
  if (seconds > 0) await lab.post('/_lab/clock', { advanceSeconds: seconds })
  setClockOffsetMs((await get<{ offsetMs: number }>('/_lab/clock')).offsetMs)
}
async function began() {
  const clock = { nowMs: Date.now(), random: 'abcd' }
  const { operation } = await begin(store, orchestrations, { kind: 'provision', document }, clock)
  return { operation, generation: 1 }
}
/** Turns the loop until it ends, waits for a person, or `until` says so. */
async function turn(
  run: Awaited<ReturnType<typeof began>>,
  until: () => Promise<boolean> = async () => false,
) {
  for (let turns = 0; turns < 400; turns++) {
    const seen = await look(world(), run)
    const shown = await showOperation(store, orchestrations, run.operation)
    if (!shown) throw new Error('the operation is not there')
    if (seen.end || shown.state === 'awaiting-approval' || (await until())) return shown
    if (seen.act.length > 0) await act(world(), { ...run, act: seen.act })
    await advance(seen.waitSeconds)
  }
  throw new Error('the operation does not end')
}
const get = async <Value>(path: string) => (await (await fetch(new URL(path, lab.azure.url))).json()) as Value
const found = async (name: string) =>
  (await get<ArmObject[]>('/_lab/resources')).find((it) => it.name === name)
const writes = async () =>
  (await get<JournalRow[]>('/_lab/journal')).filter(
    ({ plane, method }) => plane === 'arm' && method !== 'GET' && method !== 'HEAD',
  ).length
async function strangerMakes() {
  const { token } = await lab.post<{ token: string }>('/_lab/tokens', {
    audience: 'https://management.azure.com',
    roles: [],
    name: 'a stranger',
    objectId: '00000000-0000-4000-8000-00000000ba5e',
  })
  const id = `/subscriptions/${lab.azure.subscriptionId}/resourceGroups/rg-contoso-ai/providers/Microsoft.Network/networkSecurityGroups/nsg-apim`
  await fetch(new URL(`${id}?api-version=2025-05-01`, lab.azure.url), {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ location: 'eastus', tags: { team: 'theirs' }, properties: { securityRules: [] } }),
  })
  await advance(60)
}

test('a service that lost its tables makes an environment its own again without a write and without asking', async () => {
  expect((await turn(await began())).state).toBe('succeeded')
  const before = await writes()
  const inventory = (await store.inventory.list('contoso')).map(({ key }) => key)
  store = memoryStore()
  expect(await preview(world(), document)).toMatchObject({
    steps: [],
    adopted: expect.arrayContaining([nsg]),
  })
  expect(await turn(await began())).toMatchObject({ state: 'succeeded', steps: [] })
  expect(await writes()).toBe(before)
  expect((await store.inventory.list('contoso')).map(({ key }) => key)).toEqual(inventory)
  expect(await preview(world(), document)).toMatchObject({ steps: [], adopted: [] })
}, 30_000)

test('what a stranger makes between the look and the act is not rewritten: a person is asked', async () => {
  const run = await began()
  const seen = await look(world(), run)
  expect(seen.act).toContain(nsg)
  await strangerMakes()
  const theirs = await found('nsg-apim')
  await act(world(), { ...run, act: seen.act })
  expect(await found('nsg-apim')).toEqual(theirs)
  expect((await store.inventory.list('contoso')).map(({ key }) => key)).not.toContain(nsg)
  const waiting = await turn(run)
  expect(waiting.state).toBe('awaiting-approval')
  expect(waiting.steps.find(({ resource }) => resource === nsg)?.action).toBe('adopt')
  expect(await found('nsg-apim')).toEqual(theirs)
}, 30_000)

test('killed between the note and the write, what was to be made is made all the same', async () => {
  const run = await began()
  const seen = await look(world(), run)
  const dying: World = {
    ...world(),
    arm: { ...lab.arm, write: () => Promise.reject(new Error('killed')) },
  }
  await expect(act(dying, { ...run, act: seen.act })).rejects.toThrow('killed')
  expect((await store.inventory.list('contoso')).map(({ key }) => key)).toContain(nsg)
  expect(await found('nsg-apim')).toBeUndefined()
  expect((await turn(run)).state).toBe('succeeded')
  expect(await found('nsg-apim')).toBeDefined()
}, 30_000)
