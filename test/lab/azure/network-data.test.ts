import { expect, test } from 'vitest'
import { type DataCall, isUnreached, type Vantage } from '../../../lab/azure/data/call.ts'
import { deny, type NetworkWorld, openNetworkWorld } from './network-world.ts'

const ACCOUNT = 'contoso-eus.openai.azure.com'

const get = (host: string, more: Partial<DataCall> = {}): DataCall => ({
  method: 'GET',
  host,
  path: '/openai/models?api-version=2024-10-21',
  headers: {},
  body: '',
  gone: new AbortController().signal,
  ...more,
})

/** The status of a call within the process, or why it did not come to one. */
async function story({ data }: NetworkWorld, from: Vantage, call: DataCall) {
  const result = await data.send(call, from)
  return isUnreached(result) ? result.unreached : result.status
}

test('a call within the process takes the same ways as one over the wire', async () => {
  const world = await openNetworkWorld()
  expect(await story(world, world.apim, get(ACCOUNT))).toBe(401)
  expect(await story(world, 'internet', get(ACCOUNT))).toBe(403)
  expect(await story(world, world.ops, get('nobody.openai.azure.com'))).toBe('ENOTFOUND')
  world.rule('nsg-apim', 'Cut', deny('Outbound', '192.168.2.0/26'))
  expect(await story(world, world.apim, get(ACCOUNT))).toBe('ETIMEDOUT')
  expect(await story(world, world.ops, get(ACCOUNT))).toBe(401)
})

test('a name that leads to somebody else ends at the certificate', async () => {
  const world = await openNetworkWorld()
  world.record(world.zone('privatelink.openai.azure.com'), 'contoso-eus', '192.168.1.9')
  world.record(world.zone('privatelink.openai.azure.com'), 'contoso-eus', world.gatewayAddress)
  const result = await world.data.send(get(ACCOUNT), world.ops)
  expect(result).toEqual({
    unreached: 'CERT',
    because: expect.stringMatching(/is for contoso-apim\.azure-api\.net.*, not for contoso-eus\.openai/),
  })
})

test('the journal knows the plane, and nothing of generated traffic', async () => {
  const world = await openNetworkWorld()
  await story(world, world.ops, get(ACCOUNT))
  await story(world, world.ops, get(ACCOUNT, { journalled: false }))
  await story(world, world.ops, get('contoso-apim.azure-api.net', { method: 'POST', body: '{"a":1}' }))
  await story(world, world.ops, get('contoso-kv.vault.azure.net'))
  expect(world.journal.since(0)).toMatchObject([
    {
      plane: 'model',
      url: `${ACCOUNT}/openai/models?api-version=2024-10-21`,
      apiVersion: '2024-10-21',
      status: 401,
    },
    { plane: 'gateway', method: 'POST', requestBody: { a: 1 } },
    { plane: 'other', status: 401, caller: null },
  ])
})

test('faults change calls within the process, too: time, bodies that break, ways that are closed', async () => {
  const world = await openNetworkWorld()
  const fault = (does: object, match: object = {}) =>
    world.faults.add({
      match: { from: 1, count: 1, share: 1, path: `^${ACCOUNT}`, ...match },
      do: does,
    })
  fault({ slowSeconds: 3 })
  const slow = await world.data.send(get(ACCOUNT), world.ops)
  expect(isUnreached(slow) ? 0 : slow.tookMs).toBeGreaterThanOrEqual(3000)
  fault({ unreached: 'ECONNREFUSED' })
  expect(await story(world, world.ops, get(ACCOUNT))).toBe('ECONNREFUSED')
  fault({ breakAfterBytes: 4 })
  const broken = await world.data.send(get(ACCOUNT), world.ops)
  const chunks: string[] = []
  const reading = async () => {
    for await (const chunk of isUnreached(broken) ? [] : broken.body) chunks.push(chunk)
  }
  await expect(reading()).rejects.toThrow('broken after 4 bytes')
  expect(chunks.join('')).toHaveLength(4)
  expect(await story(world, world.ops, get(ACCOUNT))).toBe(401)
})

test('capacity is a condition: it lasts while the fault is there, and strikes no call', async () => {
  const world = await openNetworkWorld()
  const { id } = world.faults.add({
    match: { from: 1, count: 1, share: 1, plane: 'model', path: '^contoso-eus' },
    do: { capacityShare: 0.25 },
  })
  await story(world, world.ops, get(ACCOUNT))
  expect([
    world.faults.capacityShare(ACCOUNT),
    world.faults.capacityShare('contoso-open.openai.azure.com'),
  ]).toEqual([0.25, 1])
  expect(world.journal.since(0)[0]).not.toHaveProperty('fault')
  world.faults.remove(id)
  expect(world.faults.capacityShare(ACCOUNT)).toBe(1)
})

test('a dial is remembered until the world changes: thousands a second cost nothing', async () => {
  const world = await openNetworkWorld()
  const startedAt = performance.now()
  for (let turn = 0; turn < 20_000; turn++) world.network.dial(world.apim, ACCOUNT, 443)
  expect(performance.now() - startedAt).toBeLessThan(5_000)
})
