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
    gatewaySuffix: 'azure-api.net',
    tablesUrl: 'https://ops.table.core.windows.net',
    resourceGroups: ['rg-a', 'rg-b'],
  })
})

test('another cloud brings its own endpoints and gateway suffix', () => {
  expect(readSettings({ ...good, AZURE_CLOUD: 'AzureUSGovernment' })).toMatchObject({
    resourceManager: { endpoint: 'https://management.usgovcloudapi.net' },
    gatewaySuffix: 'azure-api.us',
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

test('without App Service authentication the app does not start: anybody could claim to be anybody', () => {
  for (const WEBSITE_AUTH_ENABLED of [undefined, 'False', ''])
    expect(() => readSettings({ ...good, WEBSITE_AUTH_ENABLED })).toThrow(/WEBSITE_AUTH_ENABLED/)
})
