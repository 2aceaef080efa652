import { textAt } from '../environment/raw.ts'
import { apimRules } from '../resources/security-rules.ts'
import { type Check, inWorld, type Said, type Subject } from './check.ts'
import { told } from './facts.ts'
import { type LiveSubnet, list, plannedSubnets, subnetsOf } from './live-network.ts'
import { ask, lastOf } from './questions.ts'
import { denier, type Flow, rulesOf } from './security.ts'
import { isSameName } from './words.ts'

/** Security groups and routes that are there already: what of ours would they cut (azure-facts 1.4)? */

/** What API Management does without, some feature apart. */
const dispensable = new Set([
  ...['allow-machine-health', 'allow-cache-in', 'allow-counters-in', 'allow-cache-out', 'allow-counters-out'],
  ...[
    'allow-connectors',
    'allow-event-hub',
    'allow-time',
    'allow-diagnostics',
    'allow-certificate-authorities',
  ],
])

/** Without these it does not activate, or runs blind. */
const apimFlows: Flow[] = apimRules
  .filter(({ name }) => !dispensable.has(name))
  .flatMap(({ direction, source, destination, ports, protocol, purpose }) =>
    ports.map((port) => ({
      direction,
      peer: direction === 'Inbound' ? source : destination,
      port: Number(port.split('-')[0]),
      protocol: protocol === 'Udp' ? ('Udp' as const) : ('Tcp' as const),
      purpose,
    })),
  )

const agentFlows: Flow[] = [
  { peer: 'AzureActiveDirectory', purpose: 'tokens of the agents' },
  { peer: 'VirtualNetwork', purpose: 'models, data and gateway at their private addresses' },
].map((flow) => ({ ...flow, direction: 'Outbound', port: 443, protocol: 'Tcp' }))

/** Speaks of a live subnet of that name, where there is one. */
const subnet = (it: Subject, name: string | undefined, say: (subnet: LiveSubnet) => Said[]): Said[] =>
  name === undefined
    ? []
    : told(it.facts, ask.network(it), (network) => {
        const found = subnetsOf(network).find((one) => isSameName(one.name, name))
        return found ? say(found) : []
      })

const cut = (it: Subject, groupId: string | undefined, flows: Flow[]): Said[] =>
  groupId === undefined
    ? []
    : told(it.facts, ask.securityGroup(groupId), (group) => {
        const rules = rulesOf(group)
        return flows.flatMap((flow) => {
          const by = denier(rules, flow)
          return by
            ? [
                inWorld(
                  `security-group/${lastOf(groupId)}`,
                  `rule ${by.name} (priority ${by.priority}) denies ${flow.peer}:${flow.port}: ${flow.purpose}`,
                ),
              ]
            : []
        })
      })

interface Route {
  prefix: string
  hop: string
}
const routes = (
  it: Subject,
  tableId: string | undefined,
  say: (routes: Route[], key: string) => Said[],
): Said[] =>
  tableId === undefined
    ? []
    : told(it.facts, ask.routeTable(tableId), (table) =>
        say(
          list(table, 'properties.routes').map((route) => ({
            prefix: textAt(route, 'properties.addressPrefix') ?? '',
            hop: textAt(route, 'properties.nextHopType') ?? '',
          })),
          `route-table/${lastOf(tableId)}`,
        ),
      )
const leadsAway = ({ prefix, hop }: Route) => prefix === '0.0.0.0/0' && !isSameName(hop, 'Internet')
const opsName = (it: Subject) => it.document.network.agents?.ops.existing

export const trafficRules: Check[] = [
  {
    code: 'NSG-001',
    title: 'no rule that is there cuts what API Management needs',
    why: 'Rules of others stay where they are: a deny before ours fails the activation after an hour.',
    remedy: 'move the rule behind ours (priority above 400), or narrow it',
    severity: 'FAIL',
    run: (it) => subnet(it, 'snet-apim', ({ securityGroupId }) => cut(it, securityGroupId, apimFlows)),
  },
  {
    code: 'NSG-002',
    title: 'no rule that is there cuts what agents need',
    why: 'The agents’ subnet shares the security group of the app’s: what it denies, agents do without.',
    remedy: 'allow it before the rule that denies, in infra',
    severity: 'FAIL',
    run: (it) => subnet(it, opsName(it), ({ securityGroupId }) => cut(it, securityGroupId, agentFlows)),
  },
  {
    code: 'NSG-003',
    title: 'no subnet of ours carries somebody else’s security group',
    why: 'The service replaces it with its own: what its owner meant by it is lost.',
    remedy: 'find out whose it is; move what it says into rules of the service’s own group',
    severity: 'WARN',
    run: (it) =>
      told(it.facts, ask.network(it), (network) =>
        plannedSubnets(it.resources)
          .filter(({ name }) => name !== 'snet-agents')
          .flatMap(({ resource, name }) => {
            const groupId = subnetsOf(network).find((one) => isSameName(one.name, name))?.securityGroupId
            return groupId === undefined || it.resources.some(({ id }) => isSameName(id, groupId))
              ? []
              : [inWorld(resource.key, `has ${lastOf(groupId)}, which would be replaced`)]
          }),
      ),
  },
  {
    code: 'RTE-001',
    title: 'answers to the control plane of API Management go back the way they came',
    why: 'With a default route to a firewall and none for ApiManagement, port 3443 is asymmetric and the service cannot be managed.',
    remedy: 'add a route for the tag ApiManagement with next hop Internet',
    severity: 'FAIL',
    run: (it) =>
      subnet(it, 'snet-apim', ({ routeTableId }) =>
        routes(it, routeTableId, (all, key) =>
          all.some(leadsAway) &&
          !all.some(({ prefix, hop }) => isSameName(prefix, 'ApiManagement') && isSameName(hop, 'Internet'))
            ? [inWorld(key, 'sends everything to a firewall, and has no route for ApiManagement')]
            : [],
        ),
      ),
  },
  {
    code: 'RTE-002',
    title: 'agents reach Entra ID without a detour that looks inside',
    why: 'Behind a default route to a firewall agents need AzureActiveDirectory let through, and no TLS inspection.',
    remedy: 'allow the tag AzureActiveDirectory in the firewall, without TLS inspection',
    severity: 'WARN',
    run: (it) =>
      subnet(it, opsName(it), ({ routeTableId }) =>
        routes(it, routeTableId, (all, key) =>
          all.some(leadsAway) ? [inWorld(key, 'sends everything to a firewall')] : [],
        ),
      ),
  },
]
