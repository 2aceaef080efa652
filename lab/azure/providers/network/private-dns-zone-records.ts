import type { Azure } from '../../arm/azure.ts'
import { keyOf, nameOf, parentOf } from '../../arm/ids.ts'
import type { Resource } from '../../arm/kind.ts'
import { type Held, heldAddresses } from './private-endpoints-interfaces.ts'

const ADDRESS_RECORDS = 'Microsoft.Network/privateDnsZones/A'
export const TTL_SECONDS = 10

type Named = { id: string; name: string; fqdn: string; address: string }

/** The records one zone is due: only those names of the endpoint that the zone answers for. */
export function recordsFor(zoneId: string, groupId: string, azure: Azure): Named[] {
  const zone = nameOf(zoneId)
  return heldAddresses(parentOf(groupId), azure)
    .filter((held) => keyOf(held.zone) === keyOf(zone))
    .map((held) => {
      const name = labelIn(held)
      return { id: `${zoneId}/A/${name}`, name, fqdn: `${name}.${zone}`, address: held.address }
    })
}

/** `contoso.openai.azure.com` is `contoso` in `privatelink.openai.azure.com`; vaults have a zone of another name. */
export function labelIn({ fqdn, zone }: Held): string {
  const suffix = zone.replace(/^privatelink/, '')
  return fqdn.endsWith(suffix) ? fqdn.slice(0, -suffix.length) : fqdn.slice(0, fqdn.indexOf('.'))
}

/** Brings the zones in line with the group: what it is due is there, what it was due is not. */
export function writeRecords(groupId: string, zoneIds: string[], azure: Azure): void {
  const endpoint = azure.find(parentOf(groupId))
  if (!endpoint) return
  const due = zoneIds.flatMap((zoneId) => recordsFor(azure.find(zoneId)?.id ?? zoneId, groupId, azure))
  const kept = new Set(due.map(({ id }) => keyOf(id)))
  for (const { id } of recordsOf(endpoint, azure)) if (!kept.has(keyOf(id))) azure.erase(id)
  const now = azure.clock.now()
  // Whatever was there is overwritten, whoever wrote it.
  for (const { id, address } of due)
    azure.keep({
      id,
      type: ADDRESS_RECORDS,
      beside: {},
      properties: {
        metadata: { creator: creatorOf(endpoint) },
        ttl: TTL_SECONDS,
        aRecords: [{ ipv4Address: address }],
      },
      assigned: {},
      state: 'Succeeded',
      revision: 0,
      createdAt: azure.find(id)?.createdAt ?? now,
      visibleAt: now,
      settledAt: now,
    })
}

/** The mark by which a record belongs to an endpoint; a record that another has overwritten does not. */
const creatorOf = ({ id, assigned }: Resource) =>
  `created by private endpoint ${nameOf(id)} with resource guid ${assigned['resourceGuid']}`

const recordsOf = (endpoint: Resource, azure: Azure) =>
  azure
    .all(ADDRESS_RECORDS)
    .filter(
      ({ properties }) =>
        (properties['metadata'] as { creator?: string } | undefined)?.creator === creatorOf(endpoint),
    )

export function removeRecordsOf(endpoint: Resource, azure: Azure): void {
  for (const { id } of recordsOf(endpoint, azure)) azure.erase(id)
}
