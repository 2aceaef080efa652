import { expect, test } from 'vitest'
import { GROUP, VNET } from './open.ts'
import { openSdk, type SdkLab, settle } from './sdk.ts'

const NAME = 'contoso-apim'
const HOUR = 3600
const MANAGEMENT = {
  name: 'AllowManagement',
  protocol: 'Tcp',
  access: 'Allow',
  direction: 'Inbound',
  priority: 100,
  sourceAddressPrefix: 'ApiManagement',
  sourcePortRange: '*',
  destinationAddressPrefix: 'VirtualNetwork',
  destinationPortRange: '3443',
}
const LOAD_BALANCER = {
  ...MANAGEMENT,
  name: 'AllowLoadBalancer',
  priority: 110,
  sourceAddressPrefix: 'AzureLoadBalancer',
  destinationPortRange: '6390',
}

const ids = ({ group }: SdkLab) => ({
  nsg: `${group}/providers/Microsoft.Network/networkSecurityGroups/nsg-apim`,
  subnet: `${group}/providers/Microsoft.Network/virtualNetworks/${VNET}/subnets/snet-apim`,
  service: `${group}/providers/Microsoft.ApiManagement/service/${NAME}`,
})

async function network(lab: SdkLab, rules: object[], addressPrefix = '192.168.1.0/27'): Promise<void> {
  const { nsg } = ids(lab)
  const { networkSecurityGroups, subnets } = lab.network
  await settle(
    lab,
    networkSecurityGroups.createOrUpdate(GROUP, 'nsg-apim', { location: 'eastus', securityRules: rules }),
  )
  await settle(
    lab,
    subnets.createOrUpdate(GROUP, VNET, 'snet-apim', { addressPrefix, networkSecurityGroup: { id: nsg } }),
  )
}

const service = (lab: SdkLab, changed: object = {}) => ({
  location: 'eastus',
  sku: { name: 'Developer', capacity: 1 },
  identity: { type: 'SystemAssigned' },
  publisherName: 'Contoso',
  publisherEmail: 'ops@contoso.example',
  virtualNetworkType: 'Internal',
  virtualNetworkConfiguration: { subnetResourceId: ids(lab).subnet },
  ...changed,
})

const create = (lab: SdkLab, changed: object = {}) =>
  lab.apim.apiManagementService.beginCreateOrUpdate(GROUP, NAME, service(lab, changed))
const get = (lab: SdkLab) => lab.apim.apiManagementService.get(GROUP, NAME)

test('an internal service takes 35 to 45 minutes and has its private address only at the end', async () => {
  const lab = await openSdk()
  await network(lab, [MANAGEMENT])
  const poller = await create(lab)
  const early = await settledRead(lab)
  expect(early).toMatchObject({
    provisioningState: 'Activating',
    targetProvisioningState: 'Activating',
    location: 'East US',
  })
  expect(early.identity?.principalId).toMatch(/^[0-9a-f-]{36}$/)
  expect([early.privateIPAddresses, early.gatewayUrl]).toEqual([undefined, undefined])
  await lab.advance(34 * 60)
  expect((await get(lab)).privateIPAddresses).toBeUndefined()
  await lab.advance(11 * 60)
  const ready = await settle(lab, poller)
  expect(ready).toMatchObject({
    provisioningState: 'Succeeded',
    gatewayUrl: `https://${NAME}.azure-api.net`,
    platformVersion: 'stv2.1',
  })
  expect(ready.privateIPAddresses?.[0]).toMatch(/^192\.168\.1\.([4-9]|[12]\d|30)$/)
  expect(ready.identity?.principalId).toBe(early.identity?.principalId)
})

async function settledRead(lab: SdkLab) {
  await lab.advance(2)
  return get(lab)
}

test('without the rule for port 3443 it fails late and says why; with it, the next PUT succeeds', async () => {
  const lab = await openSdk()
  await network(lab, [])
  const poller = await create(lab)
  await lab.advance(30 * 60)
  expect((await get(lab)).provisioningState).toBe('Activating')
  await expect(settle(lab, poller, 300)).rejects.toThrow(/ActivationFailed.*3443/)
  expect((await get(lab)).provisioningState).toBe('Failed')
  await settle(lab, lab.network.securityRules.createOrUpdate(GROUP, 'nsg-apim', MANAGEMENT.name, MANAGEMENT))
  const again = await settle(lab, await create(lab), 300)
  expect(again.provisioningState).toBe('Succeeded')
})

