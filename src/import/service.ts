import type { Fault } from '../environment/fault.ts'
import { numberAt, textAt } from '../environment/raw.ts'
import { list } from '../preflight/live-network.ts'
import { isSameName, listText } from '../preflight/words.ts'
import type { JsonObject } from '../resources/kind.ts'
import { type Found, idOf, inGroup, nameOf, types } from './found.ts'
import type { Tell } from './note.ts'

/**
 * The API Management service that the document is about. An environment has one; where several could be it, nobody but the operator knows.
 * @param wanted its name, where the operator has said it
 */
export function chooseService(
  found: Found,
  wanted: string | undefined,
  tell: Tell,
): { service: JsonObject } | { faults: Fault[] } {
  const all = inGroup(found, types.services)
  const named = wanted === undefined ? all : all.filter((it) => isSameName(nameOf(it), wanted))
  const [service, ...others] = named.filter((it) => unsayable(it) === undefined)
  if (!service) return { faults: [none(found, named, all, wanted)] }
  if (others.length > 0)
    return {
      faults: [
        {
          path: 'gateway.apim',
          problem: `could be each of ${listText([service, ...others].map(nameOf))}`,
          remedy: 'say which one it is: apim (--apim on the command line)',
        },
      ],
    }
  for (const other of all.filter((it) => it !== service))
    tell({
      is: 'left out',
      path: 'gateway.apim',
      resource: idOf(other),
      message: `an environment has one API Management service, and ${nameOf(service)} was taken: ${
        wanted === undefined ? `this one ${unsayable(other)}` : 'it was asked for'
      }`,
      remedy: 'import it as an environment of its own, if it is to be kept too',
    })
  return { service }
}

function none(
  { resourceGroup }: Found,
  named: JsonObject[],
  all: JsonObject[],
  wanted: string | undefined,
): Fault {
  if (named.length === 0)
    return {
      path: 'gateway.apim',
      problem: `there is no API Management service${wanted === undefined ? '' : ` ${wanted}`} in ${resourceGroup}`,
      remedy:
        all.length > 0
          ? `name one of ${listText(all.map(nameOf))}`
          : 'every environment has one: write the document by hand (docs/document.md), and preflight and plan it',
    }
  return {
    path: 'gateway.apim',
    problem: named.map((it) => `${nameOf(it)} ${unsayable(it)}`).join('; '),
    remedy: 'move it into a virtual network in internal mode (Developer or Premium), then import again',
  }
}

/** Why no document can describe it (azure-facts 3.2); undefined: one can. */
function unsayable(service: JsonObject): string | undefined {
  const sku = textAt(service, 'sku.name') ?? ''
  if (sku !== 'Developer' && sku !== 'Premium')
    return `is of tier ${sku}, which cannot be in a network in internal mode`
  const mode = textAt(service, 'properties.virtualNetworkType') ?? 'None'
  return mode === 'Internal' ? undefined : `is not in internal mode (virtualNetworkType is ${mode})`
}

/** Settings of a service that people rely on, and for which a document has no field; what is written keeps them. */
const unsaid: [path: string, what: string][] = [
  ['properties.additionalLocations', 'further locations'],
  ['properties.hostnameConfigurations', 'host names of its own'],
  ['properties.certificates', 'certificates'],
  ['zones', 'availability zones'],
]

/** The service as a document says it. */
export function describeService(service: JsonObject, tell: Tell) {
  for (const [path, what] of unsaid)
    if (isSet(path, list(service, path)))
      tell({
        is: 'left out',
        path: 'gateway.apim',
        resource: idOf(service),
        message: `${nameOf(service)} has ${what}, which no field of a document speaks of: they stay as they are`,
      })
  const units = numberAt(service, 'sku.capacity') ?? 1
  return {
    name: nameOf(service),
    sku: textAt(service, 'sku.name') === 'Premium' ? ('Premium' as const) : ('Developer' as const),
    ...(units === 1 ? {} : { units }),
    publisher: {
      name: textAt(service, 'properties.publisherName') ?? '',
      email: textAt(service, 'properties.publisherEmail') ?? '',
    },
  }
}

/** Every service has its usual host names among them. */
const isSet = (path: string, items: unknown[]): boolean =>
  path.endsWith('hostnameConfigurations')
    ? items.some((it) => textAt(it, 'certificateSource') !== 'BuiltIn')
    : items.length > 0
