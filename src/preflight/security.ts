import { textAt } from '../environment/raw.ts'
import { list } from './live-network.ts'

/** Security rules as packets meet them, as far as service tags and ports tell. */

export interface Rule {
  name: string
  direction: string
  access: string
  priority: number
  protocol: string
  sources: string[]
  destinations: string[]
  ports: string[]
}

/** A flow that has to get through. */
export interface Flow {
  direction: 'Inbound' | 'Outbound'
  /** The tag at the far end. */
  peer: string
  port: number
  protocol: 'Tcp' | 'Udp'
  purpose: string
}

/** Rules in the order in which Azure applies them; Azure's own defaults come after and are not among them. */
export const rulesOf = (group: unknown): Rule[] =>
  list(group, 'properties.securityRules')
    .map((rule) => {
      const several = (singular: string, plural: string) =>
        [textAt(rule, `properties.${singular}`), ...list(rule, `properties.${plural}`).map(String)].filter(
          (text) => text !== undefined && text !== '',
        ) as string[]
      return {
        name: textAt(rule, 'name') ?? '',
        direction: textAt(rule, 'properties.direction') ?? '',
        access: textAt(rule, 'properties.access') ?? '',
        priority: Number((rule as { properties?: { priority?: unknown } }).properties?.priority ?? 0),
        protocol: textAt(rule, 'properties.protocol') ?? '*',
        sources: several('sourceAddressPrefix', 'sourceAddressPrefixes'),
        destinations: several('destinationAddressPrefix', 'destinationAddressPrefixes'),
        ports: several('destinationPortRange', 'destinationPortRanges'),
      }
    })
    .toSorted((a, b) => a.priority - b.priority)

/** The first of our flows' deciders, where it denies; a flow that no rule names is left to Azure's defaults, which let it pass. */
export function denier(rules: Rule[], flow: Flow): Rule | undefined {
  const first = rules.find((rule) => decides(rule, flow))
  return first?.access === 'Deny' ? first : undefined
}

function decides(rule: Rule, { direction, peer, port, protocol }: Flow): boolean {
  const far = direction === 'Outbound' ? rule.destinations : rule.sources
  const near = direction === 'Outbound' ? rule.sources : rule.destinations
  return (
    rule.direction === direction &&
    (rule.protocol === '*' || rule.protocol.toLowerCase() === protocol.toLowerCase()) &&
    rule.ports.some((range) => covers(range, port)) &&
    far.some((prefix) => includes(prefix, peer)) &&
    near.some((prefix) => includes(prefix, 'VirtualNetwork'))
  )
}

function covers(range: string, port: number): boolean {
  if (range === '*') return true
  const [first = 0, last = first] = range.split('-').map(Number)
  return port >= first && port <= last
}

const everything = new Set(['*', '0.0.0.0/0', 'any'])
/** Tags of public services are part of these. */
const wide = new Set(['internet', 'azurecloud'])
const notPublic = new Set(['virtualnetwork', 'azureloadbalancer', 'internet'])

function includes(prefix: string, peer: string): boolean {
  const [have, want] = [prefix.toLowerCase(), peer.toLowerCase()]
  if (everything.has(have) || have === want) return true
  // A regional tag is a part of the whole: a rule for it decides for some of the flow only.
  return wide.has(have) && !notPublic.has(want)
}
