import type { SecurityRule } from './security-group.ts'

const inbound = (
  name: string,
  source: string,
  ports: string[],
  purpose: string,
  protocol: 'Tcp' | 'Udp' = 'Tcp',
) => rule('Inbound', name, source, 'VirtualNetwork', ports, purpose, protocol)
const outbound = (
  name: string,
  destination: string,
  ports: string[],
  purpose: string,
  protocol: 'Tcp' | 'Udp' = 'Tcp',
) => rule('Outbound', name, 'VirtualNetwork', destination, ports, purpose, protocol)
const rule = (
  direction: SecurityRule['direction'],
  name: string,
  source: string,
  destination: string,
  ports: string[],
  purpose: string,
  protocol: SecurityRule['protocol'],
): SecurityRule => ({ name, direction, access: 'Allow', protocol, source, destination, ports, purpose })

/**
 * What API Management in internal mode asks of its subnet's security group: azure-facts 1.4, every row that can apply.
 * Left out: rows 5 and 6 (external mode only), 7 (an external Redis, which the document cannot have) and 18 (the platform's own DNS).
 */
export const apimRules: SecurityRule[] = [
  inbound('allow-apim-management', 'ApiManagement', ['3443'], 'control plane of API Management'),
  inbound(
    'allow-load-balancer-health',
    'AzureLoadBalancer',
    ['6390'],
    'health of the infrastructure load balancer',
  ),
  inbound('allow-machine-health', 'AzureLoadBalancer', ['6391'], 'health of the single machines'),
  inbound('allow-gateway-clients', 'VirtualNetwork', ['443'], 'private clients of the gateway'),
  inbound('allow-cache-in', 'VirtualNetwork', ['6381-6383'], 'internal cache between units'),
  inbound('allow-counters-in', 'VirtualNetwork', ['4290'], 'rate-limit counters between units', 'Udp'),
  outbound('allow-certificate-checks', 'Internet', ['80'], 'certificate revocation lists'),
  outbound('allow-storage', 'Storage', ['443'], 'core dependency: Storage'),
  outbound('allow-sql', 'Sql', ['1433'], 'core dependency: SQL'),
  outbound('allow-key-vault', 'AzureKeyVault', ['443'], 'core dependency: Key Vault'),
  outbound('allow-monitor', 'AzureMonitor', ['1886', '443'], 'metrics, logs and resource health'),
  outbound('allow-entra', 'AzureActiveDirectory', ['443'], 'managed identity tokens'),
  outbound('allow-connectors', 'AzureConnectors', ['443'], 'credential manager'),
  outbound('allow-event-hub', 'EventHub', ['5671', '5672', '443'], 'logging to an event hub'),
  outbound('allow-cache-out', 'VirtualNetwork', ['6381-6383'], 'internal cache between units'),
  outbound('allow-counters-out', 'VirtualNetwork', ['4290'], 'rate-limit counters between units', 'Udp'),
  outbound('allow-time', 'Internet', ['123'], 'network time', 'Udp'),
  outbound('allow-diagnostics', 'AzureCloud', ['12000', '443'], 'diagnostics of the platform'),
  outbound('allow-certificate-authorities', 'Internet', ['443'], 'certificate authorities'),
  outbound('allow-private-endpoints', 'VirtualNetwork', ['443'], 'models and data behind private endpoints'),
]

/** The private endpoints answer HTTPS from the network, and nothing else is let in. */
export const privateEndpointRules: SecurityRule[] = [
  inbound('allow-https-from-network', 'VirtualNetwork', ['443'], 'private clients of the private endpoints'),
  {
    ...rule('Inbound', 'deny-everything-else', '*', '*', ['*'], 'only HTTPS from the network', '*'),
    access: 'Deny',
  },
]
