import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ArmObject } from '../../lab/azure-client.ts'
import { comparable, condition, contoso, ended, provision, type Running, running, writesOf } from './lab.ts'

let here: Running
let home: unknown
beforeAll(async () => {
  here = await running()
  home = comparable(await here.azure.resources())
  expect((await provision(here.client)).state).toBe('succeeded')
}, 60_000)
afterAll(() => here[Symbol.asyncDispose]())

const destroy = async (includeProtected: boolean) =>
  ended(here.client, await here.client.destroy('contoso', 'contoso', includeProtected))
const exists = (world: ArmObject[], name: string) => world.some((it) => it.name === name)

describe('repair', () => {
  test('puts back what a stranger took out of a security group, and keeps what the stranger put in', async () => {
    const group = (await here.azure.resources()).find(({ name }) => name === 'nsg-apim') as ArmObject
    const rules = group.properties?.['securityRules'] as {
      name: string
      properties: Record<string, unknown>
    }[]
    const theirs = { name: 'theirs', properties: { ...rules[0]?.properties, priority: 4000 } }
    const bent = [...rules.filter(({ name }) => name !== 'allow-sql'), theirs]
    await here.azure.arm('PUT', `${group.id}?api-version=2025-05-01`, {
      ...group,
      properties: { ...group.properties, securityRules: bent },
    })
    await here.azure.advance(60)

    const repaired = await ended(here.client, await here.client.repair('contoso'))
    expect(repaired).toMatchObject({ kind: 'repair', state: 'succeeded' })
    expect(
      repaired.steps.map(({ resource, changes }) => [resource, changes.map(({ path }) => path)]),
    ).toEqual([['security-group/nsg-apim', ['properties.securityRules[allow-sql]']]])
    const after = (await here.azure.resources()).find(({ name }) => name === 'nsg-apim')
    const names = ((after?.properties?.['securityRules'] ?? []) as { name: string }[]).map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['allow-sql', 'theirs']))
  })

  test('of an environment as described does nothing', async () => {
    const before = (await writesOf(here.azure)).length
    expect(await ended(here.client, await here.client.repair('contoso'))).toMatchObject({
      state: 'succeeded',
      steps: [],
    })
    expect(await writesOf(here.azure)).toHaveLength(before)
  })
})

describe('destroy', () => {
  test('must be confirmed by name, and includes nothing but what it knows', async () => {
    await expect(here.client.destroy('contoso', 'fabrikam', false)).rejects.toMatchObject({
      problem: { reason: 'not-confirmed' },
    })
    const response = await fetch(
      new URL('/api/environments/contoso?confirm=contoso&include=everything', here.lab.app),
      { method: 'DELETE' },
    )
    expect(response.status).toBe(400)
  })

  test('leaves what is protected and what that stands on, says so, and takes the rest', async () => {
    const operation = await destroy(false)
    expect(operation).toMatchObject({ kind: 'destroy', state: 'partial' })
    expect(condition(operation, 'api-management/contoso-apim')).toMatchObject({
      status: 'True',
      reason: 'Protected',
    })
    expect(condition(operation, 'subnet/snet-apim')).toMatchObject({ reason: 'NeededBy' })
    expect(condition(operation, 'subnet/snet-apim')?.message).toContain('api-management/contoso-apim')
    const world = await here.azure.resources()
    for (const stays of ['contoso-apim', 'snet-apim', 'nsg-apim', 'pip-contoso-apim'])
      expect(exists(world, stays), stays).toBe(true)
    for (const goes of ['snet-agents', 'snet-private-endpoints', 'contoso-apim.azure-api.net'])
      expect(exists(world, goes), goes).toBe(false)
  })

  test('and applying the document again makes what is missing, and only that', async () => {
    const again = await provision(here.client)
    expect(again.state).toBe('succeeded')
    expect(again.steps.map(({ resource }) => resource)).not.toContain('api-management/contoso-apim')
  })

  test('with protected resources included leaves the home as it was, in the reverse order of making', async () => {
    const before = (await writesOf(here.azure)).length
    const operation = await destroy(true)
    expect(
      operation.state,
      JSON.stringify(operation.conditions.filter(({ reason }) => reason !== 'Removed')),
    ).toBe('succeeded')
    expect(comparable(await here.azure.resources())).toEqual(home)
    expect(condition(operation, 'deleted-api-management/contoso-apim')).toMatchObject({ reason: 'Removed' })
    const deleted = (await writesOf(here.azure)).slice(before)
    expect(new Set(deleted.map(({ method }) => method))).toEqual(new Set(['DELETE']))
    const at = (part: string) => deleted.findIndex(({ url }) => url.includes(part))
    expect(at('/service/contoso-apim')).toBeLessThan(at('/deletedservices/contoso-apim'))
    expect(at('/deletedservices/contoso-apim')).toBeLessThan(at('/subnets/snet-apim'))
    expect(at('/subnets/snet-apim')).toBeLessThan(at('/networkSecurityGroups/nsg-apim'))
    await expect(here.client.environment('contoso')).rejects.toMatchObject({ problem: { status: 404 } })
  })

  test('is never begun for what is not there', async () => {
    await expect(here.client.destroy('contoso', 'contoso', true)).rejects.toMatchObject({
      problem: { status: 404 },
    })
    await expect(here.client.repair('contoso')).rejects.toMatchObject({ problem: { status: 404 } })
  })

  test('frees the name, so that the same document can be applied again; and goes on after trouble of Azure', async () => {
    expect((await provision(here.client, contoso())).state).toBe('succeeded')
    await here.azure.addFault({
      match: { plane: 'arm', method: 'DELETE', from: 2, count: 3 },
      do: { status: 409, body: { error: { code: 'AnotherOperationInProgress', message: 'busy' } } },
    })
    await here.azure.addFault({
      match: { plane: 'arm', method: 'DELETE', from: 8, count: 2 },
      do: { loseResponse: true },
    })
    expect((await destroy(true)).state).toBe('succeeded')
    expect(comparable(await here.azure.resources())).toEqual(home)
  })
})

