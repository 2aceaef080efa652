import { expect, test } from 'vitest'
import { GROUP, openAzure, VNET } from './open.ts'

test('the subscription, its regions and its providers can be asked', async () => {
  const { arm, subscriptionId } = await openAzure()
  const subscription = `/subscriptions/${subscriptionId}`
  expect((await arm('GET', '/subscriptions')).body.value).toHaveLength(1)
  expect((await arm('GET', subscription)).body.state).toBe('Enabled')
  expect((await arm('GET', `${subscription}/locations`)).body.value.length).toBeGreaterThan(10)
  const provider = (await arm('GET', `${subscription}/providers/Microsoft.Network`)).body
  expect(provider.registrationState).toBe('Registered')
})

test('a write under an unregistered provider is refused until it is registered', async () => {
  const { arm, group, subscriptionId, advance } = await openAzure()
  const provider = `/subscriptions/${subscriptionId}/providers/Microsoft.Network`
  const put = () =>
    arm('PUT', `${group}/providers/Microsoft.Network/routeTables/rt`, { body: { location: 'eastus' } })
  await arm('POST', `${provider}/unregister`)
  expect((await put()).body.error.code).toBe('MissingSubscriptionRegistration')
  expect((await arm('POST', `${provider}/register`)).body.registrationState).toBe('Registering')
  await advance(120)
  expect((await put()).status).toBe(201)
})

test('groups are made at once, listed, tagged, and asked for with HEAD', async () => {
  const { arm, subscriptionId, group } = await openAzure()
  const path = group.replace(GROUP, 'rg-new')
  expect((await arm('HEAD', path)).status).toBe(404)
  const created = await arm('PUT', path, { body: { location: 'westus', tags: { a: '1' } } })
  expect([created.status, created.body.properties.provisioningState]).toEqual([201, 'Succeeded'])
  expect((await arm('HEAD', path)).status).toBe(204)
  await arm('PATCH', path, { body: { tags: { 'ops-pause': 'true' } } })
  expect((await arm('GET', path)).body.tags).toEqual({ 'ops-pause': 'true' })
  const { value } = (await arm('GET', `/subscriptions/${subscriptionId}/resourceGroups`)).body
  expect(value.map(({ name }: { name: string }) => name)).toEqual([GROUP, 'rg-new'])
})

test('deleting a group deletes what is in it, in an order that works', async () => {
  const { arm, group, advance } = await openAzure()
  const path = group.replace(GROUP, 'rg-new')
  const network = `${path}/providers/Microsoft.Network`
  await arm('PUT', path, { body: { location: 'eastus' } })
  await arm('PUT', `${network}/networkSecurityGroups/nsg`, { body: { location: 'eastus' } })
  const subnets = [
    {
      name: 's',
      properties: {
        addressPrefix: '10.0.0.0/24',
        networkSecurityGroup: { id: `${network}/networkSecurityGroups/nsg` },
      },
    },
  ]
  await arm('PUT', `${network}/virtualNetworks/v1`, {
    body: { location: 'eastus', properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] }, subnets } },
  })
  await advance(10)
  const deleted = await arm('DELETE', path)
  expect(deleted.status).toBe(202)
  const late = await arm('PUT', `${network}/routeTables/rt`, { body: { location: 'eastus' } })
  expect(late.body.error.code).toBe('ResourceGroupBeingDeleted')
  const location = new URL(String(deleted.headers.get('location')))
  expect((await arm('GET', location.pathname)).status).toBe(202)
  await advance(200)
  expect((await arm('GET', location.pathname)).status).toBe(204)
  expect((await arm('GET', path)).body.error.code).toBe('ResourceGroupNotFound')
})

test('a group with something that cannot go stays, with what is left', async () => {
  const { arm, group, advance } = await openAzure()
  const deleted = await arm('DELETE', group)
  await advance(200)
  const outcome = (await arm('GET', new URL(String(deleted.headers.get('location'))).pathname)).body
  expect(outcome.error.code).toBe('ResourceGroupDeletionBlocked')
  expect(outcome.error.message).toContain(VNET)
  expect((await arm('GET', group)).body.properties.provisioningState).toBe('Failed')
  const { value } = (await arm('GET', `${group}/resources`)).body
  expect(value.map(({ type }: { type: string }) => type)).not.toContain('Microsoft.Network/privateDnsZones')
})

test('the empty world holds a group and nothing else', async () => {
  const { lab, arm, group } = await openAzure({ world: 'empty' })
  expect((await arm('GET', `${group}/resources`)).body.value).toEqual([])
  expect(await lab('GET', 'resources')).toHaveLength(1)
})
