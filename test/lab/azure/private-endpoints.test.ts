import { expect, test } from 'vitest'
import {
  createEndpoint,
  createZoneGroup,
  endpointBody,
  openWithTarget,
  STORAGE_BODY,
  storageId,
  subnetId,
} from './endpoints.ts'
import { GROUP } from './open.ts'
import { type SdkLab, settle } from './sdk.ts'

const BLOB = 'privatelink.blob.core.windows.net'
const STORE = 'stcontosoagents'
const endpointPath = (lab: SdkLab, name: string) =>
  `${lab.group}/providers/Microsoft.Network/privateEndpoints/${name}`
const remove = (lab: SdkLab, name: string) =>
  settle(lab, lab.network.privateEndpoints.delete(GROUP, name), 120)
const blobRecord = async (lab: SdkLab) =>
  (await lab.dns.recordSets.get(GROUP, BLOB, 'A', STORE)).aRecords?.map(({ ipv4Address }) => ipv4Address)

test('an endpoint takes its time, is approved by itself and gets the next free address of its subnet', async () => {
  const lab = await openWithTarget()
  const target = storageId(lab, STORE)
  const poller = lab.network.privateEndpoints.createOrUpdate(
    GROUP,
    'pe-blob',
    endpointBody(lab, target, ['blob']),
  )
  await poller.poll()
  expect(poller.operationState?.status).toBe('running')
  const endpoint = await settle(lab, poller, 120)
  expect(endpoint).toMatchObject({
    provisioningState: 'Succeeded',
    manualPrivateLinkServiceConnections: [],
    customDnsConfigs: [{ fqdn: `${STORE}.blob.core.windows.net`, ipAddresses: ['192.168.7.4'] }],
  })
  expect(endpoint.privateLinkServiceConnections?.[0]).toMatchObject({
    groupIds: ['blob'],
    privateLinkServiceConnectionState: { status: 'Approved', actionsRequired: 'None' },
  })
  const second = await createEndpoint(lab, 'pe-queue', target, ['queue'])
  expect(second.customDnsConfigs?.[0]?.ipAddresses).toEqual(['192.168.7.5'])
  await remove(lab, 'pe-blob')
  const third = await createEndpoint(lab, 'pe-table', target, ['table'])
  expect(third.customDnsConfigs?.[0]?.ipAddresses).toEqual(['192.168.7.4'])
})

test('its network interface can be read, and neither made nor deleted by hand', async () => {
  const lab = await openWithTarget({ temper: 'fast' })
  const endpoint = await createEndpoint(lab, 'pe-blob', storageId(lab, STORE), ['blob'])
  const id = String(endpoint.networkInterfaces?.[0]?.id)
  const nic = await lab.network.networkInterfaces.get(GROUP, id.slice(id.lastIndexOf('/') + 1))
  expect(nic.ipConfigurations?.[0]).toMatchObject({
    privateIPAddress: '192.168.7.4',
    privateLinkConnectionProperties: { groupId: 'blob', fqdns: [`${STORE}.blob.core.windows.net`] },
  })
  expect((await lab.arm('DELETE', id)).body.error.code).toBe('NicInUseWithPrivateEndpoint')
  expect((await lab.arm('PUT', id, { body: { location: 'eastus' } })).status).toBe(405)
  await remove(lab, 'pe-blob')
  expect((await lab.arm('GET', id)).status).toBe(404)
})

test('a subnet shows its endpoints and cannot go before them', async () => {
  const lab = await openWithTarget()
  const poller = lab.network.privateEndpoints.createOrUpdate(
    GROUP,
    'pe-blob',
    endpointBody(lab, storageId(lab, STORE), ['blob']),
  )
  await poller.poll()
  expect((await lab.arm('DELETE', subnetId(lab))).body.error.code).toBe('InUseSubnetCannotBeDeleted')
  await settle(lab, poller, 120)
  const { body: subnet } = await lab.arm('GET', subnetId(lab))
  expect(subnet.properties.privateEndpoints).toEqual([{ id: endpointPath(lab, 'pe-blob') }])
  expect(subnet.properties.ipConfigurations[0].id).toContain('/networkInterfaces/pe-blob.nic.')
  expect((await lab.arm('DELETE', subnetId(lab))).body.error.code).toBe('InUseSubnetCannotBeDeleted')
  await remove(lab, 'pe-blob')
  expect((await lab.arm('DELETE', subnetId(lab))).status).toBe(202)
})

