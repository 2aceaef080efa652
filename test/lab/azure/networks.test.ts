import { expect, test } from 'vitest'
import { GROUP, VNET } from './open.ts'
import { openSdk, type SdkLab, settle } from './sdk.ts'

const subnetNames = async (lab: SdkLab) =>
  ((await lab.network.virtualNetworks.get(GROUP, VNET)).subnets ?? []).map(({ name }) => name).sort()

const addressSpace = { addressPrefixes: ['192.168.0.0/16'] }

test('a create is followed by the SDK to its end while the clock goes on', async () => {
  const lab = await openSdk()
  const poller = lab.network.networkSecurityGroups.createOrUpdate(GROUP, 'nsg-apim', { location: 'East US' })
  await poller.poll()
  expect(poller.operationState?.status).toBe('running')
  const group = await settle(lab, poller, 10)
  expect(group).toMatchObject({ name: 'nsg-apim', location: 'eastus', provisioningState: 'Succeeded' })
  expect(group.defaultSecurityRules).toHaveLength(6)
})

test('the answer to a create names its operation, whose status tells start, share and end', async () => {
  const lab = await openSdk()
  const path = `${lab.group}/providers/Microsoft.Network/routeTables/rt-new`
  const created = await lab.arm('PUT', path, { body: { location: 'eastus' } })
  expect(created.status).toBe(201)
  expect(created.body.properties.provisioningState).toBe('Updating')
  expect(created.headers.get('retry-after')).toBe('10')
  const operation = new URL(String(created.headers.get('azure-asyncoperation')))
  const status = async () => (await lab.arm('GET', operation.pathname)).body
  expect(await status()).toMatchObject({ status: 'InProgress', name: operation.pathname.split('/').at(-1) })
  await lab.advance(9)
  const ended = await status()
  expect(ended).toMatchObject({ status: 'Succeeded', percentComplete: 100 })
  const seconds = (Date.parse(ended.endTime) - Date.parse(ended.startTime)) / 1000
  expect(seconds).toBeGreaterThanOrEqual(2)
  expect(seconds).toBeLessThanOrEqual(8)
  await lab.advance(25 * 3600)
  const { access_token } = await lab.tokenFor('https://management.azure.com')
  const expired = await lab.arm('GET', operation.pathname, {
    headers: { authorization: `Bearer ${access_token}` },
  })
  expect(expired.status).toBe(404)
})

test('a new object answers 404 for a moment', async () => {
  const lab = await openSdk({ temper: 'chaos', seed: 4 })
  const path = `${lab.group}/providers/Microsoft.Network/routeTables/rt-eventual`
  let status = 0
  while (status !== 201)
    status = await lab.arm('PUT', path, { body: { location: 'eastus' } }).then(
      (a) => a.status,
      () => 0,
    )
  const seen: number[] = []
  for (let second = 0; second < 25; second++) {
    seen.push(
      await lab.arm('GET', path).then(
        (answer) => answer.status,
        () => 0,
      ),
    )
    await lab.advance(1)
  }
  expect(seen[0]).toBe(404)
  expect(seen.at(-1)).toBe(200)
})

test('a PUT without subnets keeps them, with the list it replaces them', async () => {
  const lab = await openSdk({ temper: 'fast' })
  const put = (subnets?: object[]) =>
    settle(
      lab,
      lab.network.virtualNetworks.createOrUpdate(GROUP, VNET, {
        location: 'eastus',
        addressSpace,
        ...(subnets ? { subnets } : {}),
      }),
    )
  const kept = { name: 'snet-agents-ops', ...(await lab.network.subnets.get(GROUP, VNET, 'snet-agents-ops')) }
  await put()
  expect(await subnetNames(lab)).toEqual(['snet-agents-ops', 'snet-ops-endpoints'])
  await put([kept, { name: 'snet-apim', addressPrefix: '192.168.1.0/27' }])
  expect(await subnetNames(lab)).toEqual(['snet-agents-ops', 'snet-apim'])
})

test('leaving a subnet in use out of the list refuses the whole PUT, and nothing of it stays', async () => {
  const lab = await openSdk({ temper: 'fast' })
  const put = lab.arm('PUT', `${lab.group}/providers/Microsoft.Network/virtualNetworks/${VNET}`, {
    body: {
      location: 'eastus',
      tags: { half: 'done' },
      properties: {
        addressSpace,
        subnets: [{ name: 'snet-apim', properties: { addressPrefix: '192.168.1.0/27' } }],
      },
    },
  })
  const { status, body } = await put
  expect([status, body.error.code]).toEqual([400, 'InUseSubnetCannotBeDeleted'])
  expect(body.error.message).toContain('legionservicelink')
  const after = await lab.network.virtualNetworks.get(GROUP, VNET)
  expect(after.tags).not.toHaveProperty('half')
  expect(await subnetNames(lab)).toEqual(['snet-agents-ops', 'snet-ops-endpoints'])
})

