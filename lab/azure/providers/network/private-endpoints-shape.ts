import { z } from 'zod'
import type { Resource } from '../../arm/kind.ts'
import { Pointer } from './common.ts'

/** What a GET adds to a connection comes back with a PUT and is not kept. */
const Connection = z
  .looseObject({
    name: z.string().min(1),
    properties: z.looseObject({
      privateLinkServiceId: z.string(),
      groupIds: z.array(z.string()).default([]),
      requestMessage: z.string().optional(),
    }),
  })
  .transform(({ id: _id, etag: _etag, type: _type, properties, ...rest }) => {
    const { provisioningState: _s, privateLinkServiceConnectionState: _c, ...kept } = properties
    return { ...rest, properties: kept }
  })
export type Connection = z.infer<typeof Connection>

type Connections = {
  privateLinkServiceConnections: Connection[]
  manualPrivateLinkServiceConnections: Connection[]
}

const connectionsOf = (one: Connections) => [
  ...one.privateLinkServiceConnections,
  ...one.manualPrivateLinkServiceConnections,
]

const FixedAddress = z.looseObject({
  name: z.string(),
  properties: z.looseObject({ groupId: z.string(), memberName: z.string(), privateIPAddress: z.ipv4() }),
})

export const Endpoint = z
  .looseObject({
    subnet: Pointer.transform(({ id }) => ({ id })),
    privateLinkServiceConnections: z.array(Connection).default([]),
    manualPrivateLinkServiceConnections: z.array(Connection).default([]),
    customNetworkInterfaceName: z.string().default(''),
    ipConfigurations: z.array(FixedAddress).default([]),
    ipVersionType: z.enum(['IPv4', 'IPv6', 'DualStack']).default('IPv4'),
  })
  .refine((one) => connectionsOf(one).length === 1, {
    path: ['privateLinkServiceConnections'],
    message: 'a private endpoint has exactly one connection',
  })
export type Endpoint = z.infer<typeof Endpoint>

/** The one connection there is: where to, and to which group. */
export function connectionOf({ properties }: Resource<Endpoint>) {
  const [connection] = connectionsOf(properties)
  if (!connection) throw new Error('a private endpoint has exactly one connection')
  return {
    name: connection.name,
    target: connection.properties.privateLinkServiceId,
    groupIds: connection.properties.groupIds,
    isManual: properties.privateLinkServiceConnections.length === 0,
  }
}
