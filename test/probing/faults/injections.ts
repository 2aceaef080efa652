import type { Editable, Hands } from './world.ts'

/** How each fault of `test/probes/faults.ts` is brought about in the lab, by its id. `hands.undo` heals all of them. */
export type Inject = (hands: Hands) => Promise<void>

/** Tokens in memories are good for a day. */
const dayOfTokens = 86_400
const network = '2024-05-01'
const zones = '2024-06-01'
const gatewayHosts = '^contoso-apim\\.[a-z.]*azure-api\\.net/'
const all = 'all' as const

/** A body as Azure shows it: whoever edits it knows what is in it. */
const properties = (body: Editable) => body.properties as Record<string, unknown>
const set = (changes: Record<string, unknown>) => (body: Editable) => {
  Object.assign(properties(body), changes)
}
const networkRule = (group: string, name: string) =>
  `Microsoft.Network/networkSecurityGroups/${group}/securityRules/${name}`
const denying = (direction: 'Inbound' | 'Outbound', to: string, priority = 105) => ({
  properties: {
    direction,
    access: 'Deny',
    protocol: '*',
    priority,
    sourceAddressPrefix: '*',
    sourcePortRange: '*',
    destinationAddressPrefix: to,
    destinationPortRange: '443',
  },
})
const record = (address: string) => ({ properties: { ttl: 10, aRecords: [{ ipv4Address: address }] } })
const inZone = (zone: string, name: string) => `Microsoft.Network/privateDnsZones/${zone}/A/${name}`
const removing =
  (...keys: string[]): Inject =>
  async (hands) => {
    for (const key of keys) await hands.remove(key)
  }
const editing =
  (key: string, change: (body: Editable) => void): Inject =>
  (hands) =>
    hands.edit(key, change)
const striking =
  (path: string, does: Parameters<Hands['fault']>[0]['do'], more: object = {}): Inject =>
  (hands) =>
    hands.fault({ match: { path, count: all, ...more }, do: does })

const names: Record<string, Inject> = {
  'zone-link-removed': removing('dns-link/privatelink.openai.azure.com'),
  'project-zone-link-removed': removing('dns-link/privatelink.services.ai.azure.com'),
  'gateway-zone-link-removed': removing('dns-link/contoso-apim.azure-api.net'),
  'zone-removed': removing(
    'dns-link/privatelink.search.windows.net',
    'dns-zone/privatelink.search.windows.net',
  ),
  'gateway-record-wrong': (hands) =>
    hands.put(inZone('contoso-apim.azure-api.net', '@'), zones, record('192.168.2.99')),
  'endpoint-record-wrong': (hands) =>
    hands.put(inZone('privatelink.vaultcore.azure.net', 'contoso-kv'), zones, record('192.168.4.9')),
  'endpoint-record-removed': (hands) =>
    hands.removeAt(inZone('privatelink.blob.core.windows.net', 'contosoaidata'), zones),
  'zone-group-removed': removing('dns-zone-group/pe-contoso-cosmos-sql'),
  'resolver-down': striking('.', { dns: 'fails' }),
  'resolver-forwards-nothing': striking('.', { dns: 'public' }),
}

const ways: Record<string, Inject> = {
  'endpoint-removed': removing('private-endpoint/pe-contoso-eus-account'),
  'rule-for-endpoints-denies': async (hands) => {
    const path = networkRule('nsg-private-endpoints', 'allow-https-from-network')
    const rule = await hands.read(path, network)
    await hands.put(path, network, { properties: { ...(rule['properties'] as object), access: 'Deny' } })
  },
  'rule-for-endpoints-removed': (hands) =>
    hands.removeAt(networkRule('nsg-private-endpoints', 'allow-https-from-network'), network),
  'rule-against-gateway': (hands) =>
    hands.put(networkRule('nsg-apim', 'no-clients'), network, denying('Inbound', '*')),
  'rule-from-gateway-to-models': (hands) =>
    hands.put(networkRule('nsg-apim', 'no-models'), network, denying('Outbound', '192.168.2.0/26')),
  'rule-from-gateway-to-entra': async (hands) => {
    await hands.put(networkRule('nsg-apim', 'no-entra'), network, denying('Outbound', 'AzureActiveDirectory'))
    await hands.pass(dayOfTokens)
  },
  'rule-from-app': (hands) =>
    hands.put(networkRule('nsg-agents', 'keep-in'), network, denying('Outbound', '*', 200)),
  'route-to-nowhere': (hands) =>
    hands.put('Microsoft.Network/routeTables/rt-agents/routes/lost', network, {
      properties: { addressPrefix: '192.168.1.0/27', nextHopType: 'None' },
    }),
  'group-taken-off-subnet': editing('subnet/snet-private-endpoints', (body) => {
    delete properties(body)['networkSecurityGroup']
  }),
  'other-port-open': (hands) =>
    hands.removeAt(networkRule('nsg-private-endpoints', 'deny-everything-else'), network),
}

