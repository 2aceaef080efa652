import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Environment } from '../../functions/schemas.ts'
import type { ArmObject } from '../../lab/azure-client.ts'
import { condition, contoso, ended, provision, type Running, running, writesOf } from './lab.ts'

/** What strangers do to an environment, who notices, and what holds the service back from putting it right. */
let here: Running
beforeAll(async () => {
  here = await running()
  expect((await provision(here.client)).state).toBe('succeeded')
}, 60_000)
afterAll(() => here[Symbol.asyncDispose]())

const nsg = 'security-group/nsg-private-endpoints'
const get = async () =>
  Environment.parse(await (await fetch(new URL('/api/environments/contoso', here.lab.app))).json())
const post = (path: string, body: unknown) =>
  fetch(new URL(`/api/environments/contoso/${path}`, here.lab.app), {
    method: 'POST',
    body: JSON.stringify(body),
  })
const found = async (name: string) =>
  (await here.azure.resources()).find((it) => it.name === name) as ArmObject
/** Takes our rules out of a security group, as a stranger would. */
async function bend() {
  const group = await found('nsg-private-endpoints')
  await here.azure.arm('PUT', `${group.id}?api-version=2025-05-01`, {
    ...group,
    properties: { ...group.properties, securityRules: [] },
  })
  await here.azure.advance(60)
}
const repair = async () => ended(here.client, await here.client.repair('contoso'))
const sweeps = () => here.azure.advance(15 * 60)

describe('a sweep every quarter of an hour', () => {
  test('finds nothing where everything is as described, and writes nothing', async () => {
    const before = (await writesOf(here.azure)).length
    await sweeps()
    const { drift } = await get()
    expect(drift).toMatchObject({ findings: [], unreadable: 0 })
    expect(await writesOf(here.azure)).toHaveLength(before)
  })

  test('reads less than one call per resource', async () => {
    const reads = async () => (await here.azure.journal()).filter(({ plane }) => plane === 'arm').length
    const first = (await get()).drift?.checkedAt
    const before = await reads()
    await here.azure.advance(3600)
    const { drift, conditions } = await get()
    const count = Math.round((Date.parse(drift?.checkedAt ?? '') - Date.parse(first ?? '')) / 900_000)
    expect(count).toBeGreaterThanOrEqual(4)
    // 0.67 each; one more may be under way when the calls are counted.
    expect(((await reads()) - before) / count / (conditions.length / 2)).toBeLessThan(1)
  })

  test('says what a stranger changed, and who may put it back', async () => {
    await bend()
    await sweeps()
    const { drift } = await get()
    expect(drift?.findings).toMatchObject([{ resource: nsg, class: 'safe' }])
    expect(drift?.findings[0]?.changes.map(({ path }) => path)).toContain(
      'properties.securityRules[allow-https-from-network]',
    )
  })
})

describe('what is drifted is left alone', () => {
  test('while its resource is paused, with the reason; and put right once it is resumed', async () => {
    expect((await post('pause', { resource: 'security-group/nobody', reason: 'x' })).status).toBe(400)
    expect(
      (await post('pause', { resource: nsg, reason: 'the network team is at it', hours: 4 })).status,
    ).toBe(200)
    expect((await get()).paused).toMatchObject([{ resource: nsg, reason: 'the network team is at it' }])
    const held = await repair()
    expect(held.state).toBe('partial')
    expect(condition(held, nsg)).toMatchObject({ reason: 'Paused' })
    expect(condition(held, nsg)?.message).toContain('the network team is at it')
    expect((await post('resume', { resource: nsg })).status).toBe(204)
    expect((await repair()).state).toBe('succeeded')
  })

  test('only until the pause has run out', async () => {
    await bend()
    expect((await post('pause', { resource: nsg, reason: 'for an hour', hours: 1 })).status).toBe(200)
    expect((await repair()).state).toBe('partial')
    await here.azure.advance(3600)
    expect((await repair()).state).toBe('succeeded')
  })

  test('while the resource group carries the tag ops-pause=true, which anybody may put there', async () => {
    await bend()
    const group =
      '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-contoso-ai?api-version=2021-04-01'
    await here.azure.arm('PATCH', group, { tags: { 'ops-pause': 'true' } })
    const before = (await writesOf(here.azure)).length
    const id = await here.client.repair('contoso')
    await expect
      .poll(async () => (await here.client.operation(id)).notice?.reason, { timeout: 20_000 })
      .toBe('Braked')
    await here.azure.advance(600)
    expect((await here.client.operation(id)).state).toBe('running')
    expect(await writesOf(here.azure)).toHaveLength(before)
    await here.azure.arm('PATCH', group, { tags: { owner: 'platform' } })
    const repaired = await ended(here.client, id)
    expect(repaired.state).toBe('succeeded')
    expect(repaired.notice).toBeUndefined()
  })
})

test('with repair.auto: [safe] a sweep puts it right unasked, within the budget', async () => {
  const auto = contoso('contoso', [/^gateway:/m, 'repair: { auto: [safe], budgetPerHour: 1 }\ngateway:'])
  expect((await provision(here.client, auto)).state).toBe('succeeded')
  await bend()
  await sweeps()
  await expect
    .poll(async () => (await here.client.operation((await get()).operation.id)).state, { timeout: 20_000 })
    .toBe('succeeded')
  const repaired = await here.client.operation((await get()).operation.id)
  expect(repaired).toMatchObject({ kind: 'repair', automatic: true })
  await bend()
  await sweeps()
  expect((await get()).operation.id, 'the budget of one per hour is spent').toBe(repaired.id)
  expect((await get()).drift?.findings).toMatchObject([{ resource: nsg, class: 'safe' }])
  expect((await provision(here.client)).state).toBe('succeeded')
})

test('in mode observe nothing is written, and what would be is said', async () => {
  const before = (await writesOf(here.azure)).length
  const observed = await provision(
    here.client,
    contoso('contoso', [/^location:/m, 'mode: observe\nlocation:'], ['owner: platform', 'owner: else']),
  )
  expect(observed.state).toBe('partial')
  expect(condition(observed, nsg)).toMatchObject({ reason: 'ObserveOnly' })
  expect(await writesOf(here.azure)).toHaveLength(before)
  expect((await provision(here.client)).state).toBe('succeeded')
})

test('a paused resource is not removed either, nor what it stands on', async () => {
  expect(
    (await post('pause', { resource: 'subnet/snet-agents', reason: 'agents are moving', hours: 4 })).status,
  ).toBe(200)
  const operation = await ended(here.client, await here.client.destroy('contoso', 'contoso', true))
  expect(operation.state).toBe('partial')
  expect(condition(operation, 'subnet/snet-agents')).toMatchObject({ reason: 'Paused' })
  expect(await found('snet-agents')).toBeDefined()
  expect((await provision(here.client, contoso())).state).toBe('succeeded')
})