test('the target lists its connections, and they vanish with the endpoint', async () => {
  const lab = await openWithTarget({ temper: 'fast' })
  const target = storageId(lab, STORE)
  const connections = async () => (await lab.arm('GET', target)).body.properties.privateEndpointConnections
  expect(await connections()).toEqual([])
  await createEndpoint(lab, 'pe-blob', target, ['blob'])
  expect(await connections()).toMatchObject([
    {
      type: 'Microsoft.Storage/storageAccounts/privateEndpointConnections',
      properties: {
        privateEndpoint: { id: endpointPath(lab, 'pe-blob') },
        privateLinkServiceConnectionState: { status: 'Approved' },
      },
    },
  ])
  await remove(lab, 'pe-blob')
  expect(await connections()).toEqual([])
})

test('an endpoint outlives its target disconnected, and a namesake does not bring it back', async () => {
  const lab = await openWithTarget()
  const target = storageId(lab, STORE)
  await createEndpoint(lab, 'pe-blob', target, ['blob'])
  const status = async () =>
    (await lab.network.privateEndpoints.get(GROUP, 'pe-blob')).privateLinkServiceConnections?.[0]
      ?.privateLinkServiceConnectionState?.status
  await lab.arm('DELETE', target)
  expect(await status()).toBe('Disconnected')
  const { body } = await lab.arm('PUT', endpointPath(lab, 'pe-blob'), {
    body: (await lab.arm('GET', endpointPath(lab, 'pe-blob'))).body,
  })
  expect(body.error.code).toBe('InvalidResourceReference')
  await lab.arm('PUT', target, { body: STORAGE_BODY })
  await lab.advance(60)
  expect(await status()).toBe('Disconnected')
  expect((await lab.arm('GET', target)).body.properties.privateEndpointConnections).toEqual([])
  await remove(lab, 'pe-blob')
  await createEndpoint(lab, 'pe-blob', target, ['blob'])
  expect(await status()).toBe('Approved')
})

test('a target that is still being made cannot be joined', async () => {
  const lab = await openWithTarget()
  const target = storageId(lab, 'stcontosonew')
  await lab.arm('PUT', target, { body: STORAGE_BODY })
  await expect(createEndpoint(lab, 'pe-new', target, ['blob'])).rejects.toMatchObject({
    statusCode: 400,
    code: 'StorageAccountOperationInProgress',
    message: expect.stringMatching(/^Call to Microsoft.Storage\/storageAccounts failed/),
  })
})

test('a Foundry account that is not at rest cannot be joined; at rest it gives three names an address each', async () => {
  const lab = await openWithTarget()
  const account = `${lab.group}/providers/Microsoft.CognitiveServices/accounts/ai-agents`
  await lab.arm('PUT', account, {
    body: {
      location: 'eastus',
      kind: 'AIServices',
      sku: { name: 'S0' },
      identity: { type: 'SystemAssigned' },
      properties: { customSubDomainName: 'ai-agents-east', allowProjectManagement: true },
    },
  })
  await expect(createEndpoint(lab, 'pe-ai', account, ['account'])).rejects.toMatchObject({
    statusCode: 400,
    code: 'AccountProvisioningStateInvalid',
    message: expect.stringMatching(/^Call to Microsoft.CognitiveServices\/accounts failed/),
  })
  await lab.advance(1800)
  const endpoint = await createEndpoint(lab, 'pe-ai', account, ['account'])
  const suffixes = ['cognitiveservices.azure.com', 'openai.azure.com', 'services.ai.azure.com']
  expect(endpoint.customDnsConfigs).toEqual(
    suffixes.map((suffix, index) => ({
      fqdn: `ai-agents-east.${suffix}`,
      ipAddresses: [`192.168.7.${4 + index}`],
    })),
  )
  const zones = suffixes.map((suffix) => `privatelink.${suffix}`)
  for (const zone of zones)
    await settle(lab, lab.dns.privateZones.createOrUpdate(GROUP, zone, { location: 'global' }))
  await createZoneGroup(lab, 'pe-ai', zones)
  for (const [index, zone] of zones.entries())
    expect((await lab.dns.recordSets.get(GROUP, zone, 'A', 'ai-agents-east')).aRecords).toEqual([
      { ipv4Address: `192.168.7.${4 + index}` },
    ])
})

