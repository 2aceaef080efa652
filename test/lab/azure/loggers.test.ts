import { expect, test } from 'vitest'
import { openGateway, SERVICE } from './gateway.ts'
import { GROUP } from './open.ts'

const BY_IDENTITY = {
  loggerType: 'azureEventHub',
  credentials: {
    name: 'gateway-log',
    endpointAddress: 'evhns-ops.servicebus.windows.net',
    identityClientId: 'SystemAssigned',
  },
}
const INSIGHTS = {
  loggerType: 'applicationInsights',
  credentials: { connectionString: 'InstrumentationKey=1' },
}

test('an event hub logger by managed identity reads back with a named value for the identity', async () => {
  const { apim, put, get, remove } = await openGateway()
  const made = await apim.logger.createOrUpdate(GROUP, SERVICE, 'hub', BY_IDENTITY)
  expect(made.credentials).toEqual({
    ...BY_IDENTITY.credentials,
    identityClientId: expect.stringMatching(/^\{\{[0-9a-f]{24}\}\}$/),
  })
  const name = String(made.credentials?.['identityClientId']).slice(2, -2)
  const value = await get(`namedValues/${name}`)
  expect(value.body.properties).toMatchObject({ displayName: `Logger-Credentials--${name}`, secret: true })
  expect((await remove(`namedValues/${name}`)).status).toBe(400)
  const back = { ...BY_IDENTITY, credentials: made.credentials }
  expect((await put('loggers/hub', back)).body.properties.credentials).toEqual(made.credentials)
  const unknown = {
    ...BY_IDENTITY,
    credentials: { ...BY_IDENTITY.credentials, identityClientId: '{{none}}' },
  }
  expect((await put('loggers/other', unknown)).body.error.details[0].message).toBe('none')
  await remove('loggers/hub')
  expect((await get(`namedValues/${name}`)).status).toBe(404)
})

test('secrets of loggers are never read back', async () => {
  const { put, get, lab, faults } = await openGateway()
  await put('loggers/insights', INSIGHTS)
  const { credentials } = (await get('loggers/insights')).body.properties
  expect(credentials.connectionString).toMatch(/^\{\{Logger-Credentials--[0-9a-f]{24}\}\}$/)
  expect(JSON.stringify(await lab('GET', 'resources'))).not.toContain('InstrumentationKey=1')
  expect((await put('loggers/azuremonitor', { loggerType: 'azureMonitor', isBuffered: true })).status).toBe(
    201,
  )
  expect(await faults('loggers/x', { loggerType: 'applicationInsights' })).toEqual([
    'ValidationError',
    'credentials: connectionString or instrumentationKey is required.',
  ])
  const { identityClientId: _, ...lacking } = BY_IDENTITY.credentials
  expect(await faults('loggers/x', { loggerType: 'azureEventHub', credentials: lacking })).toHaveLength(2)
})

test('a diagnostic goes to a logger of its kind, which then stays', async () => {
  const { apim, put, get, remove, faults, entity } = await openGateway()
  await put('loggers/insights', INSIGHTS)
  await put('loggers/azuremonitor', { loggerType: 'azureMonitor' })
  await put('apis/openai', { path: 'openai', displayName: 'AI' })
  const made = await apim.diagnostic.createOrUpdate(GROUP, SERVICE, 'applicationinsights', {
    loggerId: '/loggers/insights',
    alwaysLog: 'allErrors',
    sampling: { samplingType: 'fixed', percentage: 100 },
    metrics: true,
  })
  expect(made).toMatchObject({ loggerId: entity('loggers/insights'), metrics: true })
  const llm = {
    loggerId: entity('loggers/azuremonitor'),
    largeLanguageModel: { logs: 'enabled', requests: { messages: 'all', maxSizeInBytes: 262_144 } },
  }
  const at = 'apis/openai/diagnostics/azuremonitor'
  await put(at, llm, { body: { properties: llm }, apiVersion: '2024-06-01-preview' })
  const read = async (version: string) => (await get(at, version)).body.properties.largeLanguageModel
  expect([await read('2024-05-01'), await read('2024-06-01-preview')]).toEqual([
    undefined,
    llm.largeLanguageModel,
  ])
  expect((await faults('diagnostics/azuremonitor', { loggerId: '/loggers/insights' }))[1]).toMatch(
    /of type azureMonitor/,
  )
  expect((await faults('diagnostics/azuremonitor', { loggerId: '/loggers/none' }))[1]).toMatch(/not found/)
  const wide = { loggerId: '/loggers/azuremonitor', frontend: { request: { body: { bytes: 8193 } } } }
  expect((await faults('diagnostics/azuremonitor', wide))[1]).toMatch(/^frontend.request.body.bytes/)
  expect((await put('diagnostics/other', llm)).body.error.code).toBe('InvalidResourceName')
  expect((await remove('loggers/insights')).body.error.message).toContain('/diagnostics/applicationinsights')
})

test('the network is well once the service is up', async () => {
  const { apim } = await openGateway()
  const [here] = await apim.networkStatus.listByService(GROUP, SERVICE)
  expect(here?.location).toBe('East US')
  expect(here?.networkStatus?.connectivityStatus.map(({ status }) => status)).not.toContain('failure')
})
