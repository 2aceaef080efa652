import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import { Pointer } from './common.ts'

export const Rule = z.looseObject({
  protocol: z.enum(['Tcp', 'Udp', 'Icmp', 'Esp', 'Ah', '*']),
  access: z.enum(['Allow', 'Deny']),
  direction: z.enum(['Inbound', 'Outbound']),
  priority: z.int(),
  sourceAddressPrefix: z.string().optional(),
  sourceAddressPrefixes: z.array(z.string()).default([]),
  sourcePortRange: z.string().optional(),
  sourcePortRanges: z.array(z.string()).default([]),
  sourceApplicationSecurityGroups: z.array(Pointer).optional(),
  destinationAddressPrefix: z.string().optional(),
  destinationAddressPrefixes: z.array(z.string()).default([]),
  destinationPortRange: z.string().optional(),
  destinationPortRanges: z.array(z.string()).default([]),
  destinationApplicationSecurityGroups: z.array(Pointer).optional(),
})
export type Rule = z.infer<typeof Rule>

/** Service tags this lab knows; regional forms (`Storage.EastUS`) are known with their tag. */
const TAGS = new Set(
  [
    'VirtualNetwork',
    'Internet',
    'AzureLoadBalancer',
    'ApiManagement',
    'AppConfiguration',
    'AppService',
    'AzureActiveDirectory',
    'AzureBackup',
    'AzureCloud',
    'AzureConnectors',
    'AzureContainerRegistry',
    'AzureCosmosDB',
    'AzureFrontDoor.Backend',
    'AzureFrontDoor.FirstParty',
    'AzureFrontDoor.Frontend',
    'AzureKeyVault',
    'AzureMachineLearning',
    'AzureMonitor',
    'AzureResourceManager',
    'AzureTrafficManager',
    'CognitiveServicesManagement',
    'CognitiveServicesFrontend',
    'EventHub',
    'GatewayManager',
    'LogicApps',
    'MicrosoftContainerRegistry',
    'ServiceBus',
    'Sql',
    'Storage',
  ].map((tag) => tag.toLowerCase()),
)

export const isAddress = (text: string) =>
  text === '*' ||
  ipaddr.isValid(text) ||
  ipaddr.isValidCIDR(text) ||
  TAGS.has(text.toLowerCase()) ||
  TAGS.has(text.toLowerCase().split('.')[0] ?? '')

export function isPortRange(text: string): boolean {
  if (text === '*') return true
  const ports = /^(\d+)(?:-(\d+))?$/.exec(text)
  if (!ports) return false
  const from = Number(ports[1])
  const to = Number(ports[2] ?? ports[1])
  return from <= to && to <= 65_535
}

type Default = Rule & { name: string; description: string }

const defaultRule = (
  name: string,
  direction: Rule['direction'],
  priority: number,
  access: Rule['access'],
  source: string,
  destination: string,
  description: string,
): Default => ({
  name,
  description,
  protocol: '*',
  sourcePortRange: '*',
  destinationPortRange: '*',
  sourceAddressPrefix: source,
  destinationAddressPrefix: destination,
  access,
  priority,
  direction,
  sourcePortRanges: [],
  destinationPortRanges: [],
  sourceAddressPrefixes: [],
  destinationAddressPrefixes: [],
})

export const DEFAULT_RULES: Default[] = [
  defaultRule(
    'AllowVnetInBound',
    'Inbound',
    65000,
    'Allow',
    'VirtualNetwork',
    'VirtualNetwork',
    'Allow inbound traffic from all VMs in VNET',
  ),
  defaultRule(
    'AllowAzureLoadBalancerInBound',
    'Inbound',
    65001,
    'Allow',
    'AzureLoadBalancer',
    '*',
    'Allow inbound traffic from azure load balancer',
  ),
  defaultRule('DenyAllInBound', 'Inbound', 65500, 'Deny', '*', '*', 'Deny all inbound traffic'),
  defaultRule(
    'AllowVnetOutBound',
    'Outbound',
    65000,
    'Allow',
    'VirtualNetwork',
    'VirtualNetwork',
    'Allow outbound traffic from all VMs to all VMs in VNET',
  ),
  defaultRule(
    'AllowInternetOutBound',
    'Outbound',
    65001,
    'Allow',
    '*',
    'Internet',
    'Allow outbound traffic from all VMs to Internet',
  ),
  defaultRule('DenyAllOutBound', 'Outbound', 65500, 'Deny', '*', '*', 'Deny all outbound traffic'),
]

export type Flow = {
  direction: Rule['direction']
  source: string
  destination: string
  port: number
  protocol: 'Tcp' | 'Udp'
}

/** The first rule in order of priority that speaks of the flow decides. */
export function verdict(rules: Rule[], flow: Flow): Rule | undefined {
  return rules
    .filter((rule) => rule.direction === flow.direction && speaksOf(rule, flow))
    .sort((one, other) => one.priority - other.priority)[0]
}

function speaksOf(rule: Rule, { source, destination, port, protocol }: Flow): boolean {
  if (rule.protocol !== '*' && rule.protocol !== protocol) return false
  const from = [rule.sourceAddressPrefix ?? [], rule.sourceAddressPrefixes].flat()
  const to = [rule.destinationAddressPrefix ?? [], rule.destinationAddressPrefixes].flat()
  const ports = [rule.destinationPortRange ?? [], rule.destinationPortRanges].flat()
  return (
    from.some((text) => covers(text, source)) &&
    to.some((text) => covers(text, destination)) &&
    ports.some((range) => holds(range, port))
  )
}

/** Tags within tags, as far as the service dependencies of 1.4 need them; a prefix covers no tag but the network's own. */
function covers(text: string, tag: string): boolean {
  const wide = text.toLowerCase()
  if (wide === '*' || wide === '0.0.0.0/0' || wide === tag.toLowerCase()) return true
  if (wide.startsWith(`${tag.toLowerCase()}.`)) return true
  if (tag === 'VirtualNetwork') return ipaddr.isValidCIDR(text)
  if (tag === 'AzureLoadBalancer') return false
  return wide === 'internet' || (wide === 'azurecloud' && tag !== 'Internet')
}

const holds = (range: string, port: number) => {
  if (range === '*') return true
  const [from, to] = range.split('-').map(Number)
  return port >= (from ?? 0) && port <= (to ?? from ?? 0)
}