test.each([
  [
    'Microsoft.KeyVault/vaults/kv-agents',
    'vault',
    {
      tenantId: '77777777-8888-4999-8aaa-bbbbbbbbbbbb',
      sku: { name: 'standard' },
      enableRbacAuthorization: true,
    },
    ['kv-agents.vault.azure.net'],
    'privatelink.vaultcore.azure.net',
  ],
  [
    'Microsoft.DocumentDB/databaseAccounts/cosmos-agents',
    'Sql',
    { databaseAccountOfferType: 'Standard', locations: [{ locationName: 'eastus' }] },
    ['cosmos-agents.documents.azure.com', 'cosmos-agents-eastus.documents.azure.com'],
    'privatelink.documents.azure.com',
  ],
  [
    'Microsoft.Search/searchServices/srch-agents',
    'searchService',
    {},
    ['srch-agents.search.windows.net'],
    'privatelink.search.windows.net',
  ],
])('%s is joined by its group, %s', async (type, groupId, properties, fqdns, zone) => {
  const lab = await openWithTarget({ temper: 'fast' })
  const target = `${lab.group}/providers/${type}`
  await lab.arm('PUT', target, { body: { location: 'eastus', sku: { name: 'standard' }, properties } })
  const endpoint = await createEndpoint(lab, 'pe', target, [groupId])
  expect(endpoint.customDnsConfigs?.map(({ fqdn }) => fqdn)).toEqual(fqdns)
  await settle(lab, lab.dns.privateZones.createOrUpdate(GROUP, zone, { location: 'global' }))
  await createZoneGroup(lab, 'pe', [zone])
  for (const fqdn of fqdns)
    expect((await lab.dns.recordSets.get(GROUP, zone, 'A', fqdn.replace(/\..*/, ''))).ttl).toBe(10)
})

test.each([
  ['no group', [], 'MissingParameterOnPrivateLinkServiceConnection'],
  ['two groups', ['blob', 'file'], 'OnlyOneGroupIdPermitted'],
  ['a group of another type', ['vault'], 'BadRequest'],
  ['a group in the wrong case', ['Blob'], 'BadRequest'],
])('an endpoint with %s is refused', async (_what, groupIds, code) => {
  const lab = await openWithTarget({ temper: 'fast' })
  await expect(createEndpoint(lab, 'pe', storageId(lab, STORE), groupIds)).rejects.toMatchObject({
    statusCode: 400,
    code,
  })
})

test('an endpoint needs a subnet of its region that nobody else was given, and a target that exists', async () => {
  const lab = await openWithTarget({ temper: 'fast' })
  const target = storageId(lab, STORE)
  const put = async (body: object) => {
    const poller = lab.network.privateEndpoints.createOrUpdate(GROUP, 'pe', {
      ...endpointBody(lab, target, ['blob']),
      ...body,
    })
    return poller.poll().then(
      () => 'accepted',
      ({ code }) => code,
    )
  }
  expect(await put(endpointBody(lab, target, ['blob'], 'snet-agents-ops'))).toBe(
    'PrivateEndpointCannotBeInDelegatedSubnet',
  )
  expect(await put(endpointBody(lab, target, ['blob'], 'none'))).toBe('InvalidResourceReference')
  expect(await put({ location: 'westus3' })).toBe('InvalidResourceReference')
  expect(await put(endpointBody(lab, storageId(lab, 'none'), ['blob']))).toBe('InvalidResourceReference')
  expect(await put(endpointBody(lab, subnetId(lab), ['blob']))).toBe('InvalidPrivateLinkServiceId')
  expect(await put({})).toBe('accepted')
})

