import { isDeepStrictEqual } from 'node:util'
import type { Azure } from '../../arm/azure.ts'
import { defineKind, type Kind, type Resource } from '../../arm/kind.ts'
import { CONNECTION, isJoined } from '../../arm/private-link.ts'
import { etagOf } from '../../arm/show.ts'
import { COMMON, resourceGuid } from './common.ts'
import { ZONE_GROUPS } from './private-dns-zone-groups.ts'
import { removeRecordsOf } from './private-dns-zone-records.ts'
import { attachInterface, detachInterface, heldAddresses } from './private-endpoints-interfaces.ts'
import { checkEndpoint } from './private-endpoints-rules.ts'
import { type Connection, connectionOf, Endpoint } from './private-endpoints-shape.ts'

/**
 * A private way to one group of a resource. What can be a target, with which groups and names, is declared by the
 * target's kind (`privateLink`); the connection lasts as long as the target that was there when it was made.
 */
export const privateEndpoints: Kind = defineKind<Endpoint>({
  ...COMMON,
  type: 'Microsoft.Network/privateEndpoints',
  since: '2019-04-01',
  methods: ['PUT', 'DELETE'],
  shape: Endpoint,
  readOnly: ['resourceGuid', 'networkInterfaces', 'customDnsConfigs'],
  born: (draft, azure) => resourceGuid(draft as unknown as Resource, azure),
  check: checkEndpoint,
  references: (endpoint) => [
    { to: endpoint.properties.subnet.id, as: 'privateEndpoints' },
    { to: connectionOf(endpoint).target, as: CONNECTION },
  ],
  settled: (endpoint, verb, azure) => (verb === 'delete' ? {} : joined(endpoint, azure)),
  shown: (endpoint, azure) => ({
    properties: {
      privateLinkServiceConnections: shownConnections(endpoint, 'privateLinkServiceConnections', azure),
      manualPrivateLinkServiceConnections: shownConnections(
        endpoint,
        'manualPrivateLinkServiceConnections',
        azure,
      ),
      networkInterfaces: endpoint.assigned['networkInterfaces'] ?? [],
      // The list is for those who keep their own DNS: with a zone group in force it is empty.
      customDnsConfigs: isNamedByGroup(endpoint, azure)
        ? []
        : heldAddresses(endpoint.id, azure).map(({ fqdn, address }) => ({ fqdn, ipAddresses: [address] })),
    },
  }),
  gone: (endpoint, azure) => {
    detachInterface(endpoint.id, azure)
    removeRecordsOf(endpoint as unknown as Resource, azure)
  },
})

function joined(endpoint: Resource<Endpoint>, azure: Azure) {
  const { target: targetId, groupIds, isManual } = connectionOf(endpoint)
  const target = azure.find(targetId)
  const [groupId = ''] = groupIds
  const names = target && azure.kind(target.type)?.privateLink?.groups(target)[groupId]
  if (!target || !names)
    return {
      failed: {
        code: 'PrivateLinkServiceNotFound',
        message: `The target ${targetId} of private endpoint ${endpoint.id} is gone.`,
      },
    }
  const attached = attachInterface(endpoint, groupId, names, azure)
  if (!attached)
    return {
      failed: {
        code: 'SubnetIsFull',
        message: `Subnet ${endpoint.properties.subnet.id} does not have enough capacity for ${names.length} IP addresses.`,
      },
    }
  const connectionState = isManual
    ? { status: 'Pending', description: 'Awaiting approval', actionsRequired: 'None' }
    : { status: 'Approved', description: 'Auto-Approved', actionsRequired: 'None' }
  const hidden = { joined: target.createdAt, connectionState, groupIds, ...endpoint.hidden }
  if (!isDeepStrictEqual(hidden, endpoint.hidden))
    azure.keep({ ...(endpoint as unknown as Resource), hidden })
  return { networkInterfaces: [{ id: attached.id }] }
}

type ConnectionList = 'privateLinkServiceConnections' | 'manualPrivateLinkServiceConnections'

const shownConnections = (endpoint: Resource<Endpoint>, list: ConnectionList, azure: Azure) =>
  endpoint.properties[list].map(({ name, properties }: Connection) => ({
    name,
    id: `${endpoint.id}/${list}/${name}`,
    etag: etagOf(endpoint as unknown as Resource, azure),
    type: `${endpoint.type}/${list}`,
    properties: {
      provisioningState: endpoint.state,
      ...properties,
      privateLinkServiceConnectionState: connectionState(endpoint, azure),
    },
  }))

function connectionState(endpoint: Resource<Endpoint>, azure: Azure) {
  if (!endpoint.hidden) return { status: 'Pending', description: '', actionsRequired: 'None' }
  return isJoined(endpoint as unknown as Resource, azure.find(connectionOf(endpoint).target))
    ? endpoint.hidden['connectionState']
    : { status: 'Disconnected', description: 'Deleted state', actionsRequired: 'None' }
}

const isNamedByGroup = ({ id }: Resource<Endpoint>, azure: Azure) =>
  azure.children(id, ZONE_GROUPS).some(({ settledAt }) => settledAt !== null)
