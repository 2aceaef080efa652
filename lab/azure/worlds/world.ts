/** The application's managed identity, as the host half injects it. */
export type Identity = { clientId: string; principalId: string; header: string }

/** An identity of the home, by both of its ids. */
export type Canary = { principalId: string; clientId: string }

export type Home = {
  resourceGroup: string
  location: string
  virtualNetwork: string
  opsSubnet: string
  actionGroup: string
  workspace: string
  eventHub: { namespace: string; hub: string }
  /** Where its alerts arrive; of the same namespace. */
  alertsHub: string
  /** Two more identities, to prove roles with: one gets them, the other none. */
  probe: Canary
  nobody: Canary
}

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
  actionGroup: 'ag-ops',
  workspace: 'log-ops',
  eventHub: { namespace: 'evhns-ops', hub: 'gateway-log' },
  alertsHub: 'alerts',
  probe: {
    principalId: 'a9940000-1111-4222-8333-444444444444',
    clientId: 'a9930000-1111-4222-8333-444444444444',
  },
  nobody: {
    principalId: 'a9960000-1111-4222-8333-444444444444',
    clientId: 'a9950000-1111-4222-8333-444444444444',
  },
}
