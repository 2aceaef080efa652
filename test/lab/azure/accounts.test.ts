import { expect, test } from 'vitest'
import { openFoundry } from './foundry.ts'
import { VNET } from './open.ts'

test('an account is accepted, takes its minutes, and then has endpoints and a principal', async () => {
  const lab = await openFoundry()
  const created = await lab.putAccount()
  expect([created.status, created.body.properties.provisioningState]).toEqual([201, 'Accepted'])
  const account = await lab.settled(lab.account)
  expect(account.identity.principalId).toMatch(/^[0-9a-f-]{36}$/)
  expect(account.properties).toMatchObject({
    provisioningState: 'Succeeded',
    endpoint: 'https://contoso-ai-east.cognitiveservices.azure.com/',
    publicNetworkAccess: 'Enabled',
    disableLocalAuth: false,
  })
  expect(Object.values(account.properties.endpoints)).toContain(
    'https://contoso-ai-east.services.ai.azure.com/',
  )
  await lab.arm('PUT', lab.account, {
    body: { ...lab.accountBody(), properties: { ...account.properties, novelty: 1, endpoint: 'x' } },
  })
  const again = await lab.settled(lab.account)
  expect([again.properties.novelty, again.properties.endpoint]).toEqual([1, account.properties.endpoint])
})

test.each([
  ['of an unknown kind', {}, { kind: 'Oracle' }, '400 InvalidApiSetId'],
  ['of another sku', {}, { sku: { name: 'F0' } }, '400 InvalidSkuId'],
  ['with projects but no identity', {}, { identity: undefined }, '400 InvalidResourceProperties'],
  ['with a subdomain that is none', { customSubDomainName: 'a_b' }, {}, '400 InvalidRequestFormat'],
  ['with a subdomain of somebody else', { customSubDomainName: 'contoso' }, {}, '409 CustomDomainInUse'],
  ['with null for its injections', { networkInjections: null }, {}, '400 InvalidRequestFormat'],
  ['nowhere', {}, { location: undefined }, '400 LocationRequired'],
])('an account %s is refused', async (_what, properties, more, expected) => {
  const lab = await openFoundry({ temper: 'fast' })
  expect(await lab.code(lab.putAccount(properties, more))).toBe(expected)
})

test('names and subdomains follow their rules; a subdomain is global and for ever', async () => {
  const lab = await openFoundry({ temper: 'fast' })
  const at = (name: string) => lab.account.replace('contoso-ai-east', name)
  expect(await lab.code(lab.arm('PUT', at('-x'), { body: lab.accountBody() }))).toBe(
    '400 InvalidResourceName',
  )
  await lab.putAccount()
  expect(await lab.code(lab.arm('PUT', at('other'), { body: lab.accountBody() }))).toBe(
    '409 CustomDomainInUse',
  )
  expect(await lab.code(lab.putAccount({ customSubDomainName: 'another' }))).toBe(
    '400 CustomSubDomainNameImmutable',
  )
  await lab.putAccount({ customSubDomainName: undefined })
  expect((await lab.get(lab.account)).properties.customSubDomainName).toBe('contoso-ai-east')
  const check = async (subdomainName: string) =>
    (
      await lab.arm(
        'POST',
        `/subscriptions/${lab.subscriptionId}/providers/Microsoft.CognitiveServices/checkDomainAvailability`,
        {
          body: { subdomainName, type: 'Microsoft.CognitiveServices/accounts' },
        },
      )
    ).body.isSubdomainAvailable
  expect([await check('contoso-ai-east'), await check('contoso-ai-west')]).toEqual([false, true])
})

test.each([
  ['that is not there', async () => undefined, '400 SubnetNotFound'],
  ['without the delegation', (lab) => lab.putSubnet(''), '400 SubnetMissingRequiredDelegation'],
  ['that is too small', (lab) => lab.putSubnet(undefined, '192.168.8.0/28'), '400 InvalidSubnetSize'],
] satisfies [string, (lab: Awaited<ReturnType<typeof openFoundry>>) => Promise<unknown>, string][])(
  'agents are not put into a subnet %s',
  async (_what, prepare, expected) => {
    const lab = await openFoundry({ temper: 'fast' })
    await prepare(lab)
    expect(await lab.code(lab.putAccount(lab.injected))).toBe(expected)
  },
)

