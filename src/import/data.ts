import { textAt } from '../environment/raw.ts'
import type { Service } from '../environment/zones.ts'
import type { LiveSubnet } from '../preflight/live-network.ts'
import { isSameName } from '../preflight/words.ts'
import type { JsonObject } from '../resources/kind.ts'
import { othersEndpointNote } from './accounts.ts'
import type { DraftData } from './draft.ts'
import { endpointsTo, othersEndpoint, subnetIdOf } from './endpoints.ts'
import { type Found, idOf, inGroup, listed, nameOf, types } from './found.ts'
import type { Tell } from './note.ts'

type DataService = Exclude<Service, 'account'>
const services: DataService[] = ['storage', 'search', 'cosmos', 'keyVault']

/**
 * The data services that are the environment's: those that its projects connect to, and those that private endpoints beside the models'
 * lead to. Others in the group, such as the app's own storage, are not touched by a document and not named in it.
 */
export function describeData(found: Found, endpointSubnet: LiveSubnet | undefined, tell: Tell): DraftData {
  const connected = connectedIds(found)
  const isConnected = (id: string) => connected.some((other) => isSameName(other, id))
  const isBeside = (id: string) =>
    endpointsTo(found, id).some((it) => isSameName(subnetIdOf(it), endpointSubnet?.id ?? ''))
  const data: DraftData = {}
  for (const service of services) {
    const candidates = inGroup(found, types[service])
      .filter((body) => isConnected(idOf(body)) || isBeside(idOf(body)))
      .toSorted((a, b) => Number(isConnected(idOf(b))) - Number(isConnected(idOf(a))))
    const [chosen, ...others] = candidates
    if (!chosen) continue
    const why = isConnected(idOf(chosen)) ? 'a project connects to it' : 'it is the first'
    for (const other of others)
      tell({
        is: 'left out',
        path: `data.${service}`,
        resource: idOf(other),
        message: `a document has one ${service}, and ${nameOf(chosen)} was taken: ${why}`,
        remedy: 'put the other name into the document, if that is the one meant',
      })
    data[service] = spoken(found, service, chosen, isBeside(idOf(chosen)), tell)
  }
  return data
}

function spoken(
  found: Found,
  service: DataService,
  body: JsonObject,
  beside: boolean,
  tell: Tell,
): DraftData[DataService] {
  const name = nameOf(body)
  const endpoint = othersEndpoint(found, idOf(body), service)
  if (!endpoint) return name
  const { message, remedy } = othersEndpointNote(name, endpoint)
  tell({
    is: 'existing',
    path: `data.${service}`,
    resource: idOf(body),
    message: beside ? message : `${message} (the endpoint is in another subnet than the document’s)`,
    remedy,
  })
  return { existing: true, name }
}

/** Ids of what projects connect to. */
const connectedIds = (found: Found): string[] =>
  inGroup(found, types.accounts)
    .flatMap((account) => listed(found, `${idOf(account)}/projects`))
    .flatMap((project) => listed(found, `${idOf(project)}/connections`))
    .flatMap((connection) => textAt(connection, 'properties.metadata.ResourceId') ?? [])
