import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Environment, Plan } from '../../functions/schemas.ts'
import type { ArmObject } from '../../lab/azure-client.ts'
import type { OperationView } from '../../src/operations/show.ts'
import { condition, contoso, ended, provision, type Running, running, writesOf } from './lab.ts'

/** What somebody else made under a name the document describes as ours, and how it becomes ours. */
let here: Running
beforeAll(async () => {
  here = await running()
}, 120_000)
afterAll(() => here[Symbol.asyncDispose]())

const group = '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-contoso-ai/providers'
const nsgPath = `${group}/Microsoft.Network/networkSecurityGroups/nsg-apim?api-version=2025-05-01`
const nsg = 'security-group/nsg-apim'
const storage = 'storage/contosoaidata'
const dns = '  dns: { privatelink.blob.core.windows.net: existing }\n'
const withStorage = contoso('contoso', [/^gateway:/m, `${dns}data: { storage: contosoaidata }\ngateway:`])

const theirRule = {
  name: 'theirs',
  properties: {
    direction: 'Inbound',
    access: 'Allow',
    protocol: 'Tcp',
    priority: 4000,
    sourceAddressPrefix: '10.9.0.0/16',
    sourcePortRange: '*',
    destinationAddressPrefix: '*',
    destinationPortRange: '22',
  },
}
async function strangerMakes(path: string, body: unknown) {
  await here.azure.arm('PUT', path, body)
  await here.azure.advance(120)
}
const found = async (name: string) =>
  (await here.azure.resources()).find((it) => it.name === name) as ArmObject
const planned = async (document: string) => Plan.parse(await here.client.plan('contoso', document))
/** Our writes to one resource, by the end of its path. */
const writesTo = async (name: string, since = 0) =>
  (await writesOf(here.azure)).slice(since).filter(({ url }) => url.includes(name))

async function awaiting(id: string): Promise<OperationView> {
  for (;;) {
    const operation = await here.client.operation(id)
    if (operation.state !== 'queued' && operation.state !== 'running') return operation
    await sleep(50)
  }
}

describe('a security group and a storage account that a stranger made under our names', () => {
  let before: number
  let waiting: OperationView
  beforeAll(async () => {
    await strangerMakes(nsgPath, {
      location: 'eastus',
      tags: { team: 'theirs' },
      properties: { securityRules: [theirRule] },
    })
    await strangerMakes(`${group}/Microsoft.Storage/storageAccounts/contosoaidata?api-version=2024-01-01`, {
      location: 'eastus',
      tags: { team: 'theirs' },
      kind: 'StorageV2',
      sku: { name: 'Standard_ZRS' },
      properties: { allowSharedKeyAccess: true, publicNetworkAccess: 'Enabled' },
    })
    before = (await writesOf(here.azure)).length
  }, 60_000)

  test('are steps of the plan, with each field before and after, and the plan writes nothing', async () => {
    const { steps, adopted } = await planned(withStorage)
    const adopts = steps.filter(({ action }) => action === 'adopt')
    expect(adopts.map(({ resource, risk }) => [resource, risk])).toEqual([
      [nsg, 'disruptive'],
      [storage, 'disruptive'],
    ])
    expect(adopts[1]?.changes).toEqual(
      expect.arrayContaining([
        { path: 'properties.allowSharedKeyAccess', before: true, after: false },
        { path: 'properties.publicNetworkAccess', before: 'Enabled', after: 'Disabled' },
      ]),
    )
    expect(adopts[0]?.reason).toContain('was not made by this service')
    expect(adopted).toEqual([])
    expect(await writesOf(here.azure)).toHaveLength(before)
    await expect(here.client.environment('contoso')).rejects.toMatchObject({ problem: { status: 404 } })
  })

  test('are not written by applying the document, nor is what stands on them; all else is made', async () => {
    waiting = await awaiting(await here.client.apply('contoso', withStorage))
    expect(waiting.state).toBe('awaiting-approval')
    for (const key of [nsg, storage])
      expect(condition(waiting, key, 'Synced')).toMatchObject({ status: 'False', reason: 'AwaitingApproval' })
    expect(condition(waiting, 'api-management/contoso-apim')?.reason).toBe('Waiting')
    expect(condition(waiting, 'subnet/snet-agents')?.status).toBe('True')
    for (const name of ['nsg-apim', 'storageAccounts/contosoaidata', 'snet-apim'])
      expect(await writesTo(name, before), name).toEqual([])
  })

  test('stay a stranger’s when the operation is cancelled: a destroy leaves them and names them', async () => {
    await here.client.cancel(waiting.id)
    expect((await ended(here.client, waiting.id)).state).toBe('cancelled')
    const destroyed = await ended(here.client, await here.client.destroy('contoso', 'contoso', true))
    expect(destroyed.state).toBe('partial')
    expect(destroyed.steps.map(({ resource }) => resource)).not.toContain(nsg)
    for (const key of [nsg, storage]) expect(condition(destroyed, key)).toMatchObject({ reason: 'NotOurs' })
    expect(await found('snet-agents')).toBeUndefined()
    expect((await found('nsg-apim'))['tags']).toEqual({ team: 'theirs' })
    expect((await found('contosoaidata')).properties?.['publicNetworkAccess']).toBe('Enabled')
  })

  test('become ours when a person approves the plan by its hash; the stranger’s own fields survive', async () => {
    const asked = await awaiting(await here.client.apply('contoso', withStorage))
    await expect(here.client.approve(asked.id, 'another plan')).rejects.toMatchObject({
      problem: { status: 409 },
    })
    await here.client.approve(asked.id, asked.planHash ?? '')
    const operation = await ended(here.client, asked.id)
    expect(operation.state).toBe('succeeded')
    expect((await writesTo('nsg-apim', before)).map(({ method }) => method)).toEqual(['PUT'])
    const taken = await found('nsg-apim')
    expect(taken['tags']).toEqual({ team: 'theirs', owner: 'platform' })
    const rules = (taken.properties?.['securityRules'] ?? []) as { name: string }[]
    expect(rules.map(({ name }) => name)).toEqual(expect.arrayContaining(['allow-sql', 'theirs']))
    expect((await found('contosoaidata')).properties?.['publicNetworkAccess']).toBe('Disabled')
  })

  test('and from then on there is nothing to do, and drift of theirs is drift of ours', async () => {
    expect(await planned(withStorage)).toMatchObject({ steps: [], adopted: [] })
    const count = (await writesOf(here.azure)).length
    expect(await provision(here.client, withStorage)).toMatchObject({ state: 'succeeded', steps: [] })
    expect(await writesOf(here.azure)).toHaveLength(count)
    const body = await found('nsg-apim')
    await strangerMakes(nsgPath, { ...body, tags: { team: 'theirs' } })
    const repaired = await ended(here.client, await here.client.repair('contoso'))
    expect(repaired).toMatchObject({ state: 'succeeded', steps: [{ resource: nsg, action: 'update' }] })
  })
})

