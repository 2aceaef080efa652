/** The application's managed identity, as the host half injects it. */
export type Identity = { clientId: string; principalId: string; header: string }

export type Home = { resourceGroup: string; location: string; virtualNetwork: string; opsSubnet: string }

/** Fixed, so that ids read the same in every run. */
export const TENANT_ID = '77777777-8888-4999-8aaa-bbbbbbbbbbbb'
export const SUBSCRIPTION_ID = '11111111-2222-4333-8444-555555555555'
export const APP_CLIENT_ID = 'a9910000-1111-4222-8333-444444444444'
export const APP_PRINCIPAL_ID = 'a9920000-1111-4222-8333-444444444444'

export const HOME: Home = {
  resourceGroup: 'rg-contoso-ai',
  location: 'eastus',
  virtualNetwork: 'vnet-contoso-ai',
  opsSubnet: 'snet-agents-ops',
}
