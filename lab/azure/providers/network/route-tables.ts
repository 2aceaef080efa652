import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import { badRequest } from '../../arm/errors.ts'
import { parentOf } from '../../arm/ids.ts'
import { defineKind, type Kind } from '../../arm/kind.ts'
import { CHILD, COMMON, referrersAs, resourceGuid } from './common.ts'
import { isAddress } from './rules.ts'

const Route = z.looseObject({
  addressPrefix: z.string(),
  nextHopType: z.enum(['VirtualNetworkGateway', 'VnetLocal', 'Internet', 'VirtualAppliance', 'None']),
  nextHopIpAddress: z.string().optional(),
  hasBgpOverride: z.boolean().default(false),
})

export const routes: Kind = defineKind<z.infer<typeof Route>>({
  ...CHILD,
  type: 'Microsoft.Network/routeTables/routes',
  shape: Route,
  readOnly: [],
  locks: (id) => [parentOf(id)],
  check: ({ id, properties: { addressPrefix, nextHopType, nextHopIpAddress } }) => {
    if (!ipaddr.isValidCIDR(addressPrefix) && (!isAddress(addressPrefix) || addressPrefix === '*'))
      throw badRequest(
        'InvalidAddressPrefixFormat',
        `Address prefix ${addressPrefix} of resource ${id} is not formatted correctly.`,
      )
    const viaAppliance = nextHopType === 'VirtualAppliance'
    if (viaAppliance !== (nextHopIpAddress !== undefined && ipaddr.isValid(nextHopIpAddress)))
      throw badRequest(
        viaAppliance ? 'InvalidNextHopIpAddress' : 'NextHopIpAddressNotAllowed',
        `Route ${id}: nextHopIpAddress belongs to the next hop type VirtualAppliance, and only to it.`,
      )
  },
})

export const routeTables: Kind = defineKind({
  ...COMMON,
  type: 'Microsoft.Network/routeTables',
  shape: z.looseObject({ disableBgpRoutePropagation: z.boolean().default(false) }),
  readOnly: ['resourceGuid', 'subnets'],
  inline: [{ property: 'routes', type: routes.type, omitted: 'remove' }],
  born: resourceGuid,
  blocked: ({ id }, azure) => {
    const [subnet] = referrersAs(id, 'subnets', azure)
    return (
      subnet &&
      badRequest(
        'InUseRouteTableCannotBeDeleted',
        `Route table ${id} is in use and cannot be deleted. Resources using it: ${subnet.id}.`,
      )
    )
  },
  shown: ({ id }, azure) => {
    const subnets = referrersAs(id, 'subnets', azure)
    return { properties: subnets.length ? { subnets } : {} }
  },
})
