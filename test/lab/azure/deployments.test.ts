import { expect, test } from 'vitest'
import { type Foundry, openFoundry } from './foundry.ts'

const withAccount = async (temper: 'fast' | 'usual' = 'fast') => {
  const lab = await openFoundry({ temper })
  await lab.putAccount()
  await lab.settled(lab.account)
  return lab
}
const provider = ({ subscriptionId }: Foundry) =>
  `/subscriptions/${subscriptionId}/providers/Microsoft.CognitiveServices`

test('a deployment shows its defaults, and limits that follow from its capacity', async () => {
  const lab = await withAccount()
  const { status, body } = await lab.putDeployment('gpt-4o', {
    capacity: 50,
    model: { format: 'OpenAI', name: 'gpt-4o' },
  })
  expect(status).toBe(201)
  expect(body.sku).toEqual({ name: 'GlobalStandard', capacity: 50 })
  expect(body.properties).toMatchObject({
    provisioningState: 'Succeeded',
    model: { version: '2024-11-20' },
    raiPolicyName: 'Microsoft.DefaultV2',
    versionUpgradeOption: 'OnceNewDefaultVersionAvailable',
    currentCapacity: 50,
    rateLimits: [
      { key: 'request', renewalPeriod: 10, count: 50 },
      { key: 'token', renewalPeriod: 60, count: 50_000 },
    ],
  })
  const path = `${lab.account}/deployments/gpt-4o`
  const patched = await lab.arm('PATCH', path, { body: { sku: { capacity: 20 } } })
  expect(patched.body.sku).toEqual({ name: 'GlobalStandard', capacity: 20 })
  expect(patched.body.properties.rateLimits[1].count).toBe(20_000)
  expect(patched.body.properties.model.version).toBe('2024-11-20')
})

test('one write at a time in an account; in the meantime, and a moment longer, it is only Accepted', async () => {
  const lab = await withAccount('usual')
  const first = await lab.putDeployment('one')
  expect(first.body.properties.provisioningState).toBe('Creating')
  expect(await lab.stateOf(lab.account)).toBe('Accepted')
  expect(await lab.code(lab.putDeployment('two'))).toBe('409 RequestConflict')
  expect(await lab.code(lab.putProject())).toBe('409 RequestConflict')
  expect(await lab.code(lab.putAccount())).toBe('409 RequestConflict')
  for (
    let turn = 0;
    turn < 60 && (await lab.stateOf(`${lab.account}/deployments/one`)) !== 'Succeeded';
    turn++
  )
    await lab.advance(1)
  expect(await lab.stateOf(lab.account)).toBe('Accepted')
  expect(await lab.code(lab.putDeployment('two'))).toBe('409 AccountProvisioningStateInvalid')
  await lab.advance(30)
  expect(await lab.stateOf(lab.account)).toBe('Succeeded')
  expect((await lab.putDeployment('two')).status).toBe(201)
})

test.each([
  [
    'a model that nobody has',
    { model: { format: 'OpenAI', name: 'gpt-9', version: '1' } },
    'DeploymentModelNotSupported',
  ],
  [
    'a version that is none',
    { model: { format: 'OpenAI', name: 'gpt-4o', version: '1' } },
    'DeploymentModelNotSupported',
  ],
  ['a sku the model lacks', { sku: 'GlobalProvisionedBatch' }, 'DeploymentModelNotSupported'],
  [
    'a retired model',
    { model: { format: 'OpenAI', name: 'gpt-35-turbo', version: '0613' }, sku: 'Standard' },
    'ServiceModelDeprecated',
  ],
  ['more than the quota', { capacity: 451 }, 'InsufficientQuota'],
  ['no capacity', { capacity: 0 }, 'InvalidResourceProperties'],
  ['too few PTUs', { sku: 'ProvisionedManaged', capacity: 25 }, 'InvalidResourceProperties'],
  ['PTUs between the steps', { sku: 'GlobalProvisionedManaged', capacity: 17 }, 'InvalidResourceProperties'],
  ['a policy that is not there', { raiPolicyName: 'mine' }, 'InvalidResourceProperties'],
  [
    'spillover to nothing',
    { sku: 'GlobalProvisionedManaged', capacity: 15, spilloverDeploymentName: 'no' },
    'InvalidResourceProperties',
  ],
])('a deployment of %s is refused', async (_what, wanted, expected) => {
  const lab = await withAccount()
  expect(await lab.code(lab.putDeployment('wanted', wanted))).toBe(`400 ${expected}`)
})

