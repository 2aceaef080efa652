import { expect, test } from 'vitest'
import { GROUP } from './open.ts'
import { openSdk, settle } from './sdk.ts'

const standard = { location: 'eastus', sku: { name: 'Standard' }, publicIPAllocationMethod: 'Static' }

test('a standard static address is assigned at once and kept', async () => {
  const lab = await openSdk({ temper: 'fast' })
  const put = (body: object = {}) =>
    settle(lab, lab.network.publicIPAddresses.createOrUpdate(GROUP, 'pip-apim', { ...standard, ...body }))
  const first = await put()
  expect(first.ipAddress).toMatch(/^198\.1[89]\./)
  expect(first).toMatchObject({
    idleTimeoutInMinutes: 4,
    publicIPAddressVersion: 'IPv4',
    sku: { name: 'Standard', tier: 'Regional' },
  })
  const labelled = await put({ dnsSettings: { domainNameLabel: 'contoso-apim' } })
  expect(labelled.ipAddress).toBe(first.ipAddress)
  expect(labelled.dnsSettings?.fqdn).toBe('contoso-apim.eastus.cloudapp.azure.com')
})

test.each([
  [
    'basic, which is retired',
    { properties: { publicIPAllocationMethod: 'Static' } },
    'IPv4BasicSkuPublicIpCountLimitReached',
  ],
  ['dynamic', { sku: { name: 'Standard' }, properties: {} }, 'StandardSkuPublicIPAddressMustBeStatic'],
])('an address that is %s is refused', async (_what, body, code) => {
  const lab = await openSdk()
  const path = `${lab.group}/providers/Microsoft.Network/publicIPAddresses/pip`
  expect((await lab.arm('PUT', path, { body: { location: 'eastus', ...body } })).body.error.code).toBe(code)
})

test('a label is taken once per region', async () => {
  const lab = await openSdk({ temper: 'fast' })
  const put = (name: string, location: string) =>
    lab.arm('PUT', `${lab.group}/providers/Microsoft.Network/publicIPAddresses/${name}`, {
      body: {
        location,
        sku: { name: 'Standard' },
        properties: { publicIPAllocationMethod: 'Static', dnsSettings: { domainNameLabel: 'contoso' } },
      },
    })
  expect((await put('a', 'eastus')).status).toBe(201)
  expect((await put('b', 'eastus')).body.error.code).toBe('DnsRecordInUse')
  expect((await put('c', 'westus')).status).toBe(201)
})
