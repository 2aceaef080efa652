import { overlap } from '../environment/ranges.ts'
import { textAt } from '../environment/raw.ts'
import { type LiveSubnet, list } from '../preflight/live-network.ts'
import { isSameName, listText } from '../preflight/words.ts'
import type { JsonObject } from '../resources/kind.ts'
import type { Draft } from './draft.ts'
import { type Found, inGroup, types } from './found.ts'
import type { Tell } from './note.ts'
import { coverOf } from './range.ts'

interface AgentsNetwork {
  subnet: LiveSubnet
  spec: NonNullable<Draft['network']['agents']>
}

/** The delegation of both agents' subnets: Foundry's own, and the one that carries this app (azure-facts 1.1). */
const delegation = 'Microsoft.App/environments'
const usualName = 'snet-agents'

/** The subnet an account runs its agents in. */
export const injectedSubnet = (account: JsonObject): string | undefined =>
  list(account, 'properties.networkInjections')
    .filter((it) => textAt(it, 'scenario') === 'agent')
    .flatMap((it) => textAt(it, 'subnetArmId') ?? [])[0]

/** The agents' subnet, and beside it the one that carries this app; undefined where there are not both. */
export function agentsNetwork(
  found: Found,
  subnets: LiveSubnet[],
  apim: LiveSubnet,
  endpoints: LiveSubnet | undefined,
  tell: Tell,
): AgentsNetwork | undefined {
  const delegated = subnets.filter(({ delegations }) => delegations.some((it) => isSameName(it, delegation)))
  const injected = inGroup(found, types.accounts).flatMap((account) => injectedSubnet(account) ?? [])
  const subnet =
    delegated.find(({ id }) => injected.some((it) => isSameName(it, id))) ??
    delegated.find(({ name }) => isSameName(name, usualName))
  if (!subnet) return undefined
  const [ops, ...others] = delegated
    .filter((it) => it !== subnet && !injected.some((id) => isSameName(id, it.id)))
    .toSorted((a, b) => carriesApp(b) - carriesApp(a))
  const range = subnet.ranges[0]
  const opsRange = ops?.ranges[0]
  if (!ops || !range || !opsRange) {
    tell({
      is: 'left out',
      path: 'network.agents',
      resource: subnet.id,
      message: `agents run in ${subnet.name}, and no other subnet is delegated to ${delegation}: a document names the one that carries this app beside it`,
      remedy: 'make that subnet and move the app into it, then add network.agents and agents: true',
    })
    return undefined
  }
  if (others.length > 0)
    tell({
      is: 'taken',
      path: 'network.agents.ops',
      resource: ops.id,
      message: `${ops.name} ${carriesApp(ops) ? 'carries an app' : 'is the first'}; ${listText(others.map(({ name }) => name))} could carry this app too`,
      remedy: 'name the subnet that carries this app',
    })
  const cover = coverOf(range, opsRange)
  const apart = cover && ![apim, endpoints].some((it) => it?.ranges.some((other) => overlap(cover, other)))
  return {
    subnet,
    spec: {
      block: apart ? cover.text : range.text,
      subnet: range.text,
      ops: { existing: ops.name },
    },
  }
}

/** Functions hold their subnet by a link to the app. */
const carriesApp = ({ links }: LiveSubnet): number =>
  links.some((link) => /\/providers\/Microsoft\.Web\/sites\//i.test(link)) ? 1 : 0
