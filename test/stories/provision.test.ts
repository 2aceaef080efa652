import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openClient, Refused } from '../../cli/client.ts'
import {
  Environment,
  EnvironmentList,
  Health,
  Operation,
  Plan,
  ProblemDetails,
} from '../../functions/schemas.ts'
import { type ArmObject, isWrite } from '../../lab/azure-client.ts'
import type { OperationView } from '../../src/operations/show.ts'
import {
  comparable,
  condition,
  contoso,
  ended,
  provision,
  quick,
  type Running,
  running,
  writesOf,
} from './lab.ts'

/** One lab, one provision from nothing, and what can be seen of it. */
let here: Running
let home: ArmObject[]
let first: OperationView
beforeAll(async () => {
  here = await running()
  home = await here.azure.resources()
  first = await provision(here.client)
}, 60_000)
afterAll(() => here[Symbol.asyncDispose]())

const get = (path: string, init?: RequestInit) => fetch(new URL(path, here.lab.app), init)

describe('one call provisions a private network and a gateway', () => {
  test('from nothing to Ready, after the time API Management takes', () => {
    expect(first).toMatchObject({ state: 'succeeded', kind: 'provision', environment: 'contoso' })
    expect(first.conditions.filter(({ status }) => status !== 'True')).toEqual([])
    expect(first.steps).toHaveLength(22)
    const minutes = (Date.parse(first.finishedAt ?? '') - Date.parse(first.createdAt)) / 60_000
    expect(minutes).toBeGreaterThan(35)
    expect(minutes).toBeLessThan(50)
  })

  test('so that the gateway is internal and its five names lead to its private address', async () => {
    const world = await here.azure.resources()
    const service = world.find(({ type }) => type === 'Microsoft.ApiManagement/service')
    expect(service?.properties).toMatchObject({
      virtualNetworkType: 'Internal',
      provisioningState: 'Succeeded',
    })
    const [address] = (service?.properties?.['privateIPAddresses'] ?? []) as string[]
    expect(address).toMatch(/^192\.168\.1\./)
    const records = world.filter(({ type }) => type === 'Microsoft.Network/privateDnsZones/A')
    const ours = records.filter(({ id }) => id.includes('azure-api.net'))
    expect(ours.map(({ properties }) => properties?.['aRecords'])).toEqual(
      Array(5).fill([{ ipv4Address: address }]),
    )
  })

  test('so that the agents’ subnet has the security group and the route table of the app’s', async () => {
    const world = await here.azure.resources()
    const [agents, ops] = ['snet-agents', 'snet-agents-ops'].map(
      (name) => world.find((it) => it.name === name)?.properties,
    )
    expect(agents?.['networkSecurityGroup']).toEqual(ops?.['networkSecurityGroup'])
    expect(agents?.['routeTable']).toEqual(ops?.['routeTable'])
  })

  test('without a write to anything the home owns, and without losing a subnet', async () => {
    const written = (await writesOf(here.azure)).map(({ url }) => url.split('?')[0]?.toLowerCase())
    const world = await here.azure.resources()
    for (const { id } of home) {
      expect(written).not.toContain(id.toLowerCase())
      expect(world.map((it) => it.id)).toContain(id)
    }
  })

  test('without ever being told 409: writes of one lock domain do not overlap', async () => {
    expect((await writesOf(here.azure)).filter(({ status }) => status >= 400)).toEqual([])
  })

  test('with every write under a token of the app’s identity, and one write per resource', async () => {
    const writes = await writesOf(here.azure)
    expect(new Set(writes.map(({ caller }) => caller)).size).toBe(1)
    expect(writes.map(({ method }) => method)).toEqual(Array(22).fill('PUT'))
    expect(new Set(writes.map(({ url }) => url)).size).toBe(22)
  })
})

test('a second PUT of the same document makes an operation with an empty plan and no write', async () => {
  const before = (await here.azure.journal()).length
  const world = comparable(await here.azure.resources())
  const again = await provision(here.client)
  expect(again).toMatchObject({ state: 'succeeded', steps: [] })
  expect(again.id).not.toBe(first.id)
  const since = (await here.azure.journal()).slice(before)
  expect(since.filter(isWrite)).toEqual([])
  expect(comparable(await here.azure.resources())).toEqual(world)
})