test.each([
  [
    'Premium without 6390',
    { sku: { name: 'Premium', capacity: 1 } },
    [MANAGEMENT],
    /AzureLoadBalancer.*6390/,
  ],
  [
    'a rule denied before it is allowed',
    {},
    [
      { ...MANAGEMENT, priority: 200 },
      { ...MANAGEMENT, name: 'Deny', access: 'Deny', sourceAddressPrefix: '*' },
    ],
    /ApiManagement.*3443/,
  ],
  [
    'storage closed',
    {},
    [
      MANAGEMENT,
      {
        ...MANAGEMENT,
        name: 'DenyOut',
        access: 'Deny',
        direction: 'Outbound',
        sourceAddressPrefix: '*',
        destinationAddressPrefix: 'Storage',
        destinationPortRange: '*',
      },
    ],
    /outbound VirtualNetwork to Storage/,
  ],
])('activation fails with %s', async (_what, changed, rules, why) => {
  const lab = await openSdk({ temper: 'fast' })
  await network(lab, rules)
  const answer = await lab.arm('PUT', ids(lab).service, { body: wire(service(lab, changed)) })
  const { properties } = (await lab.arm('GET', ids(lab).service)).body
  expect([answer.status, properties.provisioningState]).toEqual([201, 'Failed'])
  const [operation] = (await lab.lab('GET', 'state')).tables.operations.at(-1).slice(1)
  expect(operation.error.message).toMatch(why)
})

const wire = ({ location, sku, identity, ...properties }: ReturnType<typeof service>) => ({
  location,
  sku,
  identity,
  properties,
})

test('Premium with both rules, an own public address and more units comes up', async () => {
  const lab = await openSdk({ temper: 'fast' })
  await network(lab, [MANAGEMENT, LOAD_BALANCER])
  const pip = await settle(
    lab,
    lab.network.publicIPAddresses.createOrUpdate(GROUP, 'pip-apim', {
      location: 'eastus',
      sku: { name: 'Standard' },
      publicIPAllocationMethod: 'Static',
    }),
  )
  const made = await settle(
    lab,
    await create(lab, { sku: { name: 'Premium', capacity: 13 }, publicIpAddressId: pip.id }),
  )
  expect(made.publicIPAddresses).toEqual([pip.ipAddress])
  const held = await lab.arm('DELETE', String(pip.id))
  expect(held.body.error.code).toBe('PublicIPAddressCannotBeDeleted')
})

test.each([
  ['no sku', { sku: undefined }, 'InvalidParameters'],
  ['no publisher', { publisherEmail: undefined }, 'ValidationError'],
  ['two units of Developer', { sku: { name: 'Developer', capacity: 2 } }, 'InvalidParameters'],
  ['a tier that cannot be injected', { sku: { name: 'Standard', capacity: 1 } }, 'InvalidParameters'],
  [
    'more units than the subnet has addresses for',
    { sku: { name: 'Premium', capacity: 14 } },
    'SubnetTooSmall',
  ],
  ['public access off from the start', { publicNetworkAccess: 'Disabled' }, 'InvalidParameters'],
  ['another region than its network', { location: 'westus' }, 'InvalidParameters'],
])('%s is refused at once', async (_what, changed, code) => {
  const lab = await openSdk({ temper: 'fast' })
  await network(lab, [MANAGEMENT, LOAD_BALANCER])
  const { status, body } = await lab.arm('PUT', ids(lab).service, { body: wire(service(lab, changed)) })
  expect([status, body.error.code]).toEqual([400, code])
})

test('a subnet that is delegated, unguarded or missing is refused', async () => {
  const lab = await openSdk({ temper: 'fast' })
  const put = async (subnet: string) => {
    const subnetResourceId = `${lab.group}/providers/Microsoft.Network/virtualNetworks/${VNET}/subnets/${subnet}`
    const body = wire(service(lab, { virtualNetworkConfiguration: { subnetResourceId } }))
    return (await lab.arm('PUT', ids(lab).service, { body })).body.error.code
  }
  expect(await put('snet-agents-ops')).toBe('SubnetIsDelegated')
  expect(await put('snet-ops-endpoints')).toBe('NetworkSecurityGroupRequired')
  expect(await put('snet-none')).toBe('SubnetNotFound')
})

test('while it is in transition every write is answered ServiceLocked', async () => {
  const lab = await openSdk()
  await network(lab, [MANAGEMENT])
  await create(lab)
  await expect(create(lab)).rejects.toMatchObject({ statusCode: 409, code: 'ServiceLocked' })
  await expect(lab.apim.apiManagementService.beginDelete(GROUP, NAME)).rejects.toMatchObject({
    code: 'ServiceLocked',
  })
})