test('where it stands and what it points at cannot be changed; the same again changes nothing', async () => {
  const lab = await openWithTarget({ temper: 'fast' })
  const target = storageId(lab, STORE)
  const first = await createEndpoint(lab, 'pe', target, ['blob'])
  await expect(createEndpoint(lab, 'pe', target, ['queue'])).rejects.toMatchObject({ statusCode: 400 })
  const again = await createEndpoint(lab, 'pe', target, ['blob'])
  expect(again.networkInterfaces).toEqual(first.networkInterfaces)
  const whole = (await lab.arm('GET', endpointPath(lab, 'pe'))).body
  const {
    etag: _,
    properties,
    ...put
  } = (await lab.arm('PUT', endpointPath(lab, 'pe'), { body: whole })).body
  expect(put).toMatchObject({ name: 'pe', location: 'eastus' })
  expect(properties.customDnsConfigs).toEqual(whole.properties.customDnsConfigs)
})

test('a subnet that is full takes no more', async () => {
  const lab = await openWithTarget({ temper: 'fast' })
  await lab.arm('PUT', subnetId(lab, 'snet-tiny'), {
    body: { properties: { addressPrefix: '192.168.8.0/29' } },
  })
  const put = (name: string) =>
    settle(
      lab,
      lab.network.privateEndpoints.createOrUpdate(
        GROUP,
        name,
        endpointBody(lab, storageId(lab, STORE), ['blob'], 'snet-tiny'),
      ),
    )
  for (const name of ['pe-1', 'pe-2', 'pe-3']) await put(name)
  await expect(put('pe-4')).rejects.toMatchObject({ code: 'SubnetIsFull' })
})

test('a zone group writes the record, marks it, and takes it away again', async () => {
  const lab = await openWithTarget()
  await createEndpoint(lab, 'pe-blob', storageId(lab, STORE), ['blob'])
  const group = await createZoneGroup(lab, 'pe-blob', [BLOB])
  expect(group.privateDnsZoneConfigs?.[0]?.recordSets).toEqual([
    expect.objectContaining({
      recordType: 'A',
      recordSetName: STORE,
      fqdn: `${STORE}.${BLOB}`,
      ttl: 10,
      ipAddresses: ['192.168.7.4'],
    }),
  ])
  const record = await lab.dns.recordSets.get(GROUP, BLOB, 'A', STORE)
  expect(record.metadata?.['creator']).toMatch(/^created by private endpoint pe-blob with resource guid /)
  // Azure's word for "you need no DNS of your own": with a group in force the list is empty.
  expect((await lab.network.privateEndpoints.get(GROUP, 'pe-blob')).customDnsConfigs).toEqual([])
  await settle(lab, lab.network.privateDnsZoneGroups.delete(GROUP, 'pe-blob', 'default'), 120)
  await expect(blobRecord(lab)).rejects.toMatchObject({ statusCode: 404 })
  await createZoneGroup(lab, 'pe-blob', [BLOB])
  await remove(lab, 'pe-blob')
  await expect(blobRecord(lab)).rejects.toMatchObject({ statusCode: 404 })
})

test('a zone that does not answer for the endpoint gets no record, and one that is not there is refused', async () => {
  const lab = await openWithTarget({ temper: 'fast' })
  await createEndpoint(lab, 'pe-blob', storageId(lab, STORE), ['blob'])
  const group = await createZoneGroup(lab, 'pe-blob', ['privatelink.queue.core.windows.net'])
  expect(group.privateDnsZoneConfigs?.[0]?.recordSets).toEqual([])
  await expect(createZoneGroup(lab, 'pe-blob', ['privatelink.vaultcore.azure.net'])).rejects.toMatchObject({
    code: 'InvalidResourceReference',
  })
  await createZoneGroup(lab, 'pe-blob', [BLOB])
  expect(await blobRecord(lab)).toEqual(['192.168.7.4'])
  await createZoneGroup(lab, 'pe-blob', [])
  await expect(blobRecord(lab)).rejects.toMatchObject({ statusCode: 404 })
})

