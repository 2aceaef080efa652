import type { Reason } from '../../src/probes/reason.ts'
import type { Observation } from '../../src/reconcile/observation.ts'
import type { Json, JsonObject } from '../../src/resources/kind.ts'

/**
 * What can go wrong in the reference environment (examples/contoso.yaml, logging to the event hub), and the one cause each must come to.
 * Ids are stable: the lab injects the same faults as `inject` says, and compares.
 */
export interface Fault {
  id: string
  /** How it is brought about, from outside the service. */
  inject: string
  /** Which probes fail of themselves, and why; those that need them fail behind them. Facts follow from `seen`. */
  fails: [ids: RegExp, reason: Reason][]
  /** What is wrong with which resource, when it is looked at; what is not named is ready. */
  seen?: Record<string, Observation>
  /** Rules of a group or routes of a table that others put there, by what the group or the table belongs to. */
  strangers?: { of: string; rules?: JsonObject[]; routes?: JsonObject[] }
  /** Key of the cause. */
  cause: string
  says: RegExp
}

const missing: Observation = { state: 'missing' }
const failed: Observation = { state: 'failed', provisioning: 'Failed' }
const drifted = (path: string, before: Json, after: Json): Observation => ({
  state: 'drifted',
  changes: [{ path, before, after }],
})

