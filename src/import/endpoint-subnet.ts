import type { LiveSubnet } from '../preflight/live-network.ts'
import { addressSpaceOf } from '../preflight/live-network.ts'
import { isSameName, listText, plural } from '../preflight/words.ts'
import type { JsonObject } from '../resources/kind.ts'
import { endpointSubnetIds } from './endpoints.ts'
import type { Found } from './found.ts'
import type { Tell } from './note.ts'
import { freeRange } from './range.ts'

const usualName = 'snet-private-endpoints'

/** Under the service's own name, else where most private endpoints are. */
export function chooseEndpointSubnet(
  found: Found,
  subnets: LiveSubnet[],
  apim: LiveSubnet,
  tell: Tell,
): LiveSubnet | undefined {
  const named = subnets.find(({ name }) => isSameName(name, usualName))
  if (named) return named
  const used = endpointSubnetIds(found)
  const count = ({ id }: LiveSubnet) => used.filter((other) => isSameName(other, id)).length
  const [most, ...others] = subnets
    .filter((it) => it !== apim && it.ranges.length > 0 && count(it) > 0)
    .toSorted((a, b) => count(b) - count(a))
  if (most)
    tell({
      is: 'taken',
      path: 'network.subnets.privateEndpoints',
      resource: most.id,
      message: `${most.name} has ${plural(count(most), 'private endpoint')}${
        others.length > 0 ? `; ${listText(others.map((it) => `${it.name} has ${count(it)}`))}` : ''
      }`,
      remedy: 'put another range here if it is not the one meant',
    })
  return most
}

/** A range for a subnet that is not there yet. */
export function proposedRange(live: JsonObject, subnets: LiveSubnet[], tell: Tell): string | undefined {
  const free = freeRange(
    addressSpaceOf(live),
    subnets.flatMap(({ ranges }) => ranges),
  )
  if (free !== undefined)
    tell({
      is: 'assumed',
      path: 'network.subnets.privateEndpoints',
      message: `no subnet has private endpoints; ${free} is free in the network`,
      remedy: 'choose the range you want: a subnet is made for it',
    })
  return free
}
