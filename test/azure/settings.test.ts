import { expect, test } from 'vitest'
import { readSettings } from '../../src/azure/settings.ts'

const good = {
  AZURE_SUBSCRIPTION_ID: '00000000-0000-4000-8000-000000000001',
  AZURE_CLIENT_ID: '00000000-0000-4000-8000-000000000002',
  AzureWebJobsStorage__tableServiceUri: 'https://ops.table.core.windows.net/',
  OPS_RESOURCE_GROUPS: 'rg-a, RG-B',
  WEBSITE_AUTH_ENABLED: 'True',
}

test('the public cloud needs no endpoints', () => {
  expect(readSettings(good)).toMatchObject({
    resourceManager: { endpoint: 'https://management.azure.com', audience: 'https://management.azure.com' },
    surroundings: { gatewaySuffix: 'azure-api.net', cloud: 'AzureCloud' },
    autoRepair: true,
    tablesUrl: 'https://ops.table.core.windows.net',
    resourceGroups: ['rg-a', 'rg-b'],
  })
})

test('another cloud brings its own endpoints and gateway suffix', () => {
  expect(readSettings({ ...good, AZURE_CLOUD: 'AzureUSGovernment' })).toMatchObject({
    resourceManager: { endpoint: 'https://management.usgovcloudapi.net' },
    surroundings: { gatewaySuffix: 'azure-api.us' },
  })
})

test('every wrong setting is named at once, with what is wrong', () => {
  const read = () =>
    readSettings({
      ...good,
      AZURE_CLIENT_ID: 'me',
      OPS_RESOURCE_GROUPS: undefined,
      AZURE_RESOURCE_MANAGER_ENDPOINT: 'http://x',
    })
  expect(read).toThrow(/AZURE_CLIENT_ID must be a GUID/)
  expect(read).toThrow(/OPS_RESOURCE_GROUPS is missing/)
  expect(read).toThrow(/AZURE_RESOURCE_MANAGER_ENDPOINT must be an https:\/\/ address/)
})

test('what the home offers besides is taken over, and what it does not is absent', () => {
  const group = '/subscriptions/s/resourceGroups/rg/providers'
  const { surroundings } = readSettings({
    ...good,
    OPS_EVENT_HUB_ID: `${group}/Microsoft.EventHub/namespaces/evhns-ops/eventhubs/gateway-log`,
    OPS_PROBE_PRINCIPAL_ID: good.AZURE_CLIENT_ID,
    OPS_PROBE_CLIENT_ID: good.AZURE_CLIENT_ID,
  })
  expect(surroundings.eventHub).toMatchObject({ namespace: 'evhns-ops', hub: 'gateway-log' })
  expect(surroundings.probeIdentities, 'one canary alone proves nothing').toBeUndefined()
  expect(surroundings.workspaceId).toBeUndefined()
  expect(() => readSettings({ ...good, OPS_WORKSPACE_ID: 'log-ops' })).toThrow(
    /OPS_WORKSPACE_ID must be a resource id/,
  )
})

test('the alerts’ hub is its name and the connection of the host, or neither', () => {
  expect(readSettings(good).alertsHub).toBeUndefined()
  const connection = { AlertsHub__fullyQualifiedNamespace: 'evhns-ops.servicebus.windows.net' }
  expect(readSettings({ ...good, ...connection, OPS_ALERTS_HUB: 'alerts' }).alertsHub).toEqual({
    name: 'alerts',
    consumerGroup: '$Default',
  })
  expect(() => readSettings({ ...good, ...connection })).toThrow(/OPS_ALERTS_HUB is missing/)
  expect(() => readSettings({ ...good, OPS_ALERTS_HUB: 'alerts' })).toThrow(
    /AlertsHub__fullyQualifiedNamespace/,
  )
})

test('without App Service authentication the app does not start: anybody could claim to be anybody', () => {
  for (const WEBSITE_AUTH_ENABLED of [undefined, 'False', ''])
    expect(() => readSettings({ ...good, WEBSITE_AUTH_ENABLED })).toThrow(/WEBSITE_AUTH_ENABLED/)
})