describe('the API', () => {
  test('answers in the shapes the route table promises', async () => {
    const shapes = [
      ['/api/health', Health],
      ['/api/environments', EnvironmentList],
      ['/api/environments/contoso', Environment],
      [`/api/operations/${first.id}`, Operation],
    ] as const
    for (const [path, shape] of shapes) {
      const response = await get(path)
      expect(response.status, path).toBe(200)
      shape.parse(await response.json())
    }
  })

  test('answers a bad document with every fault, and writes nothing', async () => {
    const before = await writesOf(here.azure)
    const body = contoso('contoso', ['sku: Developer', 'sku: Basic'], ['location: eastus', 'region: eastus'])
    const response = await get('/api/environments/contoso', { method: 'PUT', body })
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    const problem = ProblemDetails.parse(await response.json())
    expect(problem.faults?.map(({ path }) => path).toSorted()).toEqual([
      'gateway.apim.sku',
      'location',
      'region',
    ])
    const stored = Environment.parse(await (await get('/api/environments/contoso')).json())
    expect(stored.document.gateway.apim.sku).toBe('Developer')
    expect(await writesOf(here.azure)).toEqual(before)
  })

  test('refuses a resource group the app was not given', async () => {
    const refused = provision(here.client, contoso('contoso', ['rg-contoso-ai', 'rg-somebody-elses']))
    await expect(refused).rejects.toThrow(Refused)
    await expect(refused).rejects.toMatchObject({ problem: { faults: [{ path: 'resourceGroup' }] } })
  })

  test('says 404 for what is not there, whatever it is called', async () => {
    for (const path of [
      '/api/environments/nobody',
      '/api/operations/x',
      "/api/operations/a'b-provision-20261123T000000Z-aaaa",
      '/api/nothing',
    ])
      expect((await get(path)).status, path).toBe(404)
    expect((await get('/api/operations/x/cancel', { method: 'POST' })).status).toBe(404)
  })

  test('turns another document away while one is being carried out, and takes the same one as the same call', async () => {
    await here.azure.setSpeed(1)
    const running = await here.client.apply('other', contoso('other', ['owner: platform', 'owner: them']))
    const same = await get('/api/environments/other', {
      method: 'PUT',
      body: contoso('other', ['owner: platform', 'owner: them']),
    })
    expect([same.status, same.headers.get('location')]).toEqual([202, `/api/operations/${running}`])
    const other = await get('/api/environments/other', { method: 'PUT', body: contoso('other') })
    expect([other.status, other.headers.get('location')]).toEqual([409, `/api/operations/${running}`])
    expect(ProblemDetails.parse(await other.json()).reason).toBe('operation-running')
    const stored = Environment.parse(await (await get('/api/environments/other')).json())
    expect(stored.document.tags).toEqual({ owner: 'them' })

    const cancelled = await get(`/api/operations/${running}/cancel`, { method: 'POST' })
    expect(cancelled.status).toBe(202)
    await here.azure.setSpeed(Number(quick))
    await expect
      .poll(async () => (await here.client.operation(running)).state, { timeout: 20_000 })
      .toBe('cancelled')
    expect((await get(`/api/operations/${running}/cancel`, { method: 'POST' })).status).toBe(409)
  })
})

test('drift of a safe field is put back, and what strangers added stays', async () => {
  const put = await provision(here.client, contoso('contoso', ['owner: platform', 'owner: new']))
  expect(put.state).toBe('succeeded')
  expect(put.steps.every(({ changes }) => changes.every(({ path }) => path === 'tags.owner'))).toBe(true)
  const group = (await here.azure.resources()).find(({ name }) => name === 'nsg-apim')
  expect(group?.['tags']).toEqual({ owner: 'new' })
})

