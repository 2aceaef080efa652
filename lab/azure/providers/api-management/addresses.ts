import type { Azure } from '../../arm/azure.ts'
import { keyOf, sameId } from '../../arm/ids.ts'
import type { Resource } from '../../arm/kind.ts'
import { addressOf, blocksOf, numberOf, RESERVED, RESERVED_FIRST, sizeOf } from '../network/addresses.ts'
import { type Service, subnetOf } from './shape.ts'

/** The private address of an internal service: nobody chooses it, nobody can foresee it. */
export function privateAddresses(service: Resource<Service>, azure: Azure): string[] | undefined {
  const subnetId = service.properties.virtualNetworkType === 'Internal' ? subnetOf(service) : undefined
  const subnet = subnetId && azure.find(subnetId)
  const block = subnet && blocksOf(subnet)[0]
  if (!block) return undefined
  const { id } = service
  const taken = new Set(
    azure
      .all('Microsoft.ApiManagement/service')
      .filter((other) => !sameId(other.id, id))
      .flatMap(({ assigned }) => (assigned['privateIPAddresses'] ?? []) as string[]),
  )
  const usable = sizeOf(block) - RESERVED
  const start = Math.floor(azure.draw.between([0, usable], 'privateIp', keyOf(id), keyOf(subnet.id)))
  for (let step = 0; step < usable; step++) {
    const address = addressOf(block.first + RESERVED_FIRST + ((start + step) % usable))
    if (!taken.has(address)) return [address]
  }
  throw new Error(`${subnet.id} is full`)
}

export function publicAddresses({ id, properties }: Resource<Service>, azure: Azure): string[] {
  const own = properties.publicIpAddressId && azure.find(properties.publicIpAddressId)
  if (own) return [String(own.assigned['ipAddress'])]
  const drawn = Math.floor(azure.draw.between([0, 2 ** 16], 'managedPublicIp', keyOf(id)))
  return [addressOf(numberOf('203.0.0.0') + drawn)]
}