test('provisioned throughput has no rate limits and may spill over to a standard deployment', async () => {
  const lab = await withAccount()
  await lab.putDeployment('standard')
  const { status, body } = await lab.putDeployment('ptu', {
    sku: 'GlobalProvisionedManaged',
    capacity: 20,
    spilloverDeploymentName: 'standard',
  })
  expect([status, body.properties.rateLimits]).toEqual([201, undefined])
})

test('quota is one for all accounts of a region, and free again after a decrease', async () => {
  const lab = await withAccount()
  const other = lab.account.replace('contoso-ai-east', 'other')
  await lab.arm('PUT', other, { body: lab.accountBody({ customSubDomainName: 'other-ai' }) })
  await lab.putDeployment('d-a', { capacity: 300 })
  const refused = await lab.putDeployment('d-b', { capacity: 200 }, other)
  expect(refused.body.error.message).toMatch(/available capacity 150\..* quota limit is 450/)
  const usage = async (location = 'eastus') =>
    (await lab.get(`${provider(lab)}/locations/${location}/usages`)).value.find(
      ({ name }: { name: { value: string } }) => name.value === 'OpenAI.GlobalStandard.gpt-4o',
    )
  expect([(await usage()).currentValue, (await usage()).limit, (await usage('westus')).currentValue]).toEqual(
    [300, 450, 0],
  )
  await lab.arm('PATCH', `${lab.account}/deployments/d-a`, {
    body: { sku: { name: 'GlobalStandard', capacity: 250 } },
  })
  expect((await lab.putDeployment('d-b', { capacity: 200 }, other)).status).toBe(201)
  const capacities = `${provider(lab)}/modelCapacities?modelFormat=OpenAI&modelName=gpt-4o&modelVersion=2024-11-20`
  const free = (await lab.get(capacities)).value.filter(
    ({ name }: { name: string }) => name === 'GlobalStandard',
  )
  const at = (wanted: string) => free.find(({ location }: { location: string }) => location === wanted)
  expect([at('eastus').properties.availableCapacity, at('westus').properties.availableCapacity]).toEqual([
    0, 450,
  ])
})

test('the catalogue of a region says what can be deployed, in which steps and until when', async () => {
  const lab = await withAccount()
  const models = async (location: string) =>
    (await lab.get(`${provider(lab)}/locations/${location}/models`)).value
  const named = (list: { model: { name: string; version: string } }[], name: string) =>
    list.map(({ model }) => model).filter((model) => model.name === name)
  const [current, older] = named(await models('eastus'), 'gpt-4o')
  expect(current).toMatchObject({
    isDefaultVersion: true,
    deprecation: { inference: '2031-10-01T00:00:00.000Z' },
  })
  expect(older).toMatchObject({ version: '2024-08-06', isDefaultVersion: false })
  expect((current as unknown as { skus: object[] }).skus).toContainEqual(
    expect.objectContaining({
      name: 'GlobalProvisionedManaged',
      usageName: 'OpenAI.GlobalProvisionedManaged.gpt-4o',
      capacity: expect.objectContaining({ minimum: 15, step: 5 }),
    }),
  )
  expect(named(await models('westeurope'), 'o4-mini')).toEqual([])
  expect(await models('southindia')).toEqual([])
})
