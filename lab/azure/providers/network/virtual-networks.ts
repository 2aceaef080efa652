import { z } from 'zod'
import { badRequest } from '../../arm/errors.ts'
import { keyOf, nameOf } from '../../arm/ids.ts'
import { defineKind, type Kind } from '../../arm/kind.ts'
import { addressSpaceOf, checkPlace, overlap } from './addresses.ts'
import { COMMON, resourceGuid } from './common.ts'
import { subnets } from './subnets.ts'

const Network = z.looseObject({
  addressSpace: z.looseObject({ addressPrefixes: z.array(z.string()).min(1) }),
  virtualNetworkPeerings: z.array(z.unknown()).default([]),
  enableDdosProtection: z.boolean().default(false),
  privateEndpointVNetPolicies: z.enum(['Disabled', 'Basic']).default('Disabled'),
})

export const virtualNetworks: Kind = defineKind<z.infer<typeof Network>>({
  ...COMMON,
  type: 'Microsoft.Network/virtualNetworks',
  name: { ...COMMON.name, least: 2, most: 64 },
  shape: Network,
  readOnly: ['resourceGuid'],
  // With the list a PUT replaces the subnets; without it they stay.
  inline: [{ property: 'subnets', type: subnets.type, omitted: 'keep' }],
  born: resourceGuid,
  check: (draft, _before, azure) => {
    const space = addressSpaceOf(draft)
    if (space.some((block, index) => space.slice(0, index).some((other) => overlap(block, other))))
      throw badRequest(
        'VnetAddressSpaceOverlaps',
        `The address space of virtual network ${nameOf(draft.id)} contains overlapping prefixes.`,
      )
    const children = azure.children(draft.id, subnets.type)
    for (const subnet of children)
      checkPlace(
        subnet,
        draft,
        children.filter((other) => keyOf(other.id) !== keyOf(subnet.id)),
      )
  },
})