test.each([
  ['outside the network', '10.0.0.0/24', 'NetcfgSubnetRangeOutsideVnet'],
  ['over a sibling', '192.168.5.16/28', 'NetcfgSubnetRangesOverlap'],
  ['with host bits set', '192.168.1.5/24', 'InvalidCIDRNotation'],
  ['that is no prefix', '192.168.1.0', 'InvalidAddressPrefixFormat'],
  ['smaller than /29', '192.168.1.0/30', 'NetcfgInvalidSubnet'],
])('a subnet %s is refused', async (_where, addressPrefix, code) => {
  const lab = await openSdk()
  const path = `${lab.group}/providers/Microsoft.Network/virtualNetworks/${VNET}/subnets/snet-x`
  const { status, body } = await lab.arm('PUT', path, { body: { properties: { addressPrefix } } })
  expect([status, body.error.code]).toEqual([400, code])
})

test('a subnet PUT replaces the subnet: what it leaves out is detached', async () => {
  const lab = await openSdk({ temper: 'fast' })
  const nsg = { id: `${lab.group}/providers/Microsoft.Network/networkSecurityGroups/nsg-agents` }
  const put = (body: object) =>
    settle(
      lab,
      lab.network.subnets.createOrUpdate(GROUP, VNET, 'snet-ops-endpoints', {
        addressPrefix: '192.168.6.0/27',
        ...body,
      }),
    )
  expect((await put({ networkSecurityGroup: nsg })).networkSecurityGroup?.id).toBe(nsg.id)
  expect((await put({})).networkSecurityGroup).toBeUndefined()
})

test('an occupied subnet keeps its delegation and its addresses, and cannot be deleted', async () => {
  const lab = await openSdk()
  const path = `${lab.group}/providers/Microsoft.Network/virtualNetworks/${VNET}/subnets/snet-agents-ops`
  const { properties } = (await lab.arm('GET', path)).body
  const put = async (changed: object) =>
    (await lab.arm('PUT', path, { body: { properties: { ...properties, ...changed } } })).body.error?.code
  expect(await put({ delegations: [] })).toBe('SubnetMissingRequiredDelegation')
  expect(await put({ addressPrefix: '192.168.7.0/27' })).toBe('InUsePrefixCannotBeDeleted')
  expect((await lab.arm('DELETE', path)).body.error.code).toBe('InUseSubnetCannotBeDeleted')
  expect(
    (await lab.arm('DELETE', `${lab.group}/providers/Microsoft.Network/virtualNetworks/${VNET}`)).body.error
      .code,
  ).toBe('InUseSubnetCannotBeDeleted')
  expect(await put({})).toBeUndefined()
})

test('a subnet that points at what is not there is refused', async () => {
  const lab = await openSdk()
  const path = `${lab.group}/providers/Microsoft.Network/virtualNetworks/${VNET}/subnets/snet-ops-endpoints`
  const routeTable = { id: `${lab.group}/providers/Microsoft.Network/routeTables/none` }
  const { body } = await lab.arm('PUT', path, {
    body: { properties: { addressPrefix: '192.168.6.0/27', routeTable } },
  })
  expect(body.error.code).toBe('InvalidResourceReference')
})

test('writes under one network do not overlap; another network does not mind', async () => {
  const lab = await openSdk()
  const network = `${lab.group}/providers/Microsoft.Network/virtualNetworks`
  const subnet = (name: string, addressPrefix: string) =>
    lab.arm('PUT', `${network}/${VNET}/subnets/${name}`, { body: { properties: { addressPrefix } } })
  expect((await subnet('snet-a', '192.168.1.0/27')).status).toBe(201)
  const refused = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(() => subnet('snet-b', '192.168.2.0/27')))
  expect(new Set(refused.map(({ body }) => body.error.code))).toEqual(
    new Set(['AnotherOperationInProgress', 'RetryableErrorDueToAnotherOperation']),
  )
  expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([409, 429]))
  const body = { location: 'eastus', properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } } }
  expect((await lab.arm('PUT', `${network}/vnet-other`, { body })).status).toBe(201)
  await lab.advance(9)
  expect((await subnet('snet-b', '192.168.2.0/27')).status).toBe(201)
})

test('deleting goes on for a while, and a second deletion finds nothing', async () => {
  const lab = await openSdk()
  const path = `${lab.group}/providers/Microsoft.Network/virtualNetworks/${VNET}/subnets/snet-ops-endpoints`
  const first = await lab.arm('DELETE', path)
  expect(first.status).toBe(202)
  expect(first.headers.get('location')).toMatch(/operationResults/)
  expect((await lab.arm('GET', path)).body.properties.provisioningState).toBe('Deleting')
  await lab.advance(9)
  expect((await lab.arm('GET', path)).status).toBe(404)
  expect((await lab.arm('DELETE', path)).status).toBe(204)
})

test('a PATCH of tags replaces the tags and nothing else', async () => {
  const lab = await openSdk()
  const before = await lab.network.virtualNetworks.get(GROUP, VNET)
  const after = await lab.network.virtualNetworks.updateTags(GROUP, VNET, { tags: { a: '1' } })
  expect(after.tags).toEqual({ a: '1' })
  expect(after.subnets).toHaveLength(before.subnets?.length ?? 0)
})