test('the subnet of the app, which Flex holds, and one of another region are refused too', async () => {
  const lab = await openFoundry({ temper: 'fast' })
  const subnetArmId = `${lab.group}/providers/Microsoft.Network/virtualNetworks/${VNET}/subnets/snet-agents-ops`
  const networkInjections = [{ scenario: 'agent', subnetArmId }]
  expect(await lab.code(lab.putAccount({ networkInjections }))).toBe('400 SubnetAlreadyInUse')
  await lab.putSubnet()
  expect(await lab.code(lab.putAccount(lab.injected, { location: 'westus' }))).toBe(
    '400 InvalidSubnetLocation',
  )
})

test('an injected account holds its subnet alone, and makes its own capability host some minutes later', async () => {
  const lab = await openFoundry()
  await lab.putSubnet()
  await lab.putAccount(lab.injected)
  const hosts = async () => (await lab.get(`${lab.account}/capabilityHosts`)).value
  await lab.advance(2)
  expect(await hosts()).toEqual([])
  await lab.settled(lab.account, 10)
  const [host] = await hosts()
  expect(host).toMatchObject({
    name: 'contoso-ai-east@aml_aiagentservice',
    properties: { provisioningState: 'Creating', capabilityHostKind: 'Agents' },
  })
  await lab.advance(6 * 60)
  expect((await hosts())[0].properties.provisioningState).toBe('Succeeded')
  const [link] = (await lab.get(lab.subnet)).properties.serviceAssociationLinks
  expect(link.name).toBe('legionservicelink')
  expect(await lab.code(lab.arm('DELETE', lab.subnet))).toBe('400 InUseSubnetCannotBeDeleted')
  const other = lab.account.replace('contoso-ai-east', 'other')
  const body = lab.accountBody({ ...lab.injected, customSubDomainName: 'other-ai' })
  expect(await lab.code(lab.arm('PUT', other, { body }))).toBe('400 SubnetAlreadyInUse')
  const mine = lab.arm('PUT', `${lab.account}/capabilityHosts/mine`, { body: { properties: {} } })
  expect(await lab.code(mine)).toBe('409 Conflict')
})

test('a PUT that forgets the injection resets it and unsettles the account; a PATCH does not', async () => {
  const lab = await openFoundry()
  await lab.putSubnet()
  await lab.putAccount(lab.injected)
  await lab.settled(lab.account)
  await lab.arm('PATCH', lab.account, {
    body: { tags: { a: '1' }, properties: { publicNetworkAccess: 'Disabled' } },
  })
  expect((await lab.settled(lab.account)).properties).toMatchObject({
    ...lab.injected,
    publicNetworkAccess: 'Disabled',
  })
  const put = await lab.putAccount()
  expect(put.body.properties).toMatchObject({ provisioningState: 'Accepted', publicNetworkAccess: 'Enabled' })
  expect(put.body.properties.networkInjections).toBeUndefined()
  expect(await lab.code(lab.putProject())).toBe('409 RequestConflict')
})

