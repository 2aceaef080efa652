import { type Kind, quick, type Resource, type WantedObject } from './kind.ts'
import { id, type Place } from './place.ts'

/**
 * Microsoft.Network/networkSecurityGroups with its rules. One PUT carries all rules, so a subnet never sees half of them; rules
 * of others are kept, because they are matched by name and the live list is what gets sent back.
 */
export const securityGroup: Kind = {
  client: 'network',
  apiVersion: '2025-05-01',
  lists: { 'properties.securityRules': 'name' },
  risks: {},
  neverSent: ['properties.defaultSecurityRules', 'properties.subnets', 'properties.networkInterfaces'],
  conditional: false,
  timing: quick,
}

/** One rule: allow or deny `ports` of `destination` (address, range or service tag) for `source`. */
export interface SecurityRule {
  name: string
  direction: 'Inbound' | 'Outbound'
  access: 'Allow' | 'Deny'
  protocol: 'Tcp' | 'Udp' | '*'
  source: string
  destination: string
  ports: string[]
  /** Why it is there: what stops working without it. */
  purpose: string
}

/** Priorities are given by order, from 100 in steps of 10 per direction, which leaves room for others' rules between ours. */
export const managedSecurityGroup = (place: Place, name: string, rules: SecurityRule[]): Resource => ({
  key: `security-group/${name}`,
  kind: 'security-group',
  id: id(place, 'Microsoft.Network', 'networkSecurityGroups', name),
  existing: false,
  dependsOn: [],
  body: {
    location: place.location,
    tags: place.tags,
    properties: {
      securityRules: (['Inbound', 'Outbound'] as const).flatMap((direction) =>
        rules
          .filter((rule) => rule.direction === direction)
          .map((rule, index) => arm(rule, 100 + index * 10)),
      ),
    },
  },
})

const arm = (rule: SecurityRule, priority: number): WantedObject => ({
  name: rule.name,
  properties: {
    description: rule.purpose,
    direction: rule.direction,
    access: rule.access,
    protocol: rule.protocol,
    priority,
    // Azure keeps the singular and the plural form of each field side by side; naming one and emptying the other is the whole rule.
    sourceAddressPrefix: rule.source,
    sourceAddressPrefixes: null,
    sourcePortRange: '*',
    sourcePortRanges: null,
    destinationAddressPrefix: rule.destination,
    destinationAddressPrefixes: null,
    destinationPortRange: rule.ports.length === 1 ? (rule.ports[0] ?? '*') : null,
    destinationPortRanges: rule.ports.length === 1 ? null : rule.ports,
  },
})
