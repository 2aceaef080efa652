import { range, within } from '../environment/ranges.ts'
import { textAt } from '../environment/raw.ts'
import { type Check, inWorld, type Said, type Subject } from './check.ts'
import { listed, told } from './facts.ts'
import { type LiveSubnet, plannedSubnets, subnetsOf } from './live-network.ts'
import { ask } from './questions.ts'
import { isSameName, listText } from './words.ts'

/** The app's subnet, which is there before the environment; and the service's own, where something of that name is there already. */

const agentDelegation = 'Microsoft.App/environments'
const agentSubnet = 'snet-agents'
const apimSubnet = 'snet-apim'

const subnets = (it: Subject, say: (live: LiveSubnet[]) => Said[]): Said[] =>
  told(it.facts, ask.network(it), (network) => (network ? say(subnetsOf(network)) : []))

const named = (live: LiveSubnet[], name: string) => live.find((subnet) => isSameName(subnet.name, name))

/** Speaks of the app's subnet where the document has one and Azure too. */
const opsSubnet = (it: Subject, say: (subnet: LiveSubnet, key: string) => Said[]): Said[] => {
  const name = it.document.network.agents?.ops.existing
  return name === undefined
    ? []
    : subnets(it, (live) => {
        const found = named(live, name)
        return found ? say(found, `subnet/${name}`) : []
      })
}

/** Whether the group has something of a type and name already. */
const whereAbsent = (it: Subject, type: string, names: string[], say: () => Said[]): Said[] =>
  listed(it.facts, ask.contents(it), (contents) =>
    contents.some(
      (one) =>
        isSameName(textAt(one, 'type') ?? '', type) &&
        names.some((name) => isSameName(textAt(one, 'name') ?? '', name)),
    )
      ? []
      : say(),
  )

export const subnetRules: Check[] = [
  {
    code: 'OPS-001',
    title: 'the app’s subnet is in the network',
    why: 'The agents’ subnet takes its security group and routes from the app’s, so that probes speak for agents.',
    remedy: 'deploy infra first, or correct network.agents.ops.existing',
    severity: 'FAIL',
    run: (it) => {
      const name = it.document.network.agents?.ops.existing
      return name === undefined
        ? []
        : subnets(it, (live) =>
            named(live, name) ? [] : [inWorld(`subnet/${name}`, 'is not in the network')],
          )
    },
  },
  {
    code: 'OPS-002',
    title: 'the app’s subnet is delegated as the agents’ will be',
    why: 'Functions on Flex Consumption need the delegation; without it the app has no way into the network.',
    remedy: `delegate it to ${agentDelegation} in infra`,
    severity: 'FAIL',
    run: (it) =>
      opsSubnet(it, ({ delegations }, key) =>
        delegations.some((service) => isSameName(service, agentDelegation))
          ? []
          : [inWorld(key, `is delegated to ${listText(delegations) || 'nothing'}`)],
      ),
  },
  {
    code: 'OPS-003',
    title: 'the app’s subnet lies in the agents’ block',
    why: 'Firewalls and peers let the block through as one; an app outside it proves nothing about agents.',
    remedy: 'choose network.agents.block so that it holds both subnets',
    severity: 'WARN',
    run: (it) =>
      opsSubnet(it, ({ ranges }, key) => {
        const block = range(it.document.network.agents?.block ?? '0.0.0.0/0')
        return ranges
          .filter((own) => !within(own, block))
          .map((own) => inWorld(key, `${own.text} is not inside network.agents.block (${block.text})`))
      }),
  },
  {
    code: 'OPS-004',
    title: 'the app’s subnet has a security group to share',
    why: 'Without one on the app’s subnet the agents’ has none either, and both may call anything.',
    remedy: 'put a security group on it in infra',
    severity: 'WARN',
    run: (it) =>
      opsSubnet(it, ({ securityGroupId }, key) =>
        securityGroupId ? [] : [inWorld(key, 'has no security group')],
      ),
  },
  {
    code: 'OPS-005',
    title: 'the app’s subnet has a route table to share',
    why: 'Without one on the app’s subnet the agents’ has none either: a firewall added later sees only one of them.',
    remedy: 'put a route table on it in infra, if only an empty one',
    severity: 'WARN',
    run: (it) =>
      opsSubnet(it, ({ routeTableId }, key) => (routeTableId ? [] : [inWorld(key, 'has no route table')])),
  },
  {
    code: 'SNT-001',
    title: 'nobody else holds the agents’ subnet',
    why: 'A service association link outlives its account until that is purged; meanwhile no other account gets the subnet.',
    remedy: 'purge the deleted account and wait about 20 minutes, or use another range and network',
    severity: 'FAIL',
    run: (it) =>
      subnets(it, (live) => {
        const { links = [], users = [] } = named(live, agentSubnet) ?? {}
        const accounts = it.document.foundry.accounts.filter(({ agents }) => agents).map(({ name }) => name)
        return links.length + users.length === 0
          ? []
          : whereAbsent(it, 'Microsoft.CognitiveServices/accounts', accounts, () => [
              inWorld(`subnet/${agentSubnet}`, `is held by ${listText([...links, ...users])}`),
            ])
      }),
  },
  {
    code: 'SNT-002',
    title: 'nobody else is in the subnet of API Management',
    why: 'A former service holds its subnet for hours, and others in it take the addresses units need.',
    remedy: 'wait until it is released, or choose another range',
    severity: 'FAIL',
    run: (it) =>
      subnets(it, (live) => {
        const users = named(live, apimSubnet)?.users ?? []
        return users.length === 0
          ? []
          : whereAbsent(it, 'Microsoft.ApiManagement/service', [it.document.gateway.apim.name], () => [
              inWorld(`subnet/${apimSubnet}`, `is used by ${listText(users)}`),
            ])
      }),
  },
  {
    code: 'SNT-003',
    title: 'no subnet is delegated to somebody it is not for',
    why: 'API Management and private endpoints refuse a delegated subnet, the agents any delegation but theirs.',
    remedy: 'take the delegation off the subnet',
    severity: 'FAIL',
    run: (it) =>
      subnets(it, (live) =>
        plannedSubnets(it.resources).flatMap(({ resource, name }) =>
          (named(live, name)?.delegations ?? [])
            .filter((service) => name !== agentSubnet || !isSameName(service, agentDelegation))
            .map((service) => inWorld(resource.key, `is delegated to ${service}`)),
        ),
      ),
  },
]