test('its subnet and the group on it are in use until it is gone', async () => {
  const lab = await openSdk({ temper: 'fast' })
  await network(lab, [MANAGEMENT])
  await create(lab)
  const subnet = await lab.network.subnets.get(GROUP, VNET, 'snet-apim')
  expect(subnet.ipConfigurations?.[0]?.id).toContain(NAME)
  expect((await lab.arm('DELETE', ids(lab).subnet)).body.error.code).toBe('InUseSubnetCannotBeDeleted')
  await lab.apim.apiManagementService.beginDelete(GROUP, NAME)
  expect((await lab.arm('DELETE', ids(lab).subnet)).status).toBe(200)
})

test('after a move the former subnet is held for hours', async () => {
  const lab = await openSdk({ temper: 'fast' })
  await network(lab, [MANAGEMENT])
  const first = await settle(lab, await create(lab))
  const other = { addressPrefix: '192.168.2.0/27', networkSecurityGroup: { id: ids(lab).nsg } }
  const { id } = await settle(lab, lab.network.subnets.createOrUpdate(GROUP, VNET, 'snet-new', other))
  const second = await settle(
    lab,
    await create(lab, { virtualNetworkConfiguration: { subnetResourceId: id } }),
  )
  expect(second.privateIPAddresses).not.toEqual(first.privateIPAddresses)
  expect((await lab.arm('DELETE', ids(lab).subnet)).body.error.code).toBe('InUseSubnetCannotBeDeleted')
  await lab.advance(7 * HOUR)
  expect((await lab.arm('DELETE', ids(lab).subnet)).status).toBe(200)
})

test('a deleted service blocks its name for 48 hours, can be purged, and can be brought back', async () => {
  const lab = await openSdk()
  await network(lab, [MANAGEMENT])
  await settle(lab, await create(lab), 300)
  const remove = async () => settle(lab, await lab.apim.apiManagementService.beginDelete(GROUP, NAME), 300)
  await remove()
  await expect(create(lab)).rejects.toMatchObject({
    statusCode: 409,
    code: 'ServiceAlreadyExistsInSoftDeletedState',
  })
  expect(await lab.apim.apiManagementService.checkNameAvailability({ name: NAME })).toMatchObject({
    nameAvailable: false,
    reason: 'AlreadyExists',
  })
  const grave = await lab.apim.deletedServices.getByName(NAME, 'eastus')
  expect(Number(grave.scheduledPurgeDate) - Number(grave.deletionDate)).toBe(48 * HOUR * 1000)
  const listed = []
  for await (const one of lab.apim.deletedServices.listBySubscription()) listed.push(one.serviceId)
  expect(listed).toEqual([ids(lab).service])

  const revived = await settle(lab, await create(lab, { restore: true, publisherName: 'ignored' }), 300)
  expect(revived).toMatchObject({ publisherName: 'Contoso', provisioningState: 'Succeeded' })
  await remove()
  await settle(lab, await lab.apim.deletedServices.beginPurge(NAME, 'eastus'))
  expect((await lab.apim.apiManagementService.checkNameAvailability({ name: NAME })).nameAvailable).toBe(true)
  await settle(lab, await create(lab), 300)
  await remove()
  await lab.advance(48 * HOUR)
  await settle(lab, await create(lab), 300)
}, 60_000)

test('names are global: taken elsewhere, taken here, invalid', async () => {
  const lab = await openSdk({ temper: 'fast' })
  const check = async (name: string) =>
    (await lab.apim.apiManagementService.checkNameAvailability({ name })).reason
  expect(await check('fabrikam')).toBe('AlreadyExists')
  expect(await check('9lives')).toBe('Invalid')
  expect(await check('free-for-all')).toBe('Valid')
})

test('a PATCH of properties is a long update, merged; one of customProperties resets what it leaves out', async () => {
  const lab = await openSdk()
  await network(lab, [MANAGEMENT])
  await settle(lab, await create(lab, { customProperties: { 'a.b': 'True', 'c.d': 'True' } }), 300)
  const poller = await lab.apim.apiManagementService.beginUpdate(GROUP, NAME, {
    customProperties: { 'a.b': 'False' },
  })
  expect((await get(lab)).provisioningState).toBe('Updating')
  await lab.advance(14 * 60)
  expect(poller.isDone()).toBe(false)
  const updated = await settle(lab, poller, 120)
  expect(updated).toMatchObject({ publisherName: 'Contoso', customProperties: { 'a.b': 'False' } })
  expect(updated.customProperties).not.toHaveProperty('c.d')
})
