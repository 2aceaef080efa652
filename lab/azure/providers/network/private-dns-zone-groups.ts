import { z } from 'zod'
import { badRequest, conflict, invalidResourceReference, Refusal } from '../../arm/errors.ts'
import { keyOf, parentOf } from '../../arm/ids.ts'
import { defineKind, type Kind, type Resource } from '../../arm/kind.ts'
import { etagOf } from '../../arm/show.ts'
import { CHILD } from './common.ts'
import { recordsFor, removeRecordsOf, TTL_SECONDS, writeRecords } from './private-dns-zone-records.ts'

export const ZONE_GROUPS = 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups'
const ZONES = 'Microsoft.Network/privateDnsZones'
const MOST_ZONES = 5

const ZoneConfig = z
  .looseObject({ name: z.string().min(1), properties: z.looseObject({ privateDnsZoneId: z.string() }) })
  .transform(({ name, properties: { privateDnsZoneId } }) => ({ name, properties: { privateDnsZoneId } }))

const ZoneGroup = z.looseObject({ privateDnsZoneConfigs: z.array(ZoneConfig).max(MOST_ZONES).default([]) })
type ZoneGroup = z.infer<typeof ZoneGroup>

/** Keeps the address records of a private endpoint in the zones it names. */
export const privateDnsZoneGroups: Kind = defineKind<ZoneGroup>({
  ...CHILD,
  type: ZONE_GROUPS,
  since: '2020-03-01',
  shape: ZoneGroup,
  readOnly: [],
  locks: (id) => [parentOf(id)],
  check: (draft, _before, azure) => {
    const endpoint = azure.find(parentOf(draft.id))
    const rival = azure
      .children(parentOf(draft.id), ZONE_GROUPS)
      .find(({ id }) => keyOf(id) !== keyOf(draft.id))
    if (rival)
      throw badRequest(
        'MoreThanOnePrivateDnsZoneGroupPerPrivateEndpointNotAllowed',
        `Cannot create more than one private dns zone groups in the private endpoint ${endpoint?.id}.`,
      )
    checkDistinct(draft)
    if (endpoint && !endpoint.settledAt) throw notProvisioned(endpoint, draft.id)
    for (const { properties } of draft.properties.privateDnsZoneConfigs) {
      const zone = azure.find(properties.privateDnsZoneId)
      if (!zone || keyOf(zone.type) !== keyOf(ZONES))
        throw invalidResourceReference(properties.privateDnsZoneId, draft.id)
      if (!zone.settledAt) throw notProvisioned(zone, draft.id)
    }
  },
  settled: (group, verb, azure) => {
    if (verb === 'delete') return {}
    const lost = group.properties.privateDnsZoneConfigs.find(
      ({ properties }) => !azure.find(properties.privateDnsZoneId),
    )
    if (lost) {
      const { code, message } = invalidResourceReference(lost.properties.privateDnsZoneId, group.id)
      return { failed: { code, message } }
    }
    writeRecords(
      group.id,
      group.properties.privateDnsZoneConfigs.map(({ properties }) => properties.privateDnsZoneId),
      azure,
    )
    return {}
  },
  shown: (group, azure) => ({
    properties: {
      privateDnsZoneConfigs: group.properties.privateDnsZoneConfigs.map(({ name, properties }) => ({
        name,
        id: `${group.id}/privateDnsZoneConfigs/${name}`,
        etag: etagOf(group as unknown as Resource, azure),
        type: `${ZONE_GROUPS}/privateDnsZoneConfigs`,
        properties: {
          provisioningState: group.state,
          ...properties,
          recordSets: group.settledAt
            ? recordsFor(properties.privateDnsZoneId, group.id, azure).map(({ fqdn, name, address }) => ({
                recordType: 'A',
                recordSetName: name,
                fqdn,
                ttl: TTL_SECONDS,
                provisioningState: 'Succeeded',
                ipAddresses: [address],
              }))
            : [],
        },
      })),
    },
  }),
  gone: ({ id }, azure) => {
    const endpoint = azure.find(parentOf(id))
    if (endpoint) removeRecordsOf(endpoint, azure)
  },
})

function checkDistinct({ id, properties: { privateDnsZoneConfigs } }: Resource<ZoneGroup>): void {
  const names = privateDnsZoneConfigs.map(({ name }) => keyOf(name))
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice)
    throw new Refusal(400, 'InvalidRequestFormat', 'Cannot parse the request.', {
      details: [
        {
          code: 'DuplicateResourceName',
          message: `Resource ${id} has two child resources with the same name (${twice}).`,
        },
      ],
    })
}

const notProvisioned = ({ id, state }: Resource, by: string) =>
  conflict(
    'ReferencedResourceNotProvisioned',
    `Cannot proceed with operation because resource ${id} used by resource ${by} is not in Succeeded state. Resource is in ${state} state.`,
  )
