import { z } from 'zod'
import { badRequest } from '../../arm/errors.ts'
import type { Resource } from '../../arm/kind.ts'

export const Service = z.looseObject({
  publisherName: z.string().min(1).max(100),
  publisherEmail: z.string().min(1).max(100),
  virtualNetworkType: z.enum(['None', 'External', 'Internal']).default('None'),
  virtualNetworkConfiguration: z.looseObject({ subnetResourceId: z.string().optional() }).nullish(),
  publicIpAddressId: z.string().nullish(),
  publicNetworkAccess: z.enum(['Enabled', 'Disabled']).default('Enabled'),
  notificationSenderEmail: z.string().default('apimgmt-noreply@mail.windowsazure.com'),
  customProperties: z.record(z.string(), z.string()).default({
    'Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols.Tls10': 'False',
    'Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols.Tls11': 'False',
    'Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Backend.Protocols.Tls10': 'False',
    'Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Backend.Protocols.Tls11': 'False',
    'Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Backend.Protocols.Ssl30': 'False',
    'Microsoft.WindowsAzure.ApiManagement.Gateway.Protocols.Server.Http2': 'False',
  }),
  disableGateway: z.boolean().default(false),
  natGatewayState: z.enum(['Enabled', 'Disabled']).default('Disabled'),
  restore: z.boolean().optional(),
})
export type Service = z.infer<typeof Service>

export const subnetOf = ({ properties }: Resource<Service>) =>
  properties.virtualNetworkType === 'None'
    ? undefined
    : (properties.virtualNetworkConfiguration?.subnetResourceId ?? undefined)

const SKUS = [
  'Developer',
  'Basic',
  'Standard',
  'Premium',
  'Consumption',
  'BasicV2',
  'StandardV2',
  'PremiumV2',
]

export type Sku = { name: string; capacity: number }

export function skuOfService({ beside }: Resource<Service>): Sku {
  const { name, capacity } = (beside['sku'] ?? {}) as Partial<Sku>
  if (typeof name !== 'string' || !SKUS.includes(name)) throw invalid('sku.name', `${name} is not a sku.`)
  if (typeof capacity !== 'number' || !Number.isInteger(capacity))
    throw invalid('sku.capacity', 'It is required.')
  return { name, capacity }
}

export const invalid = (parameter: string, why: string) =>
  badRequest('InvalidParameters', `Invalid parameter: '${parameter}'. ${why}`, parameter)