describe('what the document says of protection', () => {
  const whole = contoso(
    'contoso',
    [/^network:/m, 'data: { storage: contosoaidata }\nnetwork:'],
    [/^ {2}agents:/m, '  dns: { privatelink.blob.core.windows.net: existing }\n  agents:'],
    [/$/, '  pools: [{ name: gpt-4o, deployment: gpt-4o, members: [{ account: contoso-eus }] }]\n'],
    [/$/, 'foundry:\n  accounts: [{ name: contoso-eus, location: eastus, deployments: [DEPLOYMENT] }]\n'],
    ['DEPLOYMENT', '{ model: gpt-4o, version: "2024-11-20", sku: GlobalStandard, capacity: 100 }'],
  )
  const saying = (protect: string) => `${whole}protect: { ${protect} }\n`

  test('is refused where it names no resource, with its path and the names near it, before anything is stored', async () => {
    await expect(here.client.apply('contoso', saying('pools/gpt-4o: true'))).rejects.toMatchObject({
      problem: {
        status: 400,
        faults: [{ path: 'protect.pools/gpt-4o', remedy: expect.stringContaining('pool/gpt-4o') }],
      },
    })
    await expect(here.client.environment('contoso')).rejects.toMatchObject({ problem: { status: 404 } })
  })

  test('is shown, and holds, also for what an earlier document made: what it protects stays and names itself', async () => {
    expect((await provision(here.client, whole)).state).toBe('succeeded')
    const lines = 'pool/gpt-4o: true, subnet/snet-agents: true, storage/contosoaidata: false'
    const document = saying(lines).replace(/^ {2}agents:\n(?: {4}.*\n)+/m, '')
    const said = (await here.client.plan('contoso', document)).notes.map(({ about }) => about)
    expect(said).toContain('protect.storage/contosoaidata')
    expect(said).not.toContain('protect.pool/gpt-4o')
    expect((await provision(here.client, document)).state).toBe('succeeded')
    const { leftBehind, protected: stays } = await here.client.environment('contoso')
    expect(leftBehind).toEqual(['subnet/snet-agents'])
    expect(stays).toEqual(expect.arrayContaining(['pool/gpt-4o', 'subnet/snet-agents']))
    expect(stays).not.toContain('storage/contosoaidata')

    const operation = await destroy(false)
    expect(operation.state).toBe('partial')
    for (const key of ['pool/gpt-4o', 'subnet/snet-agents'])
      expect(condition(operation, key), key).toMatchObject({ reason: 'Protected' })
    expect(condition(operation, 'pool/gpt-4o')?.message).toContain('include=protected')
    expect(condition(operation, 'backend/contoso-eus--gpt-4o')).toMatchObject({ reason: 'NeededBy' })
    expect(operation.steps.map(({ resource }) => resource)).toContain('storage/contosoaidata')
    const world = await here.azure.resources()
    expect(exists(world, 'contosoaidata'), 'unprotected').toBe(false)
    expect(exists(world, 'snet-agents')).toBe(true)
    expect(world.some(({ id }) => id.endsWith('/backends/gpt-4o'))).toBe(true)
    expect((await destroy(true)).state).toBe('succeeded')
    expect(comparable(await here.azure.resources())).toEqual(home)
  }, 120_000)
})
