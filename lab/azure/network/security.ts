import type { Azure } from '../arm/azure.ts'
import { nameOf } from '../arm/ids.ts'
import type { Resource } from '../arm/kind.ts'
import { type Block, numberOf } from '../providers/network/addresses.ts'
import { DEFAULT_RULES, type Rule } from '../providers/network/rules.ts'
import { covers } from './prefixes.ts'

/** One TCP connection, as a network security group sees its first packet. */
export type Flow = {
  direction: Rule['direction']
  source: string
  destination: string
  port: number
  /** The address space of the network the group stands in. */
  space: Block[]
}

/** The group's first rule by priority that speaks of the flow decides, the default ones last; undefined: let through. */
export function deniedBy(subnet: Resource, flow: Flow, azure: Azure): string | undefined {
  const pointer = subnet.properties['networkSecurityGroup'] as { id: string } | undefined
  if (!pointer) return undefined
  const custom = azure
    .children(pointer.id, 'Microsoft.Network/networkSecurityGroups/securityRules')
    .map(({ id, properties }): Rule & { name: string } => ({ ...(properties as Rule), name: nameOf(id) }))
  const rule = [...custom, ...DEFAULT_RULES]
    .filter((rule) => speaksOf(rule, flow))
    .sort((one, other) => one.priority - other.priority)[0]
  if (rule?.access === 'Allow') return undefined
  return `rule ${rule?.name} of ${nameOf(pointer.id)} (${flow.direction.toLowerCase()}, priority ${rule?.priority}) denies ${flow.source} → ${flow.destination}:${flow.port}`
}

function speaksOf(rule: Rule, { direction, source, destination, port, space }: Flow): boolean {
  if (rule.direction !== direction || (rule.protocol !== '*' && rule.protocol !== 'Tcp')) return false
  const from = listed(rule.sourceAddressPrefix, rule.sourceAddressPrefixes)
  const to = listed(rule.destinationAddressPrefix, rule.destinationAddressPrefixes)
  const ports = listed(rule.destinationPortRange, rule.destinationPortRanges)
  // A client's own port is anything above 1023: rules that ask for a certain one speak of nobody here.
  const sourcePorts = listed(rule.sourcePortRange, rule.sourcePortRanges)
  return (
    from.some((text) => covers(text, numberOf(source), space)) &&
    to.some((text) => covers(text, numberOf(destination), space)) &&
    ports.some((range) => holds(range, port)) &&
    (sourcePorts.length === 0 || sourcePorts.some((range) => holds(range, SOURCE_PORT)))
  )
}

const SOURCE_PORT = 50_000

const listed = (one: string | undefined, several: string[]) =>
  one === undefined ? several : [one, ...several]

function holds(range: string, port: number): boolean {
  if (range === '*') return true
  const [from = 0, to = from] = range.split('-').map(Number)
  return port >= from && port <= to
}