const deny = (name: string, direction: 'Inbound' | 'Outbound', to: string, priority = 105): JsonObject => ({
  name,
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

const link = 'dns-link/privatelink'
const endpointHosts = /^tcp\/contoso(?!-apim\.).*:443$/
const gatewayHosts = /^tcp\/contoso-apim\..*:443$/

const names: Fault[] = [
  {
    id: 'zone-link-removed',
    inject: 'delete the virtual network link of privatelink.openai.azure.com',
    fails: [[/^dns\/.*\.openai\./, 'PublicAddress']],
    seen: { [`${link}.openai.azure.com`]: missing },
    cause: `${link}.openai.azure.com`,
    says: /the link of zone privatelink\.openai\.azure\.com to the network is missing/,
  },
  {
    id: 'project-zone-link-removed',
    inject: 'delete the virtual network link of privatelink.services.ai.azure.com',
    fails: [[/^dns\/.*\.services\.ai\./, 'PublicAddress']],
    seen: { [`${link}.services.ai.azure.com`]: missing },
    cause: `${link}.services.ai.azure.com`,
    says: /services\.ai\.azure\.com to the network is missing/,
  },
  {
    id: 'gateway-zone-link-removed',
    inject: 'delete the virtual network link of contoso-apim.azure-api.net',
    fails: [[/^dns\/contoso-apim\.azure-api\.net$/, 'NameNotFound']],
    seen: { 'dns-link/contoso-apim.azure-api.net': missing },
    cause: 'dns-link/contoso-apim.azure-api.net',
    says: /is missing; not proven any more/,
  },
  {
    id: 'zone-removed',
    inject: 'delete the zone privatelink.search.windows.net with its link and its records',
    fails: [[/^dns\/contoso-search\./, 'PublicAddress']],
    seen: {
      'dns-zone/privatelink.search.windows.net': missing,
      [`${link}.search.windows.net`]: missing,
      'dns-zone-group/pe-contoso-search-searchservice': drifted('properties.privateDnsZoneConfigs', [], []),
    },
    cause: 'dns-zone/privatelink.search.windows.net',
    says: /private DNS zone privatelink\.search\.windows\.net is missing/,
  },
  {
    id: 'gateway-record-wrong',
    inject: 'point the record @ of contoso-apim.azure-api.net to 192.168.2.99',
    fails: [[/^dns\/contoso-apim\.azure-api\.net$/, 'WrongAddress']],
    seen: { 'dns-record/contoso-apim.azure-api.net': drifted('properties.aRecords', [], []) },
    cause: 'dns-record/contoso-apim.azure-api.net',
    says: /the address record of contoso-apim\.azure-api\.net was changed/,
  },
  {
    id: 'endpoint-record-wrong',
    inject: 'point the record contoso-kv of privatelink.vaultcore.azure.net to 192.168.4.9',
    fails: [[/^dns\/contoso-kv\./, 'WrongAddress']],
    cause: 'dns/WrongAddress/contoso-kv.vault.azure.net',
    says: /contoso-kv\.vault\.azure\.net/,
  },
  {
    id: 'endpoint-record-removed',
    inject: 'delete the record contosoaidata of privatelink.blob.core.windows.net',
    fails: [[/^dns\/contosoaidata\./, 'NameNotFound']],
    cause: 'dns/NameNotFound/contosoaidata.blob.core.windows.net',
    says: /contosoaidata\.blob\.core\.windows\.net/,
  },
  {
    id: 'zone-group-removed',
    inject: 'delete the zone group of pe-contoso-cosmos-sql',
    fails: [[/^dns\/contoso-cosmos\./, 'NameNotFound']],
    seen: { 'dns-zone-group/pe-contoso-cosmos-sql': missing },
    cause: 'dns-zone-group/pe-contoso-cosmos-sql',
    says: /the zone group of pe-contoso-cosmos-sql.* is missing/,
  },
  {
    id: 'resolver-down',
    inject: 'stop the DNS server of the network',
    fails: [[/^dns\//, 'ResolverFailed']],
    cause: 'dns/ResolverFailed/the resolver',
    says: /the resolver/,
  },
  {
    id: 'resolver-forwards-nothing',
    inject: 'have the resolver answer from public DNS, past the private zones',
    fails: [[/^dns\/contoso(?!-apim)/, 'PublicAddress']],
    cause: 'dns/PublicAddress/the resolver',
    says: /the resolver/,
  },
]

const network: Fault[] = [
  {
    id: 'endpoint-removed',
    inject: 'delete the private endpoint pe-contoso-eus-account with its zone group',
    fails: [[/^dns\/contoso-eus\./, 'NameNotFound']],
    seen: {
      'private-endpoint/pe-contoso-eus-account': missing,
      'dns-zone-group/pe-contoso-eus-account': missing,
    },
    cause: 'private-endpoint/pe-contoso-eus-account',
    says: /the private endpoint pe-contoso-eus-account is missing/,
  },
  {
    id: 'rule-for-endpoints-denies',
    inject: 'set access of the rule allow-https-from-network of nsg-private-endpoints to Deny',
    fails: [[endpointHosts, 'TimedOut']],
    seen: {
      'security-group/nsg-private-endpoints': drifted(
        'properties.securityRules[allow-https-from-network].properties.access',
        'Deny',
        'Allow',
      ),
    },
    cause: 'security-group/nsg-private-endpoints',
    says: /allow-https-from-network\]\.properties\.access is Deny, not Allow/,
  },
  {
    id: 'rule-for-endpoints-removed',
    inject: 'delete the rule allow-https-from-network of nsg-private-endpoints',
    fails: [[endpointHosts, 'TimedOut']],
    seen: {
      'security-group/nsg-private-endpoints': drifted(
        'properties.securityRules[allow-https-from-network]',
        null,
        {},
      ),
    },
    cause: 'security-group/nsg-private-endpoints',
    says: /allow-https-from-network/,
  },
  {
    id: 'rule-against-gateway',
    inject: 'add to nsg-apim an inbound rule no-clients, priority 105, that denies port 443',
    fails: [[gatewayHosts, 'TimedOut']],
    strangers: { of: 'security-group/nsg-apim', rules: [deny('no-clients', 'Inbound', '*')] },
    cause: 'security-group/nsg-apim',
    says: /rule no-clients of nsg-apim/,
  },
  {
    id: 'rule-from-gateway-to-models',
    inject:
      'add to nsg-apim an outbound rule no-models, priority 105, that denies port 443 to 192.168.2.0/26',
    fails: [[/^policy\/probe$/, 'NoCapacity']],
    strangers: { of: 'security-group/nsg-apim', rules: [deny('no-models', 'Outbound', '192.168.2.0/26')] },
    cause: 'security-group/nsg-apim',
    says: /rule no-models of nsg-apim \(outbound/,
  },
  {
    id: 'rule-from-gateway-to-entra',
    inject:
      'add to nsg-apim an outbound rule no-entra, priority 105, that denies port 443 to AzureActiveDirectory',
    fails: [[/^policy\/probe$/, 'ServerError']],
    strangers: {
      of: 'security-group/nsg-apim',
      rules: [deny('no-entra', 'Outbound', 'AzureActiveDirectory')],
    },
    cause: 'security-group/nsg-apim',
    says: /rule no-entra .* denies \* → AzureActiveDirectory:443/,
  },
  {
    id: 'rule-from-app',
    inject:
      'add to the security group of the agents’ subnets an outbound rule keep-in, priority 200, that denies port 443',
    fails: [[/^tcp\/.*:443$/, 'TimedOut']],
    strangers: { of: 'subnet/snet-agents-ops', rules: [deny('keep-in', 'Outbound', '*', 200)] },
    cause: 'subnet/snet-agents-ops',
    says: /rule keep-in of nsg-agents/,
  },
  {
    id: 'route-to-nowhere',
    inject: 'add to the route table of the agents’ subnets a route lost: 192.168.1.0/27 to None',
    fails: [[gatewayHosts, 'TimedOut']],
    strangers: {
      of: 'subnet/snet-agents-ops',
      routes: [{ name: 'lost', properties: { addressPrefix: '192.168.1.0/27', nextHopType: 'None' } }],
    },
    cause: 'subnet/snet-agents-ops',
    says: /route lost of rt-agents leads 192\.168\.1\.0\/27 to nowhere/,
  },
  {
    id: 'group-taken-off-subnet',
    inject: 'take the security group off snet-private-endpoints',
    fails: [],
    seen: {
      'subnet/snet-private-endpoints': drifted('properties.networkSecurityGroup', null, {
        id: '/subscriptions/s/providers/Microsoft.Network/networkSecurityGroups/nsg-private-endpoints',
      }),
    },
    cause: 'subnet/snet-private-endpoints',
    says: /networkSecurityGroup is absent, not nsg-private-endpoints; nothing has been seen to fail/,
  },
  {
    id: 'other-port-open',
    inject:
      'drop the rule deny-everything-else (and, by data alone: something listens on port 80 behind the endpoint of contosoaidata)',
    fails: [[/^tcp\/.*:80$/, 'Reached']],
    seen: {
      'security-group/nsg-private-endpoints': drifted(
        'properties.securityRules[deny-everything-else]',
        null,
        {},
      ),
    },
    cause: 'security-group/nsg-private-endpoints',
    says: /deny-everything-else/,
  },
]

const gatewayService: Fault[] = [
  {
    id: 'certificate-expired',
    inject: 'let the certificates of the gateway’s names expire',
    fails: [[/^tls\/contoso-apim\./, 'CertificateExpired']],
    cause: 'tls/CertificateExpired/api-management/contoso-apim',
    says: /api-management\/contoso-apim/,
  },
  {
    id: 'certificate-expires-soon',
    inject: 'let the certificate of contoso-apim.azure-api.net expire in five days',
    fails: [[/^tls\/contoso-apim\.azure-api\.net/, 'CertificateExpiresSoon']],
    cause: 'tls/CertificateExpiresSoon/contoso-apim.azure-api.net',
    says: /contoso-apim\.azure-api\.net/,
  },
  {
    id: 'certificate-of-another',
    inject: 'answer at contoso-search.search.windows.net with the certificate of another name',
    fails: [[/^tls\/contoso-search\./, 'CertificateNameMismatch']],
    cause: 'tls/CertificateNameMismatch/contoso-search.search.windows.net',
    says: /contoso-search\.search\.windows\.net/,
  },
  {
    id: 'gateway-stopped',
    inject: 'stop contoso-apim: nothing answers at its addresses, and Azure shows it as Failed',
    fails: [[gatewayHosts, 'TimedOut']],
    seen: { 'api-management/contoso-apim': failed },
    cause: 'api-management/contoso-apim',
    says: /contoso-apim has come to a stop: Azure shows it as Failed/,
  },
  {
    id: 'gateway-removed',
    inject: 'delete contoso-apim with all that is in it',
    fails: [[gatewayHosts, 'TimedOut']],
    seen: {
      'api-management/contoso-apim': missing,
      'backend/contoso-eus--gpt-4o': missing,
      'backend/contoso-eus2--gpt-4o': missing,
      'pool/gpt-4o': missing,
      'api/probe': missing,
      'api-policy/probe': missing,
      'api/models': missing,
      'api-policy/models': missing,
      'product/models': missing,
      'logger/attempts': missing,
    },
    cause: 'api-management/contoso-apim',
    says: /the gateway's service contoso-apim is missing/,
  },
  {
    id: 'gateway-page-fails',
    inject: 'have the gateway answer its status page with 500',
    fails: [[/^page\/contoso-apim\.azure-api\.net$/, 'ServerError']],
    cause: 'gateway/ServerError/api-management/contoso-apim',
    says: /api-management\/contoso-apim/,
  },
  {
    id: 'gateway-on-the-internet',
    inject: 'set virtualNetworkType of contoso-apim to External',
    fails: [[/^internet\/contoso-apim\./, 'Reached']],
    seen: { 'api-management/contoso-apim': drifted('properties.virtualNetworkType', 'External', 'Internal') },
    cause: 'api-management/contoso-apim',
    says: /virtualNetworkType is External, not Internal/,
  },
  {
    id: 'retry-text-changed',
    inject: 'take the retry counter out of the policy of the API probe',
    fails: [[/^policy\/probe$/, 'PromiseBroken']],
    seen: { 'api-policy/probe': drifted('properties.value', '<policies>…', '<policies>') },
    cause: 'api-policy/probe',
    says: /the policy of the API probe was changed/,
  },
  {
    id: 'policy-for-keys-edited',
    inject: 'set the retry count of the policy of the API models to 0',
    fails: [],
    seen: { 'api-policy/models': drifted('properties.value', '<policies>…', '<policies>') },
    cause: 'api-policy/models',
    says: /the policy of the API models was changed/,
  },
  {
    id: 'policy-above',
    inject: 'add a policy to the whole service that answers reads of the API probe itself',
    fails: [[/^policy\/probe$/, 'PromiseBroken']],
    cause: 'gateway/PromiseBroken/api-policy/probe',
    says: /api-policy\/probe/,
  },
  {
    id: 'token-audience-wrong',
    inject: 'have the policy of the API probe demand another audience',
    fails: [[/^policy\/probe$/, 'Unauthorized']],
    seen: { 'api-policy/probe': drifted('properties.value', '<policies>…', '<policies>') },
    cause: 'api-policy/probe',
    says: /the policy of the API probe/,
  },
  {
    id: 'api-removed',
    inject: 'delete the API probe',
    fails: [[/^policy\/probe$/, 'OperationNotFound']],
    seen: { 'api/probe': missing, 'api-policy/probe': missing },
    cause: 'api/probe',
    says: /api\/probe is missing/,
  },
  {
    id: 'keys-not-demanded',
    inject: 'set subscriptionRequired of the API models to false',
    fails: [[/^closed\/models\/no-key$/, 'Reached']],
    seen: { 'api/models': drifted('properties.subscriptionRequired', false, true) },
    cause: 'api/models',
    says: /subscriptionRequired is false, not true/,
  },
  {
    id: 'key-revoked',
    inject: 'suspend the subscription contoso',
    fails: [],
    seen: { 'subscription/contoso': drifted('properties.state', 'suspended', 'active') },
    cause: 'subscription/contoso',
    says: /properties\.state is suspended, not active/,
  },
  {
    id: 'backend-breaker-edited',
    inject: 'set the trip duration of the breaker of contoso-eus--gpt-4o to an hour',
    fails: [],
    seen: {
      'backend/contoso-eus--gpt-4o': drifted('properties.circuitBreaker.rules', [], []),
    },
    cause: 'backend/contoso-eus--gpt-4o',
    says: /backend contoso-eus--gpt-4o was changed: properties\.circuitBreaker\.rules/,
  },
  {
    id: 'backend-redirected',
    inject: 'set the address of the backend contoso-eus--gpt-4o to a name nobody has',
    fails: [],
    seen: {
      'backend/contoso-eus--gpt-4o': drifted(
        'properties.url',
        'https://nobody.openai.azure.com/openai',
        'https://contoso-eus.openai.azure.com/openai',
      ),
    },
    cause: 'backend/contoso-eus--gpt-4o',
    says: /nobody\.openai\.azure\.com/,
  },
  {
    id: 'pool-member-removed',
    inject: 'take contoso-eus2--gpt-4o out of the pool gpt-4o',
    fails: [[/^distribution\//, 'SharesOff']],
    seen: { 'pool/gpt-4o': drifted('properties.pool.services', [], []) },
    cause: 'pool/gpt-4o',
    says: /the pool gpt-4o was changed/,
  },
  {
    id: 'breaker-stays-open',
    inject: 'have contoso-eus2 answer one 429 with Retry-After of a day',
    fails: [[/^distribution\//, 'SharesOff']],
    cause: 'gateway/SharesOff/pool/gpt-4o',
    says: /pool\/gpt-4o/,
  },
  {
    id: 'all-members-out',
    inject:
      'have both accounts answer the gateway with 429 and Retry-After of ten minutes, and others as ever',
    fails: [[/^policy\/probe$/, 'NoCapacity']],
    cause: 'gateway/NoCapacity/pool/gpt-4o',
    says: /pool\/gpt-4o/,
  },
  {
    id: 'event-hub-silent',
    inject: 'have the event hub drop what the gateway sends',
    fails: [[/^arrivals\//, 'NoEvents']],
    cause: 'gateway/NoEvents/logger/attempts',
    says: /logger\/attempts/,
  },
  {
    id: 'logger-edited',
    inject: 'point the logger attempts to another hub',
    fails: [[/^arrivals\//, 'NoEvents']],
    seen: { 'logger/attempts': drifted('properties.credentials.name', 'elsewhere', 'attempts') },
    cause: 'logger/attempts',
    says: /logger\/attempts was changed: properties\.credentials\.name is elsewhere/,
  },
  {
    id: 'gateway-logs-off',
    inject: 'delete the diagnostic setting of contoso-apim',
    fails: [],
    seen: { 'diagnostic-setting/api-management/contoso-apim': missing },
    cause: 'diagnostic-setting/api-management/contoso-apim',
    says: /is missing; nothing has been seen to fail/,
  },
]

const role = (principal: string, name: string, scope: string) =>
  `role-assignment/${principal}/${name}/${scope}`

const rights: Fault[] = [
  {
    id: 'identity-endpoint-down',
    inject: 'have the identity endpoint answer 500',
    fails: [[/^token\//, 'NoToken']],
    cause: 'token/NoToken/the identity endpoint',
    says: /the identity endpoint/,
  },
  {
    id: 'canary-removed',
    inject: 'take the identity probe off the app',
    fails: [[/^token\/probe\//, 'IdentityMissing']],
    cause: 'token/IdentityMissing/the identity “probe”',
    says: /the identity “probe”/,
  },
  {
    id: 'audience-unknown',
    inject: 'have the tenant refuse tokens for https://search.azure.com',
    fails: [[/^token\/.*\/search\.azure\.com$/, 'AudienceUnknown']],
    cause: 'token/AudienceUnknown/https://search.azure.com',
    says: /https:\/\/search\.azure\.com/,
  },
  ...(
    [
      ['openai-user', 'contoso-eus'],
      ['foundry-user', 'contoso-eus/main'],
      ['blob-data-contributor', 'contosoaidata'],
      ['search-index-data-contributor', 'contoso-search'],
    ] as const
  ).map(
    ([name, scope]): Fault => ({
      id: `canary-without-${name}`,
      inject: `delete the assignment of ${name} to the canary at ${scope}`,
      fails: [[new RegExp(`^role/${name}/${scope}$`), 'MissingRole']],
      seen: { [role('probe', name, scope)]: missing },
      cause: role('probe', name, scope),
      says: new RegExp(`role ${name} at ${scope} for probe is missing`),
    }),
  ),
  {
    id: 'gateway-without-openai-user',
    inject: 'delete the assignment of openai-user to the gateway at contoso-eus2',
    fails: [[/^policy\/probe$/, 'MissingRole']],
    seen: { [role('contoso-apim', 'openai-user', 'contoso-eus2')]: missing },
    cause: role('contoso-apim', 'openai-user', 'contoso-eus2'),
    says: /role openai-user at contoso-eus2 for contoso-apim is missing/,
  },
  {
    id: 'gateway-may-not-send',
    inject: 'delete the assignment of event-hubs-data-sender to the gateway',
    fails: [[/^arrivals\//, 'NoEvents']],
    seen: { [role('contoso-apim', 'event-hubs-data-sender', 'attempts')]: missing },
    cause: role('contoso-apim', 'event-hubs-data-sender', 'attempts'),
    says: /event-hubs-data-sender at attempts for contoso-apim is missing/,
  },
  {
    id: 'project-without-cosmos',
    inject: 'delete the project’s assignment at the database enterprise_memory',
    fails: [[/^agent\/contoso-eus\/main$/, 'WrongAnswer']],
    seen: { 'cosmos-role-assignment/contoso-eus/main/enterprise_memory': missing },
    cause: 'cosmos-role-assignment/contoso-eus/main/enterprise_memory',
    says: /enterprise_memory is missing/,
  },
  {
    id: 'project-without-openai-user',
    inject: 'delete the assignment of openai-user to the project at contoso-eus',
    fails: [[/^agent\/contoso-eus\/main$/, 'MissingRole']],
    seen: { [role('contoso-eus/main', 'openai-user', 'contoso-eus')]: missing },
    cause: role('contoso-eus/main', 'openai-user', 'contoso-eus'),
    says: /role openai-user at contoso-eus for contoso-eus\/main is missing/,
  },
  {
    id: 'person-without-role',
    inject: 'delete the assignment of openai-user to the person at contoso-eus',
    fails: [],
    seen: { [role('6f1d2c3b-0a49-4e58-8c67-9d8e7f605142', 'openai-user', 'contoso-eus')]: missing },
    cause: role('6f1d2c3b-0a49-4e58-8c67-9d8e7f605142', 'openai-user', 'contoso-eus'),
    says: /for 6f1d2c3b-.* is missing/,
  },
  {
    id: 'nobody-is-somebody',
    inject: 'give the canary nobody the role openai-user at contoso-eus',
    fails: [[/^role\/openai-user\/contoso-eus\/denied$/, 'Reached']],
    cause: 'role/Reached/account/contoso-eus',
    says: /account\/contoso-eus/,
  },
]

const models: Fault[] = [
  {
    id: 'account-removed',
    inject: 'delete the account contoso-eus2 with its deployment',
    fails: [[/^dns\/contoso-eus2\./, 'NameNotFound']],
    seen: {
      'account/contoso-eus2': missing,
      'model-deployment/contoso-eus2/gpt-4o': missing,
      'private-endpoint/pe-contoso-eus2-account': drifted('properties.privateLinkServiceConnections', [], []),
      [role('probe', 'openai-user', 'contoso-eus2')]: missing,
      [role('contoso-apim', 'openai-user', 'contoso-eus2')]: missing,
    },
    cause: 'account/contoso-eus2',
    says: /the account contoso-eus2 is missing/,
  },
  {
    id: 'deployment-removed',
    inject: 'delete the deployment gpt-4o of contoso-eus',
    fails: [[/^model\/direct\/contoso-eus\//, 'DeploymentNotFound']],
    seen: { 'model-deployment/contoso-eus/gpt-4o': missing },
    cause: 'model-deployment/contoso-eus/gpt-4o',
    says: /the model deployment contoso-eus\/gpt-4o is missing/,
  },
  {
    id: 'quota-taken',
    inject: 'set the capacity of gpt-4o at contoso-eus to 1, and leave it no quota at all',
    fails: [[/^model\/direct\/contoso-eus\//, 'Throttled']],
    seen: { 'model-deployment/contoso-eus/gpt-4o': drifted('sku.capacity', 1, 100) },
    cause: 'model-deployment/contoso-eus/gpt-4o',
    says: /sku\.capacity is 1, not 100/,
  },
  {
    id: 'quota-zero',
    inject: 'leave gpt-4o at contoso-eus2 no quota at all: 429, with a limit of 0 tokens',
    fails: [[/^model\/direct\/contoso-eus2\//, 'Throttled']],
    cause: 'model/Throttled/model-deployment/contoso-eus2/gpt-4o',
    says: /model-deployment\/contoso-eus2\/gpt-4o/,
  },
  {
    id: 'model-slow',
    inject: 'have gpt-4o at contoso-eus answer after 16 seconds',
    fails: [[/^model\/direct\/contoso-eus\//, 'Slow']],
    cause: 'model/Slow/model-deployment/contoso-eus/gpt-4o',
    says: /model-deployment\/contoso-eus\/gpt-4o/,
  },
  {
    id: 'region-fails',
    inject: 'have contoso-eus2 answer 500',
    fails: [[/^role\/openai-user\/contoso-eus2$/, 'ServerError']],
    cause: 'role/ServerError/account/contoso-eus2',
    says: /contoso-eus2/,
  },
  {
    id: 'stream-breaks',
    inject: 'have connections through the gateway die after 200 bytes of a chat',
    fails: [[/^model\/gateway\//, 'Reset']],
    cause: 'model/Reset/pool/gpt-4o',
    says: /pool\/gpt-4o/,
  },
  {
    id: 'agent-stuck',
    inject: 'have the making of agents take longer than it is waited for',
    fails: [[/^agent\/contoso-eus\/main$/, 'TimedOut']],
    cause: 'agent/TimedOut/project-capability-host/contoso-eus/main',
    says: /project-capability-host\/contoso-eus\/main/,
  },
  {
    id: 'capability-host-failed',
    inject: 'have Azure show the capability host of the project as Failed',
    fails: [[/^agent\/contoso-eus\/main$/, 'NotReady']],
    seen: { 'project-capability-host/contoso-eus/main': failed },
    cause: 'project-capability-host/contoso-eus/main',
    says: /Azure shows it as Failed/,
  },
  {
    id: 'connection-removed',
    inject: 'delete the connection gateway of the project',
    fails: [[/^role\/foundry-user\/contoso-eus\/main$/, 'NotFound']],
    seen: { 'connection/contoso-eus/main/gateway': missing },
    cause: 'connection/contoso-eus/main/gateway',
    says: /connection\/contoso-eus\/main\/gateway is missing/,
  },
]

const open = (id: string, key: string, path: string, before: Json, after: Json): Fault => ({
  id,
  inject: `set ${path} of ${key} to ${String(before)}`,
  fails: [],
  seen: { [key]: drifted(path, before, after) },
  cause: key,
  says: new RegExp(
    `${path} is ${String(before)}, not ${String(after)}; (what must be shut may be open|not proven any more: .* refuses whoever comes from the internet)`,
  ),
})

const access = 'properties.publicNetworkAccess'
const isolation: Fault[] = [
  open('account-open', 'account/contoso-eus', access, 'Enabled', 'Disabled'),
  open('storage-open', 'storage/contosoaidata', access, 'Enabled', 'Disabled'),
  open('search-open', 'search/contoso-search', access, 'enabled', 'disabled'),
  open('cosmos-open', 'cosmos/contoso-cosmos', access, 'Enabled', 'Disabled'),
  open('vault-open', 'key-vault/contoso-kv', 'properties.networkAcls.defaultAction', 'Allow', 'Deny'),
  open('account-keys-on', 'account/contoso-eus2', 'properties.disableLocalAuth', false, true),
  {
    id: 'account-open-and-reached',
    inject:
      'set publicNetworkAccess and defaultAction of contoso-eus to Enabled and Allow, and ask from the internet',
    fails: [[/^internet\/contoso-eus\.openai\./, 'Reached']],
    seen: { 'account/contoso-eus': drifted(access, 'Enabled', 'Disabled') },
    cause: 'account/contoso-eus',
    says: /publicNetworkAccess is Enabled, not Disabled; not proven any more: contoso-eus\.(cognitiveservices|openai)\./,
  },
]

export const faults: Fault[] = [...names, ...network, ...gatewayService, ...rights, ...models, ...isolation]