describe('a change that can interrupt the gateway', () => {
  const apim = 'api-management/contoso-apim'
  const premium = contoso('contoso', ['owner: platform', 'owner: new'], ['sku: Developer', 'sku: Premium'])
  const servicePuts = async () =>
    (await writesOf(here.azure)).filter(({ url }) => url.includes('/service/')).length
  const waiting = async (id: string) => {
    await expect
      .poll(async () => (await here.client.operation(id)).state, { timeout: 20_000 })
      .toBe('awaiting-approval')
    return here.client.operation(id)
  }

  test('is shown by a plan, which writes nothing', async () => {
    const before = await writesOf(here.azure)
    const response = await get('/api/environments/contoso/plan', { method: 'POST', body: premium })
    const plan = Plan.parse(await response.json())
    expect(plan.steps).toMatchObject([
      {
        resource: apim,
        action: 'update',
        risk: 'disruptive',
        changes: [{ path: 'sku.name', before: 'Developer', after: 'Premium' }],
      },
    ])
    expect(plan.criticalPath).toEqual([apim])
    expect(await writesOf(here.azure)).toEqual(before)
    const stored = Environment.parse(await (await get('/api/environments/contoso')).json())
    expect(stored.document.gateway.apim.sku).toBe('Developer')
  })

  test('waits for approval, and is not made when the operation is cancelled', async () => {
    const before = await servicePuts()
    const id = await here.client.apply('contoso', premium)
    const operation = await waiting(id)
    expect(condition(operation, apim, 'Synced')).toMatchObject({
      status: 'False',
      reason: 'AwaitingApproval',
    })
    expect(condition(operation, apim, 'Ready')?.status).toBe('True')
    await here.client.cancel(id)
    expect((await ended(here.client, id)).state).toBe('cancelled')
    expect(await servicePuts()).toBe(before)
  })

  test('is made once its plan is approved, by that plan’s hash and no other', async () => {
    const before = await servicePuts()
    const id = await here.client.apply('contoso', premium)
    const { planHash } = await waiting(id)
    await expect(here.client.approve(id, 'another')).rejects.toMatchObject({
      problem: { reason: 'plan-moved' },
    })
    await here.client.approve(id, planHash ?? '')
    const operation = await ended(here.client, id)
    expect(operation).toMatchObject({ state: 'succeeded', approvedBy: expect.any(String) })
    expect(await servicePuts()).toBe(before + 1)
    await expect(here.client.approve(id, planHash ?? '')).resolves.toBeUndefined()
  })

  test('is planned anew when the world moves between approval and act', async () => {
    const id = await here.client.apply(
      'contoso',
      contoso('contoso', ['owner: platform', 'owner: new'], ['sku: Developer', 'sku: Premium\n    units: 2']),
    )
    const first = await waiting(id)
    const service = (await here.azure.resources()).find(
      ({ type }) => type === 'Microsoft.ApiManagement/service',
    )
    await here.azure.setSpeed(1)
    await here.client.approve(id, first.planHash ?? '')
    await here.azure.arm('PUT', `${service?.id}?api-version=2024-05-01`, {
      ...service,
      sku: { name: 'Premium', capacity: 3 },
    })
    await here.azure.setSpeed(Number(quick))
    const second = await waiting(id)
    expect(second.planHash).not.toBe(first.planHash)
    expect(second.steps.at(-1)?.changes).toEqual([{ path: 'sku.capacity', before: 3, after: 2 }])
    await here.client.cancel(id)
    expect((await ended(here.client, id)).state).toBe('cancelled')
  })
})

test('roles are asked for at every door', async () => {
  await using guarded = await running({ auth: true, temper: 'fast' })
  const statusOf = async (method: string, path: string, roles?: string[]) => {
    const token = roles && (await guarded.azure.token(roles))
    const response = await fetch(new URL(path, guarded.lab.app), {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        'x-ms-client-principal': 'Zm9yZ2Vk',
      },
      ...(method === 'PUT' ? { body: '' } : {}),
    })
    return response.status
  }
  expect(await statusOf('GET', '/api/health')).toBe(200)
  expect(await statusOf('GET', '/api/environments')).toBe(401)
  const table: [
    method: string,
    path: string,
    [none: number, read: number, operate: number, approve: number],
  ][] = [
    ['GET', '/api/environments', [403, 200, 200, 200]],
    ['GET', '/api/environments/x', [403, 404, 404, 404]],
    ['PUT', '/api/environments/x', [403, 403, 400, 403]],
    ['GET', '/api/operations/x', [403, 404, 404, 404]],
    ['POST', '/api/environments/x/plan', [403, 404, 404, 404]],
    ['POST', '/api/operations/x/cancel', [403, 403, 404, 403]],
    ['POST', '/api/operations/x/approve', [403, 403, 403, 400]],
  ]
  for (const [method, path, statuses] of table)
    for (const [index, roles] of [['Nothing'], ['Ops.Read'], ['Ops.Operate'], ['Ops.Approve']].entries())
      expect(await statusOf(method, path, roles), `${method} ${path} as ${roles}`).toBe(statuses[index])
  const client = openClient(guarded.lab.app, await guarded.azure.token(['Ops.Operate']))
  expect((await provision(client)).state).toBe('succeeded')
})
