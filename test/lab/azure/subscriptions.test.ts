import { expect, test } from 'vitest'
import { openGateway, SERVICE } from './gateway.ts'
import { GROUP } from './open.ts'

async function openProduct() {
  const gateway = await openGateway()
  await gateway.put('apis/openai', { path: 'openai', displayName: 'AI' })
  await gateway.put('products/teams', { displayName: 'Teams', state: 'published' })
  return gateway
}

test('keys are told by listSecrets alone and change one by one', async () => {
  const { apim, put, get, entity } = await openProduct()
  const { subscription } = apim
  const made = await subscription.createOrUpdate(GROUP, SERVICE, 'red', {
    displayName: 'Red team',
    scope: '/products/teams',
    state: 'active',
  })
  expect(made).toMatchObject({ scope: entity('products/teams'), state: 'active' })
  expect((await get('subscriptions/red')).body.properties).not.toHaveProperty('primaryKey')
  const before = await subscription.listSecrets(GROUP, SERVICE, 'red')
  expect(before.primaryKey).toMatch(/^[0-9a-f]{32}$/)
  await put('subscriptions/red', { displayName: 'Reds', scope: entity('products/teams'), state: 'active' })
  expect(await subscription.listSecrets(GROUP, SERVICE, 'red')).toMatchObject({
    primaryKey: before.primaryKey,
  })
  await subscription.regeneratePrimaryKey(GROUP, SERVICE, 'red')
  const after = await subscription.listSecrets(GROUP, SERVICE, 'red')
  expect(after.primaryKey).not.toBe(before.primaryKey)
  expect(after.secondaryKey).toBe(before.secondaryKey)
})

test('a scope is an API, a product or all APIs of this service', async () => {
  const { put, faults, entity } = await openProduct()
  const named = (scope: string) => ({ displayName: 'x', scope })
  for (const [scope, full] of [
    ['/apis', entity('apis')],
    ['/apis/OPENAI', entity('apis/openai')],
    [entity('apis/openai'), entity('apis/openai')],
  ] as const)
    expect((await put('subscriptions/x', named(scope))).body.properties.scope).toBe(full)
  for (const scope of ['/products/none', '/backends/x', '/apis/openai/operations/x'])
    expect((await faults('subscriptions/y', named(scope)))[1]).toMatch(/^scope: /)
})

test('without a state a subscription only waits for approval', async () => {
  const { put } = await openProduct()
  const made = await put('subscriptions/x', { displayName: 'x', scope: '/apis/openai' })
  expect(made.body.properties.state).toBe('submitted')
})

test('a product with subscriptions goes only with them, an API takes its own along', async () => {
  const { put, get, remove, apim } = await openProduct()
  await put('subscriptions/red', { displayName: 'x', scope: '/products/teams' })
  await put('subscriptions/blue', { displayName: 'x', scope: '/apis/openai' })
  await put('subscriptions/all', { displayName: 'x', scope: '/apis' })
  expect((await remove('products/teams')).status).toBe(400)
  await apim.product.delete(GROUP, SERVICE, 'teams', '*', { deleteSubscriptions: true })
  await remove('apis/openai')
  const left = []
  for await (const one of apim.subscription.list(GROUP, SERVICE)) left.push(one.name)
  expect(left).toEqual(['all'])
  expect((await get('subscriptions/red')).status).toBe(404)
})
