import { z } from 'zod'
import type { Azure } from '../../arm/azure.ts'
import { badRequest, conflict } from '../../arm/errors.ts'
import { keyOf } from '../../arm/ids.ts'
import { defineKind, type Kind, type Resource } from '../../arm/kind.ts'
import { addressOf, numberOf } from './addresses.ts'
import { COMMON, referrersAs, resourceGuid } from './common.ts'

const PublicIp = z.looseObject({
  publicIPAllocationMethod: z.enum(['Static', 'Dynamic']).default('Dynamic'),
  publicIPAddressVersion: z.enum(['IPv4', 'IPv6']).default('IPv4'),
  idleTimeoutInMinutes: z.int().min(4).max(30).default(4),
  ipTags: z.array(z.unknown()).default([]),
  ddosSettings: z.looseObject({}).default({ protectionMode: 'VirtualNetworkInherited' }),
  dnsSettings: z.looseObject({ domainNameLabel: z.string().optional() }).optional(),
})
type PublicIp = z.infer<typeof PublicIp>

export const publicIpAddresses: Kind = defineKind<PublicIp>({
  ...COMMON,
  type: 'Microsoft.Network/publicIPAddresses',
  shape: PublicIp,
  readOnly: ['resourceGuid', 'ipAddress', 'ipConfiguration', 'natGateway'],
  born: (draft, azure) => ({
    ...resourceGuid(draft as unknown as Resource, azure),
    ipAddress: freeAddress(draft.id, azure),
  }),
  check: (draft, before, azure) => {
    const tier = skuOf(draft)
    if (tier === 'Basic')
      throw badRequest(
        'IPv4BasicSkuPublicIpCountLimitReached',
        'Cannot create more than 0 IPv4 Basic SKU public IP addresses for this subscription in this region.',
      )
    if (before && skuOf(before) !== tier)
      throw badRequest(
        'SkuCannotBeChanged',
        `The sku of public IP address ${draft.id} cannot be changed to ${tier}.`,
      )
    if (draft.properties.publicIPAllocationMethod !== 'Static')
      throw badRequest(
        'StandardSkuPublicIPAddressMustBeStatic',
        `Standard sku public IP address ${draft.id} must have PublicIPAllocationMethod set to Static.`,
      )
    checkLabel(draft, azure)
  },
  blocked: ({ id }, azure) => {
    const [holder] = referrersAs(id, 'ipConfiguration', azure)
    return (
      holder &&
      badRequest(
        'PublicIPAddressCannotBeDeleted',
        `Public IP address ${id} can not be deleted since it is still allocated to resource ${holder.id}. In order to delete the public IP, disassociate/detach the Public IP address from the resource.`,
      )
    )
  },
  shown: (resource, azure) => {
    const [holder] = referrersAs(resource.id, 'ipConfiguration', azure)
    const { dnsSettings } = resource.properties
    const label = dnsSettings?.domainNameLabel
    return {
      sku: { tier: 'Regional', ...(resource.beside['sku'] as object) },
      properties: {
        ...(label
          ? { dnsSettings: { ...dnsSettings, fqdn: `${label}.${resource.location}.cloudapp.azure.com` } }
          : {}),
        ...(holder ? { ipConfiguration: holder } : {}),
      },
    }
  },
})

export const skuOf = ({ beside }: Resource<PublicIp> | Resource): string =>
  String((beside['sku'] as { name?: unknown } | undefined)?.name ?? 'Basic')

function checkLabel(draft: Resource<PublicIp>, azure: Azure): void {
  const label = draft.properties.dnsSettings?.domainNameLabel
  if (!label) return
  if (!/^[a-z][a-z0-9-]{1,61}[a-z0-9]$/.test(label))
    throw badRequest('InvalidDomainNameLabel', `The domain name label ${label} is invalid.`)
  const taken = azure
    .all('Microsoft.Network/publicIPAddresses')
    .some(
      ({ id, location, properties }) =>
        keyOf(id) !== keyOf(draft.id) &&
        location === draft.location &&
        (properties as PublicIp).dnsSettings?.domainNameLabel === label,
    )
  if (taken)
    throw conflict(
      'DnsRecordInUse',
      `DNS record ${label}.${draft.location}.cloudapp.azure.com is already used by another public IP.`,
    )
}

/** From the documentation block 198.18.0.0/15, which belongs to nobody. */
function freeAddress(id: string, azure: Azure): string {
  const taken = new Set(
    azure.all('Microsoft.Network/publicIPAddresses').map(({ assigned }) => assigned['ipAddress']),
  )
  for (let attempt = 1; ; attempt++) {
    const address = addressOf(
      numberOf('198.18.0.0') +
        Math.floor(azure.draw.between([1, 2 ** 17 - 1], 'publicIp', keyOf(id), attempt)),
    )
    if (!taken.has(address)) return address
  }
}
