import { textAt } from '../environment/raw.ts'
import { list, plannedSubnets, subnetsOf } from '../preflight/live-network.ts'
import { isSameName } from '../preflight/words.ts'
import type { JsonObject, Resource } from '../resources/kind.ts'
import { endpointsIn } from './endpoints.ts'
import { type Found, idOf, listed, nameOf } from './found.ts'
import { isPool } from './members.ts'
import type { Note } from './note.ts'

/** Azure makes these with every service. */
const azuresOwnApis = ['echo-api']

/**
 * What stands in the group and the document says nothing of.
 * @param resources what the document describes
 * @param told ids that a note speaks of already
 */
export function leftovers(
  found: Found,
  service: JsonObject,
  network: JsonObject,
  resources: Resource[],
  told: string[],
): Note[] {
  const known = new Set([...resources.map(({ id }) => id), ...told].map((id) => id.toLowerCase()))
  const isKnown = (id: string) => known.has(id.toLowerCase())
  const ofEndpoints = endpointsIn(found).flatMap((it) =>
    list(it, 'properties.networkInterfaces').map((one) => idOf(one).toLowerCase()),
  )
  const children = ['backends', 'apis'].flatMap((type) => listed(found, `${idOf(service)}/${type}`))
  return [
    ...misnamedSubnets(network, resources),
    ...found.contents
      .filter((body) => !ofEndpoints.includes(idOf(body).toLowerCase()))
      .filter((body) => !isChild(idOf(body)))
      .concat(children.filter((body) => !azuresOwnApis.includes(nameOf(body))))
      .filter((body) => !isKnown(idOf(body)))
      .map((body): Note => ({ is: 'left out', resource: idOf(body), ...whyOf(body) })),
  ]
}

/** Of what is in another resource, its parent speaks. */
const isChild = (id: string): boolean => id.split('/').length > 9

const madeUnderOwnNames: Record<string, string> = {
  'microsoft.network/privateendpoints': 'private endpoints',
  'microsoft.network/networksecuritygroups': 'security groups',
  'microsoft.network/publicipaddresses': 'public addresses',
  'microsoft.insights/metricalerts': 'alerts',
  'microsoft.apimanagement/service/apis': 'APIs',
}

function whyOf(body: JsonObject): Pick<Note, 'message' | 'remedy'> {
  const type = (textAt(body, 'type') ?? '').toLowerCase()
  const own = madeUnderOwnNames[type]
  if (type === 'microsoft.network/privatednszones')
    return { message: 'nothing that the document describes is found by this zone; it stays as it is' }
  if (own) return { message: `the service makes ${own} under names of its own; this one stays as it is` }
  if (type === 'microsoft.apimanagement/service/backends')
    return {
      message: isPool(body)
        ? 'this pool is not in the document'
        : 'this backend is in no pool of the document, or under another name than the service would give; it stays as it is',
    }
  return { message: 'no field of a document speaks of it; it stays as it is' }
}

/** The service's subnets have names of its own, and a document says their ranges only. */
const misnamedSubnets = (network: JsonObject, resources: Resource[]): Note[] =>
  plannedSubnets(resources).flatMap(({ resource, name, range }) => {
    const taken = subnetsOf(network).find(
      (it) => !isSameName(it.id, resource.id) && it.ranges.some(({ text }) => text === range.text),
    )
    return taken
      ? [
          {
            is: 'left out' as const,
            path: 'network.subnets',
            resource: taken.id,
            message: `${taken.name} has ${range.text}, and the service’s subnet with this range is ${name}: it plans to make it, and Azure refuses a second subnet in one range`,
            remedy: `leave mode at observe; or give the service a free range here and move what is in ${taken.name}`,
          },
        ]
      : []
  })