const gateway: Record<string, Inject> = {
  'certificate-expired': striking(gatewayHosts, { certificate: 'expired' }),
  'certificate-expires-soon': striking('^contoso-apim\\.azure-api\\.net/', { certificate: 'expires-soon' }),
  'certificate-of-another': striking('^contoso-search\\.', { certificate: 'wrong-name' }),
  'gateway-stopped': async (hands) => {
    await hands.fault({ match: { path: gatewayHosts, count: all }, do: { unreached: 'ETIMEDOUT' } })
    await hands.shows('api-management/contoso-apim', { provisioningState: 'Failed' })
  },
  'gateway-removed': removing('api-management/contoso-apim'),
  'gateway-page-fails': striking('^contoso-apim\\.azure-api\\.net/status-', { status: 500 }),
  'gateway-on-the-internet': editing('api-management/contoso-apim', set({ virtualNetworkType: 'External' })),
  'retry-text-changed': (hands) =>
    hands.editPolicy('api-policy/probe', (xml) => xml.replaceAll('x-backend-retry', 'x-tries')),
  'policy-for-keys-edited': (hands) =>
    hands.editPolicy('api-policy/models', (xml) => xml.replace(/count="[^"]*"/, 'count="1"')),
  'policy-above': (hands) =>
    hands.put('Microsoft.ApiManagement/service/contoso-apim/policies/policy', '2024-05-01', {
      properties: {
        format: 'rawxml',
        value:
          '<policies><inbound><choose><when condition="@(context.Api.Path.Contains(&quot;probe&quot;) && context.Request.Method == &quot;GET&quot;)"><return-response><set-status code="200" reason="OK" /></return-response></when></choose></inbound><backend><forward-request /></backend><outbound /><on-error /></policies>',
      },
    }),
  'token-audience-wrong': (hands) =>
    hands.editPolicy('api-policy/probe', (xml) =>
      xml.replace(/<audience>[^<]*<\/audience>/g, '<audience>https://example.azure.com</audience>'),
    ),
  'api-removed': removing('api/probe'),
  'keys-not-demanded': editing('api/models', set({ subscriptionRequired: false })),
  'key-revoked': editing('subscription/contoso', set({ state: 'suspended' })),
  'backend-breaker-edited': editing('backend/contoso-eus--gpt-4o', (body) => {
    const { circuitBreaker } = properties(body) as { circuitBreaker: { rules: { tripDuration: string }[] } }
    for (const rule of circuitBreaker.rules) rule.tripDuration = 'PT1H'
  }),
  'backend-redirected': editing(
    'backend/contoso-eus--gpt-4o',
    set({ url: 'https://nobody.openai.azure.com/openai' }),
  ),
  'pool-member-removed': editing('pool/gpt-4o', (body) => {
    const { pool } = properties(body) as { pool: { services: { id: string }[] } }
    pool.services = pool.services.filter(({ id }) => !id.includes('contoso-eus2'))
  }),
  'event-hub-silent': (hands) =>
    hands.put('Microsoft.EventHub/namespaces/evhns-ops/eventhubs/gateway-log', '2024-01-01', {
      properties: { status: 'SendDisabled' },
    }),
  'logger-edited': editing('logger/attempts', (body) => {
    const { credentials } = properties(body) as { credentials: Record<string, string> }
    credentials['name'] = 'elsewhere'
  }),
  'gateway-logs-off': removing('diagnostic-setting/api-management/contoso-apim'),
}

const canary = 'a993[0-9a-f]*-1111-4222-8333-444444444444'
const person = '6f1d2c3b-0a49-4e58-8c67-9d8e7f605142'
const refusal = (message: string) => ({ status: 400, body: { statusCode: 400, message } })
const rights: Record<string, Inject> = {
  'identity-endpoint-down': async (hands) => {
    await hands.fault({ match: { plane: 'token', count: all }, do: { status: 500 } })
    await hands.pass(dayOfTokens)
  },
  'canary-removed': async (hands) => {
    const said = `No User Assigned or Delegated Managed Identity found for specified ClientId: ${canary}.`
    await hands.fault({
      match: { plane: 'token', path: `client_id=${canary}`, count: all },
      do: refusal(said),
    })
    await hands.pass(dayOfTokens)
  },
  'audience-unknown': async (hands) => {
    const said =
      'AADSTS500011: The resource principal named https://search.azure.com was not found in the tenant.'
    await hands.fault({
      match: { plane: 'token', path: 'search\\.azure\\.com', count: all },
      do: refusal(said),
    })
    await hands.pass(dayOfTokens)
  },
  ...Object.fromEntries(
    (
      [
        ['openai-user', 'contoso-eus'],
        ['foundry-user', 'contoso-eus/main'],
        ['blob-data-contributor', 'contosoaidata'],
        ['search-index-data-contributor', 'contoso-search'],
      ] as const
    ).map(([role, scope]) => [`canary-without-${role}`, removing(`role-assignment/probe/${role}/${scope}`)]),
  ),
  'gateway-without-openai-user': removing('role-assignment/contoso-apim/openai-user/contoso-eus2'),
  'gateway-may-not-send': removing('role-assignment/contoso-apim/event-hubs-data-sender/gateway-log'),
  'project-without-cosmos': removing('cosmos-role-assignment/contoso-eus/main/enterprise_memory'),
  'project-without-openai-user': removing('role-assignment/contoso-eus/main/openai-user/contoso-eus'),
  'person-without-role': removing(`role-assignment/${person}/openai-user/contoso-eus`),
  'nobody-is-somebody': (hands) =>
    hands.put(
      'Microsoft.CognitiveServices/accounts/contoso-eus/providers/Microsoft.Authorization/roleAssignments/12345678-1111-4222-8333-444444444444',
      '2022-04-01',
      {
        properties: {
          principalId: 'a9960000-1111-4222-8333-444444444444',
          principalType: 'ServicePrincipal',
          roleDefinitionId:
            '/subscriptions/11111111-2222-4333-8444-555555555555/providers/Microsoft.Authorization/roleDefinitions/5e0bd9bd-7b93-4f28-af87-19fc36ad61bd',
        },
      },
    ),
}

const models: Record<string, Inject> = {
  'account-removed': removing('model-deployment/contoso-eus2/gpt-4o', 'account/contoso-eus2'),
  'deployment-removed': removing('model-deployment/contoso-eus/gpt-4o'),
  'quota-taken': async (hands) => {
    await hands.edit('model-deployment/contoso-eus/gpt-4o', (body) => {
      Object.assign((body as { sku?: object }).sku ?? {}, { capacity: 1 })
    })
    await hands.fault({ match: { plane: 'model', path: '^contoso-eus\\.' }, do: { capacityShare: 0 } })
  },
  'quota-zero': striking('^contoso-eus2\\.', { capacityShare: 0 }, { plane: 'model' }),
  'model-slow': striking(
    '^contoso-eus\\.openai\\.azure\\.com/.*chat/completions',
    { slowSeconds: 16 },
    { plane: 'model' },
  ),
  'region-fails': striking('^contoso-eus2\\.', { status: 500 }, { plane: 'model' }),
  'stream-breaks': striking(
    '^contoso-apim\\.azure-api\\.net/probe/.*chat/completions',
    { breakAfterBytes: 200 },
    { plane: 'gateway' },
  ),
  'agent-stuck': striking(
    '^contoso-eus\\.services\\.ai\\.azure\\.com/api/projects/main/agents',
    { slowSeconds: 20 },
    { plane: 'model', method: 'POST' },
  ),
  'capability-host-failed': (hands) =>
    hands.shows('project-capability-host/contoso-eus/main', { provisioningState: 'Failed' }),
  'connection-removed': removing('connection/contoso-eus/main/gateway'),
}

const open: Record<string, Inject> = {
  'account-open': editing('account/contoso-eus', set({ publicNetworkAccess: 'Enabled' })),
  'storage-open': editing('storage/contosoaidata', set({ publicNetworkAccess: 'Enabled' })),
  'search-open': editing('search/contoso-search', set({ publicNetworkAccess: 'enabled' })),
  'cosmos-open': editing('cosmos/contoso-cosmos', set({ publicNetworkAccess: 'Enabled' })),
  'vault-open': editing('key-vault/contoso-kv', (body) => {
    Object.assign(properties(body)['networkAcls'] as object, { defaultAction: 'Allow' })
  }),
  'account-keys-on': editing('account/contoso-eus2', set({ disableLocalAuth: false })),
  'account-open-and-reached': editing('account/contoso-eus', (body) => {
    set({ publicNetworkAccess: 'Enabled' })(body)
    Object.assign(properties(body)['networkAcls'] as object, { defaultAction: 'Allow' })
  }),
}

export const injections: Record<string, Inject> = {
  ...names,
  ...ways,
  ...gateway,
  ...rights,
  ...models,
  ...open,
}
