import { expect, test } from 'vitest'
import { GROUP, openAzure, VNET } from './open.ts'

const table = (group: string, name = 'rt-x') => `${group}/providers/Microsoft.Network/routeTables/${name}`
const body = { location: 'eastus' }

test('a status with headers and body stands in for the answer, as often as asked, from where it is asked', async () => {
  const lab = await openAzure()
  const { id } = await lab.fault(
    { method: 'GET', path: 'virtualNetworks', from: 2, count: 2 },
    { status: 429, headers: { 'Retry-After': '17' } },
  )
  const statuses = []
  for (let call = 0; call < 4; call++) {
    const answer = await lab.arm('GET', `${lab.group}/providers/Microsoft.Network/virtualNetworks/${VNET}`)
    statuses.push(answer.status)
    if (answer.status === 429) expect(answer.headers.get('retry-after')).toBe('17')
  }
  expect(statuses).toEqual([200, 429, 429, 200])
  const struck = (await lab.journal()).filter(({ fault }) => fault === id)
  expect(struck.map(({ status }) => status)).toEqual([429, 429])
  expect(await lab.lab('GET', 'faults')).toMatchObject([{ id, seen: 4, struck: 2 }])
  await lab.lab('DELETE', `faults/${id}`)
  expect(await lab.lab('GET', 'faults')).toEqual([])
})

test('a reset kills the connection before anything is done', async () => {
  const lab = await openAzure()
  await lab.fault({ plane: 'arm', method: 'PUT' }, { reset: true })
  await expect(lab.arm('PUT', table(lab.group), { body })).rejects.toThrow()
  expect((await lab.arm('GET', table(lab.group))).status).toBe(404)
  expect((await lab.journal()).find(({ method }) => method === 'PUT')).toMatchObject({
    status: null,
    requestBody: body,
  })
})

test('a lost response leaves the work done', async () => {
  const lab = await openAzure({ temper: 'fast' })
  await lab.fault({ plane: 'arm', method: 'PUT' }, { loseResponse: true })
  await expect(lab.arm('PUT', table(lab.group), { body })).rejects.toThrow()
  expect((await lab.arm('GET', table(lab.group))).status).toBe(200)
  expect((await lab.journal()).find(({ method }) => method === 'PUT')).toMatchObject({ status: 201 })
})

test('a delay lets time pass on the wall and then carries out', async () => {
  const lab = await openAzure()
  await lab.fault({ plane: 'arm' }, { delaySeconds: 0.3 })
  const started = performance.now()
  expect((await lab.arm('GET', lab.group)).status).toBe(200)
  expect(performance.now() - started).toBeGreaterThan(290)
})

test('failed provisioning is felt at the end of the operation, with the error given', async () => {
  const lab = await openAzure()
  const error = { code: 'InsufficientQuota', message: 'No more of these.' }
  await lab.fault({ method: 'PUT', path: 'rt-x' }, { provisioning: 'failed', body: { error } })
  const created = await lab.arm('PUT', table(lab.group), { body })
  expect(created.status).toBe(201)
  const operation = new URL(String(created.headers.get('azure-asyncoperation'))).pathname
  await lab.advance(9)
  expect((await lab.arm('GET', operation)).body).toMatchObject({ status: 'Failed', error })
  expect((await lab.arm('GET', table(lab.group))).body.properties.provisioningState).toBe('Failed')
  expect((await lab.arm('PUT', table(lab.group), { body })).status).toBe(200)
  await lab.advance(9)
  expect((await lab.arm('GET', table(lab.group))).body.properties.provisioningState).toBe('Succeeded')
})

test('stuck provisioning never ends and keeps its lock', async () => {
  const lab = await openAzure()
  await lab.fault({ method: 'PUT' }, { provisioning: 'stuck' })
  await lab.arm('PUT', table(lab.group), { body })
  await lab.advance(20 * 3600)
  expect((await lab.arm('GET', table(lab.group))).body.properties.provisioningState).toBe('Updating')
  expect([409, 429]).toContain((await lab.arm('PUT', table(lab.group), { body })).status)
})

test('a fault on the token plane strikes the token plane', async () => {
  const lab = await openAzure()
  await lab.fault({ plane: 'token' }, { status: 500 })
  const answer = await fetch(`${lab.identity.endpoint}?resource=x`)
  expect(answer.status).toBe(500)
})

test('a fault that is none is refused, with what is wrong', async () => {
  const lab = await openAzure()
  await expect(lab.fault({ plane: 'arm' }, { explode: true })).rejects.toThrow(/400.*explode/s)
  await expect(lab.fault({ path: '(' }, { status: 500 })).rejects.toThrow(/400/)
})

test('the journal holds every call with its caller and its body, and can be read from a row on', async () => {
  const lab = await openAzure()
  await lab.arm('GET', lab.group)
  const before = (await lab.journal()).length
  const { token } = await lab.lab('POST', 'tokens', {
    audience: 'https://management.azure.com',
    objectId: 'somebody',
  })
  await lab.arm('PATCH', lab.group, { body: { tags: {} }, headers: { authorization: `Bearer ${token}` } })
  await fetch(`${lab.url}/nowhere`)
  expect(await lab.journal(before)).toMatchObject([
    {
      seq: before + 1,
      plane: 'arm',
      method: 'PATCH',
      url: `/subscriptions/${lab.subscriptionId}/resourceGroups/${GROUP}?api-version=2024-05-01`,
      apiVersion: '2024-05-01',
      status: 200,
      caller: 'somebody',
      requestBody: { tags: {} },
    },
    { seq: before + 2, plane: 'other', status: 404, caller: null },
  ])
})