test('an endpoint has one zone group, which waits for it', async () => {
  const lab = await openWithTarget()
  const poller = lab.network.privateEndpoints.createOrUpdate(
    GROUP,
    'pe-blob',
    endpointBody(lab, storageId(lab, STORE), ['blob']),
  )
  await poller.poll()
  await lab.advance(3)
  const early = await lab.arm('PUT', `${endpointPath(lab, 'pe-blob')}/privateDnsZoneGroups/default`, {
    body: { properties: { privateDnsZoneConfigs: [] } },
  })
  expect([409, 429]).toContain(early.status)
  await settle(lab, poller, 120)
  await createZoneGroup(lab, 'pe-blob', [BLOB])
  await expect(createZoneGroup(lab, 'pe-blob', [BLOB], 'second')).rejects.toMatchObject({
    statusCode: 400,
    code: 'MoreThanOnePrivateDnsZoneGroupPerPrivateEndpointNotAllowed',
  })
})

test('two endpoints of one target overwrite each other, and the first one leaves the second its record', async () => {
  const lab = await openWithTarget({ temper: 'fast' })
  for (const name of ['pe-1', 'pe-2']) {
    await createEndpoint(lab, name, storageId(lab, STORE), ['blob'])
    await createZoneGroup(lab, name, [BLOB])
  }
  expect(await blobRecord(lab)).toEqual(['192.168.7.5'])
  await createZoneGroup(lab, 'pe-1', [BLOB])
  expect(await blobRecord(lab)).toEqual(['192.168.7.4'])
  await remove(lab, 'pe-2')
  expect(await blobRecord(lab)).toEqual(['192.168.7.4'])
})

test('a record deleted by a stranger comes back with the next PUT of the group', async () => {
  const lab = await openWithTarget({ temper: 'fast' })
  await createEndpoint(lab, 'pe-blob', storageId(lab, STORE), ['blob'])
  await createZoneGroup(lab, 'pe-blob', [BLOB])
  await lab.dns.recordSets.delete(GROUP, BLOB, 'A', STORE)
  await expect(blobRecord(lab)).rejects.toMatchObject({ statusCode: 404 })
  await createZoneGroup(lab, 'pe-blob', [BLOB])
  expect(await blobRecord(lab)).toEqual(['192.168.7.4'])
})

test('on a bad day an endpoint fails late in two ways, and trying again ends well', async () => {
  const lab = await openWithTarget({ temper: 'chaos', seed: 5 })
  const target = storageId(lab, STORE)
  const insist = async (path: string, body: object, seen = new Set<string>()): Promise<Set<string>> => {
    for (let attempt = 0; attempt < 30; attempt++) {
      const answer = await lab.arm('PUT', path, { body }).catch(() => undefined)
      await lab.advance(300)
      const operation = answer?.headers.get('azure-asyncoperation')
      const status = operation && (await lab.arm('GET', new URL(operation).pathname).catch(() => undefined))
      if (status && status.body.status === 'Failed') seen.add(status.body.error.code)
      const read = await lab.arm('GET', path).catch(() => undefined)
      if (read?.body?.properties?.provisioningState === 'Succeeded') return seen
    }
    throw new Error(`${path} never came to be`)
  }
  await insist(subnetId(lab), { properties: { addressPrefix: '192.168.7.0/26' } })
  await insist(target, STORAGE_BODY)
  const { location, ...properties } = endpointBody(lab, target, ['blob'])
  const seen = new Set<string>()
  for (let index = 0; index < 16; index++)
    await insist(
      endpointPath(lab, `pe-${index}`),
      {
        location,
        properties: {
          ...properties,
          privateLinkServiceConnections: properties.privateLinkServiceConnections.map(
            ({ name, ...connection }) => ({ name, properties: connection }),
          ),
        },
      },
      seen,
    )
  expect([...seen]).toEqual(expect.arrayContaining(['RetryableError', 'StorageAccountOperationInProgress']))
})