test('a deleted account blocks name, subdomain and subnet until it is purged, and the subnet a while longer', async () => {
  const lab = await openFoundry()
  await lab.putSubnet()
  await lab.putAccount(lab.injected)
  await lab.settled(lab.account)
  expect((await lab.arm('DELETE', lab.account)).status).toBe(202)
  await lab.advance(120)
  expect((await lab.arm('GET', lab.account)).status).toBe(404)
  expect(await lab.code(lab.putAccount())).toBe('409 FlagMustBeSetForRestore')
  const other = lab.account.replace('contoso-ai-east', 'other')
  expect(await lab.code(lab.arm('PUT', other, { body: lab.accountBody() }))).toBe('409 CustomDomainInUse')

  const deleted = `/subscriptions/${lab.subscriptionId}/providers/Microsoft.CognitiveServices/deletedAccounts`
  const [grave] = (await lab.get(deleted)).value
  expect(grave.id).toContain('/locations/eastus/resourceGroups/rg-contoso-ai/deletedAccounts/contoso-ai-east')
  expect(await lab.get(grave.id)).toMatchObject({ location: 'eastus', kind: 'AIServices' })
  const purging = await lab.arm('DELETE', grave.id)
  expect([purging.status, purging.headers.get('location')]).toEqual([
    202,
    expect.stringContaining('operationResults'),
  ])
  await lab.advance(190)
  expect(await lab.code(lab.arm('DELETE', lab.subnet))).toBe('400 InUseSubnetCannotBeDeleted')
  expect(await lab.code(lab.putAccount(lab.injected))).toBe('400 SubnetAlreadyInUse')
  await lab.advance(20 * 60)
  expect((await lab.arm('DELETE', lab.subnet)).status).toBe(202)
  expect((await lab.putAccount()).status).toBe(201)
})

test('a namesake in another subnet does not prolong the hold on the former one', async () => {
  const lab = await openFoundry({ temper: 'fast' })
  await lab.putSubnet()
  await lab.putAccount(lab.injected)
  await lab.arm('DELETE', lab.account)
  const deleted = `/subscriptions/${lab.subscriptionId}/providers/Microsoft.CognitiveServices/deletedAccounts`
  await lab.arm('DELETE', (await lab.get(deleted)).value[0].id)
  const elsewhere = lab.subnet.replace('snet-agents', 'snet-agents-2')
  await lab.putSubnet(undefined, '192.168.9.0/24', elsewhere)
  const networkInjections = [{ scenario: 'agent', subnetArmId: elsewhere }]
  expect((await lab.putAccount({ networkInjections })).status).toBe(201)
  expect((await lab.get(lab.subnet)).properties.serviceAssociationLinks).toBeUndefined()
  expect((await lab.get(elsewhere)).properties.serviceAssociationLinks).toHaveLength(1)
})

test('a soft-deleted account comes back as it was, with its identity and its subnet', async () => {
  const lab = await openFoundry({ temper: 'fast' })
  await lab.putSubnet()
  expect(await lab.code(lab.putAccount({ restore: true }))).toBe('400 CanNotRestoreANonExistingResource')
  const { body: first } = await lab.putAccount(lab.injected)
  await lab.arm('DELETE', lab.account)
  const body = { location: 'eastus', properties: { restore: true } }
  const restored = await lab.arm('PUT', lab.account, { body })
  expect([restored.status, restored.body.identity, restored.body.kind]).toEqual([
    201,
    first.identity,
    'AIServices',
  ])
  expect(restored.body.properties).toMatchObject(lab.injected)
  await lab.arm('DELETE', lab.account)
  await lab.advance(49 * 3600)
  const { access_token } = await lab.tokenFor('https://management.azure.com')
  const fresh = await lab.arm('PUT', lab.account, {
    body: lab.accountBody(lab.injected),
    headers: { authorization: `Bearer ${access_token}` },
  })
  expect(fresh.status).toBe(201)
  expect(fresh.body.identity.principalId).not.toBe(first.identity.principalId)
})

test('an account goes after its deployments and its projects, and a group cannot go before', async () => {
  const lab = await openFoundry({ temper: 'fast' })
  await lab.putAccount()
  await lab.putDeployment('gpt-4o')
  await lab.putProject()
  expect(await lab.code(lab.arm('DELETE', lab.account))).toBe('409 CannotDeleteAccountWithDeployments')
  await lab.arm('DELETE', lab.group)
  await lab.advance(5)
  expect((await lab.arm('GET', `${lab.account}/deployments/gpt-4o`)).status).toBe(200)
  expect((await lab.putProject()).status).toBe(201)
  expect((await lab.arm('DELETE', `${lab.account}/deployments/gpt-4o`)).status).toBe(200)
  expect(await lab.code(lab.arm('DELETE', lab.account))).toBe('409 CannotDeleteResource')
  expect((await lab.arm('DELETE', lab.project)).status).toBe(200)
  expect((await lab.arm('DELETE', lab.account)).status).toBe(200)
})