test('what is there exactly as described is taken over without a write, is said, and is protected: here the home’s own zone, forgotten in the document', async () => {
  const forgetful = withStorage.replace(dns, '')
  const keys = ['zone', 'link'].map((it) => `dns-${it}/privatelink.blob.core.windows.net`)
  const before = (await writesOf(here.azure)).length
  expect(await planned(forgetful)).toMatchObject({ adopted: keys, steps: [] })
  const operation = await provision(here.client, forgetful)
  expect(operation).toMatchObject({ state: 'succeeded', steps: [] })
  for (const key of keys) expect(condition(operation, key)).toMatchObject({ reason: 'Adopted' })
  expect(await planned(forgetful)).toMatchObject({ adopted: [], steps: [] })
  expect(await writesOf(here.azure)).toHaveLength(before)
  expect((await here.client.environment('contoso')).protected).toEqual(expect.arrayContaining(keys))

  const destroyed = await ended(here.client, await here.client.destroy('contoso', 'contoso', false))
  expect(condition(destroyed, keys[1] ?? '')).toMatchObject({ reason: 'Protected' })
  expect(condition(destroyed, keys[0] ?? '')).toMatchObject({ reason: 'NeededBy' })
  expect(await found('privatelink.blob.core.windows.net')).toBeDefined()
  expect(await found('snet-agents')).toBeUndefined()
})

test('a pool that a stranger made under our name is not rewritten unasked either, and keeps its affinity', async () => {
  const whole = readFileSync('examples/contoso.yaml', 'utf8')
  const withoutPools = whole.replace(/^ {2}pools:\n(?: {4}.*\n| {6}.*\n)+/m, '')
  expect(withoutPools).not.toContain('pools:')
  expect((await provision(here.client, withoutPools)).state).toBe('succeeded')
  const service = `${group}/Microsoft.ApiManagement/service/contoso-apim`
  const version = 'api-version=2024-10-01-preview'
  await strangerMakes(`${service}/backends/theirs?${version}`, {
    properties: { url: 'https://theirs.example', protocol: 'http' },
  })
  const affinity = { sessionId: { source: 'Cookie', name: 'theirs' } }
  await strangerMakes(`${service}/backends/gpt-4o?${version}`, {
    properties: {
      type: 'Pool',
      pool: { services: [{ id: `${service}/backends/theirs` }], sessionAffinity: affinity },
    },
  })
  const before = (await writesOf(here.azure)).length
  const asked = await awaiting(await here.client.apply('contoso', whole))
  expect(asked.state).toBe('awaiting-approval')
  const step = asked.steps.find(({ resource }) => resource === 'pool/gpt-4o')
  expect(step).toMatchObject({ action: 'adopt', risk: 'disruptive' })
  expect(step?.changes.map(({ path }) => path)).toContain('properties.pool.services')
  expect(await writesTo('/backends/gpt-4o?', before)).toEqual([])
  await here.client.approve(asked.id, asked.planHash ?? '')
  expect((await ended(here.client, asked.id)).state).toBe('succeeded')
  const taken = (await here.azure.resources()).find(({ id }) => id.endsWith('/backends/gpt-4o'))
  const pool = taken?.properties?.['pool'] as {
    services: { id: string }[]
    sessionAffinity: unknown
  }
  expect(pool.services.map(({ id }) => id.split('/').at(-1)).toSorted()).toEqual([
    'contoso-eus--gpt-4o',
    'contoso-eus2--gpt-4o',
  ])
  expect(pool.sessionAffinity).toEqual(affinity)
  expect(await planned(whole)).toMatchObject({ steps: [], adopted: [] })
  const view = Environment.parse(await here.client.environment('contoso'))
  expect(view.protected).toContain('api-management/contoso-apim')
  expect(view.protected, 'taken over').toContain('pool/gpt-4o')
  expect(view.protected, 'made').not.toContain('backend/contoso-eus--gpt-4o')
}, 120_000)
