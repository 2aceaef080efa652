import { z } from 'zod'

const Rule = z.looseObject({ action: z.literal('Allow').default('Allow') })

/** A body may leave all of it out; a GET shows all of it. */
const NetworkAcls = z.looseObject({
  bypass: z.string().default('AzureServices'),
  defaultAction: z.enum(['Allow', 'Deny']).default('Allow'),
  ipRules: z.array(Rule.extend({ value: z.string() })).default([]),
  ipv6Rules: z.array(z.unknown()).default([]),
  virtualNetworkRules: z
    .array(Rule.extend({ id: z.string(), state: z.string().default('Succeeded') }))
    .default([]),
})

const TLS = ['TLS1_0', 'TLS1_1', 'TLS1_2', 'TLS1_3'] as const

export const StorageAccount = z.looseObject({
  minimumTlsVersion: z.enum(TLS).default('TLS1_0'),
  allowSharedKeyAccess: z.boolean().optional(),
  allowBlobPublicAccess: z.boolean().default(false),
  allowCrossTenantReplication: z.boolean().default(false),
  publicNetworkAccess: z.enum(['Enabled', 'Disabled', 'SecuredByPerimeter']).default('Enabled'),
  networkAcls: NetworkAcls.prefault({}),
  supportsHttpsTrafficOnly: z.boolean().default(true),
  accessTier: z.enum(['Hot', 'Cool', 'Cold', 'Premium']).default('Hot'),
  isHnsEnabled: z.boolean().optional(),
  encryption: z.looseObject({}).default({
    services: { file: { keyType: 'Account', enabled: true }, blob: { keyType: 'Account', enabled: true } },
    keySource: 'Microsoft.Storage',
  }),
})
export type StorageAccount = z.infer<typeof StorageAccount>

export const ACCOUNT_KINDS = ['StorageV2', 'BlobStorage', 'BlockBlobStorage', 'FileStorage', 'Storage']

export const SKUS = [
  ...['LRS', 'GRS', 'RAGRS', 'ZRS', 'GZRS', 'RAGZRS'].map((one) => `Standard_${one}`),
  'Premium_LRS',
  'Premium_ZRS',
]
