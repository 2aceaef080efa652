import type { Fault } from '../environment/fault.ts'
import { textAt } from '../environment/raw.ts'
import { addressSpaceOf, type LiveSubnet, subnetsOf } from '../preflight/live-network.ts'
import { isSameName, listText } from '../preflight/words.ts'
import type { JsonObject } from '../resources/kind.ts'
import { agentsNetwork } from './agents-network.ts'
import type { Draft } from './draft.ts'
import { chooseEndpointSubnet, proposedRange } from './endpoint-subnet.ts'
import { type Found, groupId, idOf, inGroup, nameOf, types } from './found.ts'
import { ofOneHand } from './hand.ts'
import type { Note, Tell } from './note.ts'

export interface DescribedNetwork {
  network: Draft['network']
  /** Body of the virtual network. */
  live: JsonObject
  endpointSubnet: LiveSubnet | undefined
  agentSubnet: LiveSubnet | undefined
}

/** The network around the service: where it is itself, where the private endpoints are, where agents run. */
export function describeNetwork(
  found: Found,
  service: JsonObject,
  tell: Tell,
): DescribedNetwork | { faults: Fault[] } {
  const subnetId = textAt(service, 'properties.virtualNetworkConfiguration.subnetResourceId') ?? ''
  const networkId = subnetId.split('/').slice(0, 9).join('/')
  const live = inGroup(found, types.networks).find((it) => isSameName(idOf(it), networkId))
  if (!live) return { faults: [elsewhere(found, networkId)] }
  const subnets = subnetsOf(live)
  const apim = subnets.find(({ id }) => isSameName(id, subnetId))
  const apimRange = apim?.ranges[0]
  if (!apim || !apimRange)
    return {
      faults: [
        { path: 'network.subnets.apim', problem: `${subnetId} has no IPv4 range`, remedy: 'give it one' },
      ],
    }
  const endpointSubnet = chooseEndpointSubnet(found, subnets, apim, tell)
  const agents = agentsNetwork(found, subnets, apim, endpointSubnet, tell)
  const described = [apim, endpointSubnet, agents?.subnet].filter((it) => it !== undefined)
  const privateEndpoints = endpointSubnet?.ranges[0]?.text ?? proposedRange(live, subnets, tell)
  if (privateEndpoints === undefined)
    return {
      faults: [
        {
          path: 'network.subnets.privateEndpoints',
          problem: 'no subnet has private endpoints, and no range of the network is free for one',
          remedy: 'widen the network, then import again',
        },
      ],
    }
  return {
    network: {
      vnet: vnetOf(live, subnets, described, service, tell),
      subnets: { apim: apimRange.text, privateEndpoints },
      ...(agents ? { agents: agents.spec } : {}),
    },
    live,
    endpointSubnet,
    agentSubnet: agents?.subnet,
  }
}

/** A document's network is in its own resource group. */
const elsewhere = (found: Found, networkId: string): Fault =>
  `${networkId}/`.toLowerCase().startsWith(`${groupId(found)}/`.toLowerCase())
    ? {
        path: 'network.vnet',
        problem: `${networkId}, the network of API Management, cannot be read`,
        remedy: 'let the app read it (Microsoft.Network/virtualNetworks/read), then import again',
      }
    : {
        path: 'network.vnet',
        problem: `the network of API Management is ${networkId}, and a document names a network of its own resource group only`,
        remedy: 'import the resource group with the network, or write the document by hand',
      }

/** A network with subnets that the document does not describe is the home's, or somebody else's. */
function vnetOf(
  live: JsonObject,
  subnets: LiveSubnet[],
  described: LiveSubnet[],
  service: JsonObject,
  tell: Tell,
): Draft['network']['vnet'] {
  const name = nameOf(live)
  const others = subnets.filter((it) => !described.includes(it)).map((it) => it.name)
  const [space, ...further] = addressSpaceOf(live)
  const note = (message: string): Note => ({
    is: 'existing',
    path: 'network.vnet',
    resource: idOf(live),
    message: `${name} ${message}: it is looked at and never written`,
  })
  if (others.length > 0) tell(note(`has subnets of others (${listText(others)})`))
  else if (!space || further.length > 0) tell(note('has several ranges, and a document says one'))
  else if (!ofOneHand(live, service)) tell(note('carries tags that the gateway does not'))
  else {
    tell({
      is: 'taken',
      path: 'network.vnet',
      resource: idOf(live),
      message: `${name} has no subnets but the document’s: it is described as the environment’s own, which applying takes over`,
      remedy: `write { existing: ${name} } if it is somebody else’s`,
    })
    return { name, addressSpace: space.text }
  }
  return { existing: name }
}
