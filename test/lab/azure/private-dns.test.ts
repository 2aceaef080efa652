import { expect, test } from 'vitest'
import { GROUP, VNET } from './open.ts'
import { openSdk, settle } from './sdk.ts'

const ZONE = 'contoso-apim.azure-api.net'
const vnetId = (group: string) => `${group}/providers/Microsoft.Network/virtualNetworks/${VNET}`

test('a zone takes its time and is born with a start of authority', async () => {
  const lab = await openSdk()
  const poller = lab.dns.privateZones.createOrUpdate(GROUP, ZONE, { location: 'global' })
  await poller.poll()
  expect(poller.operationState?.status).toBe('running')
  const early = await lab.arm('PUT', `${lab.group}/providers/Microsoft.Network/privateDnsZones/${ZONE}/A/@`, {
    body: { properties: { ttl: 300, aRecords: [{ ipv4Address: '192.168.1.4' }] } },
  })
  expect([early.status, early.body.error.code]).toEqual([404, 'ParentResourceNotFound'])
  const zone = await settle(lab, poller)
  expect(zone).toMatchObject({ location: 'global', numberOfRecordSets: 1, numberOfVirtualNetworkLinks: 0 })
  const records = []
  for await (const record of lab.dns.recordSets.list(GROUP, ZONE)) records.push(record)
  expect(records.map(({ type, name }) => [type, name])).toEqual([
    ['Microsoft.Network/privateDnsZones/SOA', '@'],
  ])
})

test('zones are listed page by page', async () => {
  const lab = await openSdk()
  const pages: unknown[][] = []
  for await (const page of lab.dns.privateZones.list({ top: 2 }).byPage()) pages.push(page)
  expect(pages.map(({ length }) => length)).toEqual([2, 1])
})

test('a zone is global, and only that', async () => {
  const lab = await openSdk()
  const path = `${lab.group}/providers/Microsoft.Network/privateDnsZones/${ZONE}`
  expect((await lab.arm('PUT', path, { body: { location: 'eastus' } })).body.error.code).toBe(
    'LocationNotAvailableForResourceType',
  )
})

test('a record set is written at once, replaced whole, and guarded by its etag', async () => {
  const lab = await openSdk({ temper: 'fast' })
  await settle(lab, lab.dns.privateZones.createOrUpdate(GROUP, ZONE, { location: 'global' }))
  const put = (address: string, options: object = {}) =>
    lab.dns.recordSets.createOrUpdate(
      GROUP,
      ZONE,
      'A',
      '@',
      { ttl: 300, aRecords: [{ ipv4Address: address }] },
      options,
    )
  const first = await put('192.168.1.4', { ifNoneMatch: '*' })
  expect(first).toMatchObject({ fqdn: `${ZONE}.`, isAutoRegistered: false, ttl: 300 })
  await expect(put('192.168.1.5', { ifNoneMatch: '*' })).rejects.toMatchObject({ statusCode: 412 })
  const second = await put('192.168.1.5', { ifMatch: first.etag })
  expect(second.aRecords).toEqual([{ ipv4Address: '192.168.1.5' }])
  await expect(put('192.168.1.6', { ifMatch: first.etag })).rejects.toMatchObject({
    statusCode: 412,
    code: 'PreconditionFailed',
  })
  await lab.dns.recordSets.delete(GROUP, ZONE, 'A', '@')
  await expect(lab.dns.recordSets.get(GROUP, ZONE, 'A', '@')).rejects.toMatchObject({ statusCode: 404 })
})

test('an address record needs addresses that are addresses', async () => {
  const lab = await openSdk({ temper: 'fast' })
  const path = `${lab.group}/providers/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net/A/x`
  const put = (aRecords: unknown[]) => lab.arm('PUT', path, { body: { properties: { ttl: 300, aRecords } } })
  expect((await put([])).status).toBe(400)
  expect((await put([{ ipv4Address: '192.168.1.999' }])).status).toBe(400)
  expect((await put([{ ipv4Address: '192.168.1.9' }])).status).toBe(201)
})

test('a network is linked once per zone, and to one zone of a name', async () => {
  const lab = await openSdk({ temper: 'fast' })
  const virtualNetwork = { id: vnetId(lab.group) }
  const zone = 'privatelink.blob.core.windows.net'
  const link = (group: string, name: string) =>
    lab.arm(
      'PUT',
      `${group}/providers/Microsoft.Network/privateDnsZones/${zone}/virtualNetworkLinks/${name}`,
      {
        body: { location: 'global', properties: { virtualNetwork, registrationEnabled: false } },
      },
    )
  expect((await link(lab.group, 'second')).body.error.code).toBe('Conflict')
  const other = lab.group.replace(GROUP, 'rg-other')
  await lab.arm('PUT', other, { body: { location: 'eastus' } })
  await lab.arm('PUT', `${other}/providers/Microsoft.Network/privateDnsZones/${zone}`, {
    body: { location: 'global' },
  })
  const { body } = await link(other, 'twin')
  expect([body.error.code, body.error.message]).toEqual([
    'BadRequest',
    expect.stringContaining('overlapping namespaces'),
  ])
})

test('a link is in progress and then completed; its zone waits for it', async () => {
  const lab = await openSdk()
  await settle(lab, lab.dns.privateZones.createOrUpdate(GROUP, ZONE, { location: 'global' }))
  const poller = lab.dns.virtualNetworkLinks.createOrUpdate(GROUP, ZONE, 'link', {
    location: 'global',
    virtualNetwork: { id: vnetId(lab.group) },
    registrationEnabled: false,
  })
  await poller.poll()
  const zonePath = `${lab.group}/providers/Microsoft.Network/privateDnsZones/${ZONE}`
  const refused = await lab.arm('PUT', zonePath, { body: { location: 'global' } })
  expect([409, 429]).toContain(refused.status)
  const early = await lab.dns.virtualNetworkLinks.get(GROUP, ZONE, 'link')
  expect(early.virtualNetworkLinkState).toBe('InProgress')
  const link = await settle(lab, poller)
  expect(link).toMatchObject({ virtualNetworkLinkState: 'Completed', resolutionPolicy: 'Default' })
  const blocked = await lab.arm('DELETE', zonePath)
  expect([blocked.status, blocked.body.error.code]).toEqual([409, 'CannotDeleteResource'])
  await settle(lab, lab.dns.virtualNetworkLinks.delete(GROUP, ZONE, 'link'))
  await settle(lab, lab.dns.privateZones.delete(GROUP, ZONE))
  await expect(lab.dns.privateZones.get(GROUP, ZONE)).rejects.toMatchObject({ code: 'ResourceNotFound' })
})
