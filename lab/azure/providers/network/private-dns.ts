import { z } from 'zod'
import type { Azure } from '../../arm/azure.ts'
import { badRequest, conflict, parentNotFound, Refusal } from '../../arm/errors.ts'
import { groupIdOf, keyOf, nameOf, parentOf, sameId } from '../../arm/ids.ts'
import { type Action, type Asynchrony, defineKind, type Kind, type Resource } from '../../arm/kind.ts'
import { page } from '../../arm/read.ts'
import { BUSY, NAME, Pointer } from './common.ts'

const ZONES = 'Microsoft.Network/privateDnsZones'

const asynchrony: Asynchrony = {
  create: 202,
  headers: ['Azure-AsyncOperation', 'Location'],
  retryAfterSeconds: 10,
  status: ({ id }) => `${groupIdOf(id)}/providers/Microsoft.Network/privateDnsOperationStatuses`,
  result: ({ id }) => `${groupIdOf(id)}/providers/Microsoft.Network/privateDnsOperationResults`,
}

const SHARED = {
  since: '2018-09-01',
  region: 'global',
  etag: 'plain',
  asynchrony,
  busy: BUSY,
  patched: 'merge',
  methods: ['PUT', 'PATCH', 'DELETE'],
} satisfies Partial<Kind>

const zones: Kind = defineKind({
  ...SHARED,
  type: ZONES,
  name: {
    pattern: /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?){1,33}$/i,
    most: 253,
  },
  shape: z.looseObject({}),
  readOnly: [
    'internalId',
    'maxNumberOfRecordSets',
    'numberOfRecordSets',
    'maxNumberOfVirtualNetworkLinks',
    'numberOfVirtualNetworkLinks',
    'maxNumberOfVirtualNetworkLinksWithRegistration',
    'numberOfVirtualNetworkLinksWithRegistration',
  ],
  settled: (zone, verb, azure) => {
    if (verb === 'create') azure.keep(startOfAuthority(zone, azure))
    return {}
  },
  blocked: ({ id }, azure) =>
    azure.children(id, links.type).length > 0
      ? conflict('CannotDeleteResource', 'Can not delete resource before nested resources are deleted.')
      : undefined,
  shown: ({ id }, azure) => {
    const linked = azure.children(id, links.type)
    return {
      properties: {
        maxNumberOfRecordSets: 25_000,
        numberOfRecordSets: recordSetsOf(id, azure).length,
        maxNumberOfVirtualNetworkLinks: 1000,
        numberOfVirtualNetworkLinks: linked.length,
        maxNumberOfVirtualNetworkLinksWithRegistration: 100,
        numberOfVirtualNetworkLinksWithRegistration: linked.filter(
          ({ properties }) => properties['registrationEnabled'] === true,
        ).length,
      },
    }
  },
})

const Link = z.looseObject({
  virtualNetwork: Pointer.transform(({ id }) => ({ id })),
  registrationEnabled: z.boolean().default(false),
  resolutionPolicy: z.enum(['Default', 'NxDomainRedirect']).default('Default'),
})
type Link = z.infer<typeof Link>

const links: Kind = defineKind<Link>({
  ...SHARED,
  type: `${ZONES}/virtualNetworkLinks`,
  name: NAME,
  shape: Link,
  readOnly: ['virtualNetworkLinkState'],
  locks: (id) => [parentOf(id)],
  references: ({ properties }) => [{ to: properties.virtualNetwork.id, as: 'privateDnsLinks' }],
  check: (draft, before, azure) => {
    const network = draft.properties.virtualNetwork.id
    if (before && !sameId(before.properties.virtualNetwork.id, network))
      throw badRequest('BadRequest', `The virtual network of link '${nameOf(draft.id)}' cannot be changed.`)
    const zone = nameOf(parentOf(draft.id))
    const rival = azure
      .all(links.type)
      .find(
        (other) =>
          keyOf(other.id) !== keyOf(draft.id) &&
          sameId((other.properties as Link).virtualNetwork.id, network) &&
          keyOf(nameOf(parentOf(other.id))) === keyOf(zone),
      )
    if (!rival) return
    throw sameId(parentOf(rival.id), parentOf(draft.id))
      ? conflict(
          'Conflict',
          `The virtual network is already linked to the zone '${zone}' by '${nameOf(rival.id)}'.`,
        )
      : badRequest(
          'BadRequest',
          `A virtual network cannot be linked to multiple zones with overlapping namespaces. You tried to link virtual network with '${zone}' and '${zone}' zones.`,
        )
  },
  shown: ({ state }) => ({
    properties: { virtualNetworkLinkState: state === 'Succeeded' ? 'Completed' : 'InProgress' },
  }),
})

const Addresses = z.looseObject({
  ttl: z.int().min(0).max(2_147_483_647),
  aRecords: z.array(z.looseObject({ ipv4Address: z.ipv4() })).min(1),
})

const RECORD_SET = {
  ...SHARED,
  region: 'none',
  stateless: true,
  readOnly: ['fqdn', 'isAutoRegistered'],
  name: {
    pattern: /^(@|\*|(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*)$/i,
    most: 253,
  },
  // Record sets are written at once: they neither wait for the zone's links nor hold them up.
  locks: () => [],
  shown: ({ id }: Resource) => ({
    properties: {
      fqdn: `${nameOf(id) === '@' ? '' : `${nameOf(id)}.`}${nameOf(parentOf(id))}.`,
      isAutoRegistered: false,
    },
  }),
} satisfies Partial<Kind>

const addresses: Kind = defineKind<z.infer<typeof Addresses>>({
  ...RECORD_SET,
  type: `${ZONES}/A`,
  shape: Addresses,
  check: (draft, _before, azure) => {
    const zone = azure.find(parentOf(draft.id))
    if (zone && !zone.settledAt) throw parentNotFound('write', 'privateDnsZones/A', zone.id)
  },
})

const authorities: Kind = defineKind({
  ...RECORD_SET,
  type: `${ZONES}/SOA`,
  methods: [],
  shape: z.looseObject({}),
})

const startOfAuthority = (zone: Resource, azure: Azure): Resource => {
  const { tags: _tags, location: _location, ...rest } = zone
  return {
    ...rest,
    id: `${zone.id}/SOA/@`,
    type: authorities.type,
    beside: {},
    assigned: {},
    createdAt: azure.clock.now(),
    properties: {
      ttl: 3600,
      soaRecord: {
        email: 'azureprivatedns-host.microsoft.com',
        expireTime: 2_419_200,
        host: 'azureprivatedns.net',
        minimumTtl: 10,
        refreshTime: 3600,
        retryTime: 300,
        serialNumber: 1,
      },
    },
  }
}

const recordSetsOf = (zoneId: string, azure: Azure) =>
  [authorities, addresses].flatMap(({ type }) => azure.children(zoneId, type))

export const privateDns: Kind[] = [zones, links, addresses, authorities]

/** Types of record sets that Azure has and the lab has not. */
export const OTHER_RECORDS = ['AAAA', 'CNAME', 'MX', 'PTR', 'SRV', 'TXT'].map(
  (record) => `${ZONES}/${record}`,
)

/** All record sets of a zone, whatever their type: no type of its own. */
export const listAllRecords: Action = {
  method: 'GET',
  path: '/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Network/privateDnsZones/{}/ALL',
  run: (call, azure) => {
    const zoneId = parentOf(`${call.path}/-`)
    if (!azure.find(zoneId))
      throw new Refusal(404, 'ResourceNotFound', `The Resource '${zoneId}' was not found.`)
    return page(call, recordSetsOf(zoneId, azure), azure)
  },
}
