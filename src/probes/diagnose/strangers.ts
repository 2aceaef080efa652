import ipaddr from 'ipaddr.js'
import { isObject, type Json, type JsonObject, type Resource } from '../../resources/kind.ts'
import { idAt, valueAt } from './reading.ts'

/**
 * Rules and routes of others. They are no drift, because the service keeps what others put beside its own; so only their effect is felt, and
 * only by reading them is it explained.
 */

/** A flow that must get through: as a rule would say it. */
interface Flow {
  direction: string
  source: string
  destination: string
  ports: string[]
}

interface Rule extends Flow {
  name: string
  access: string
  priority: number
  sources: string[]
  destinations: string[]
}

/** What subnets of the environment say to each other. */
const amongOurselves: Flow[] = ['Inbound', 'Outbound'].map((direction) => ({
  direction,
  source: 'VirtualNetwork',
  destination: 'VirtualNetwork',
  ports: ['443'],
}))

/** The rule of somebody else that comes before ours and denies what ours lets through; in a group of the home: what the environment needs. */
function strangersRule(group: JsonObject, described: Resource | undefined): string | undefined {
  const live = rulesIn(group)
  const ours = described ? rulesIn(described.body as JsonObject) : []
  const flows = described
    ? ours.filter(({ access }) => access === 'Allow').map((rule) => ({ ...rule }))
    : amongOurselves
  const names = new Set(ours.map(({ name }) => name.toLowerCase()))
  for (const flow of flows) {
    const first = live.toSorted((a, b) => a.priority - b.priority).find((rule) => speaksOf(rule, flow))
    if (first?.access === 'Deny' && !names.has(first.name.toLowerCase()))
      return `rule ${first.name} of ${nameIn(group)} (${first.direction.toLowerCase()}, priority ${first.priority}) denies ${first.sources.join(', ')} → ${first.destinations.join(', ')}:${first.ports.join(', ')}`
  }
  return undefined
}

/** A route that leads part of the environment elsewhere. The default route does not: the network's own ones are longer. */
function strangersRoute(table: JsonObject, ranges: string[]): string | undefined {
  for (const route of listAt(table, 'properties', 'routes')) {
    const prefix = String(valueAt(route, 'properties', 'addressPrefix'))
    const hop = String(valueAt(route, 'properties', 'nextHopType'))
    const hit = ranges.find((range) => !prefix.endsWith('/0') && overlaps(prefix, range))
    if (hit && hop !== 'VnetLocal')
      return `route ${nameIn(route)} of ${nameIn(table)} leads ${prefix} to ${hop === 'None' ? 'nowhere (None)' : hop}`
  }
  return undefined
}

/** What stands in the way at a suspect: a group by its rules, a subnet by those of the group and the table it names. */
export function inTheWay(
  resource: Resource,
  bodies: ReadonlyMap<string, JsonObject>,
  ranges: string[],
): string | undefined {
  const body = bodies.get(resource.key)
  if (!body) return undefined
  if (resource.kind === 'security-group') return strangersRule(body, resource)
  if (resource.kind !== 'subnet') return undefined
  const [group, table] = (['networkSecurityGroup', 'routeTable'] as const).map((property) =>
    bodies.get(idAt(body, property)?.toLowerCase() ?? ''),
  )
  return (group && strangersRule(group, undefined)) ?? (table && strangersRoute(table, ranges))
}

function rulesIn(group: JsonObject): Rule[] {
  return listAt(group, 'properties', 'securityRules').flatMap((rule) => {
    const properties = rule['properties']
    if (!isObject(properties) || !/^(tcp|\*)$/i.test(String(properties['protocol']))) return []
    const sources = several(properties, 'sourceAddressPrefix', 'sourceAddressPrefixes')
    const destinations = several(properties, 'destinationAddressPrefix', 'destinationAddressPrefixes')
    return [
      {
        name: String(rule['name']),
        direction: String(properties['direction']),
        access: String(properties['access']),
        priority: Number(properties['priority']),
        sources,
        destinations,
        source: sources[0] ?? '*',
        destination: destinations[0] ?? '*',
        ports: several(properties, 'destinationPortRange', 'destinationPortRanges'),
      },
    ]
  })
}

/** Azure keeps one and many side by side. */
function several(properties: JsonObject, one: string, many: string): string[] {
  const [single, list] = [properties[one], properties[many]]
  return [
    ...(typeof single === 'string' && single !== '' ? [single] : []),
    ...(Array.isArray(list) ? list.filter((item) => typeof item === 'string') : []),
  ]
}

const speaksOf = (rule: Rule, flow: Flow): boolean =>
  rule.direction === flow.direction &&
  rule.sources.some((source) => overlaps(source, flow.source)) &&
  rule.destinations.some((destination) => overlaps(destination, flow.destination)) &&
  rule.ports.some((port) => flow.ports.some((wanted) => portsOverlap(port, wanted)))

function portsOverlap(one: string, other: string): boolean {
  const [a, b] = [one, other].map((range) => {
    const [from = 0, to = from] = range === '*' ? [0, 65_535] : range.split('-').map(Number)
    return { from, to }
  })
  return a !== undefined && b !== undefined && a.from <= b.to && b.from <= a.to
}

/** Whether two prefixes, of addresses or by tag, have an address in common; of two tags it is said where it is certain. */
function overlaps(one: string, other: string): boolean {
  if (one === '*' || other === '*' || one.toLowerCase() === other.toLowerCase()) return true
  const [a, b] = [cidr(one), cidr(other)]
  if (a && b) return a[0].match(b[0], Math.min(a[1], b[1]))
  const tags = [...(a ? [] : [one]), ...(b ? [] : [other])]
  const isInside = (tag: string) => /^(VirtualNetwork|AzureLoadBalancer)$/i.test(tag)
  // Addresses of the environment are the network's; and every service of Azure's is on the internet.
  if (a || b) return /^VirtualNetwork$/i.test(tags[0] ?? '')
  return tags.some((tag) => /^(Internet|AzureCloud)$/i.test(tag)) && !tags.some(isInside)
}

function cidr(text: string): [ipaddr.IPv4, number] | undefined {
  const whole = text.includes('/') ? text : `${text}/32`
  return ipaddr.IPv4.isValidCIDR(whole) ? ipaddr.IPv4.parseCIDR(whole) : undefined
}

const listAt = (body: Json, ...path: string[]): JsonObject[] => {
  const found = valueAt(body, ...path)
  return Array.isArray(found) ? found.filter(isObject) : []
}

const nameIn = (body: JsonObject): string => String(body['name'] ?? String(body['id']).split('/').at(-1))
