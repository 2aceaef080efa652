import { expect, test } from 'vitest'
import { openGateway, SERVICE } from './gateway.ts'
import { GROUP } from './open.ts'
import { settle } from './sdk.ts'

test('a secret is told by listValue alone, a plain value by GET', async () => {
  const lab = await openGateway({ temper: 'usual' })
  const { namedValue } = lab.apim
  const made = await settle(
    lab,
    await namedValue.beginCreateOrUpdate(GROUP, SERVICE, 'tenant', { displayName: 'tenant-id', value: 'T' }),
  )
  expect(made).toMatchObject({ value: 'T', secret: false, provisioningState: 'Succeeded' })
  const secret = { displayName: 'probe-key', value: 'hush', secret: true }
  expect((await lab.put('namedValues/probe', secret)).status).toBe(202)
  await lab.advance(30)
  const read = await lab.get('namedValues/probe')
  expect(read.body.properties).not.toHaveProperty('value')
  expect(JSON.stringify(await lab.lab('GET', 'resources'))).not.toContain('hush')
  expect((await namedValue.listValue(GROUP, SERVICE, 'probe')).value).toBe('hush')
  await settle(lab, await namedValue.beginUpdate(GROUP, SERVICE, 'probe', '*', { tags: ['a'] }))
  expect((await namedValue.listValue(GROUP, SERVICE, 'probe')).value).toBe('hush')
})

test('display names are words, and belong to one value', async () => {
  const { put, faults } = await openGateway()
  await put('namedValues/one', { displayName: 'shared', value: 'x' })
  expect(await faults('namedValues/two', { displayName: 'SHARED', value: 'x' })).toEqual([
    'ValidationError',
    'name: Property with the same name already exist.',
  ])
  expect((await faults('namedValues/two', { displayName: 'two words', value: 'x' }))[1]).toMatch(
    /^displayName: /,
  )
  expect(await faults('namedValues/two', { displayName: 'two' })).toEqual([
    'ValidationError',
    'value: The field is required.',
  ])
  expect(await faults('namedValues/two', { displayName: 'two', value: 'x'.repeat(4097) })).toHaveLength(2)
})

test('a value that a policy names stays as long as the policy does', async () => {
  const { put, remove } = await openGateway()
  await put('namedValues/tenant', { displayName: 'tenant-id', value: 'x' })
  const value =
    '<policies><inbound><set-variable name="t" value="in {{tenant-id}}" /></inbound><backend /></policies>'
  expect((await put('policies/policy', { value, format: 'rawxml' })).status).toBe(201)
  const held = await remove('namedValues/tenant')
  expect([held.status, held.body.error.message]).toEqual([400, expect.stringContaining('/policies/policy')])
  await remove('policies/policy')
  expect((await remove('namedValues/tenant')).status).toBe(200)
})

test('a key vault reference shows the reference, not the secret', async () => {
  const { put, get } = await openGateway()
  const secretIdentifier = 'https://kv-contoso.vault.azure.net/secrets/probe'
  await put('namedValues/kv', { displayName: 'kv', secret: true, keyVault: { secretIdentifier } })
  expect((await get('namedValues/kv')).body.properties.keyVault).toMatchObject({ secretIdentifier })
})
