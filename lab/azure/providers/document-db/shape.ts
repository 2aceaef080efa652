import { z } from 'zod'

/** What a GET adds to a location comes back with a PUT and is not kept. */
const Location = z
  .looseObject({
    locationName: z.string().min(1),
    failoverPriority: z.int().min(0).default(0),
    isZoneRedundant: z.boolean().default(false),
  })
  .transform(({ id: _id, documentEndpoint: _url, provisioningState: _state, ...kept }) => kept)

export const Account = z.looseObject({
  databaseAccountOfferType: z.literal('Standard'),
  locations: z.array(Location).min(1),
  consistencyPolicy: z
    .looseObject({
      defaultConsistencyLevel: z.enum([
        'Eventual',
        'Session',
        'BoundedStaleness',
        'Strong',
        'ConsistentPrefix',
      ]),
      maxIntervalInSeconds: z.int().default(5),
      maxStalenessPrefix: z.int().default(100),
    })
    .prefault({ defaultConsistencyLevel: 'Session' }),
  publicNetworkAccess: z.enum(['Enabled', 'Disabled', 'SecuredByPerimeter']).default('Enabled'),
  disableLocalAuth: z.boolean().default(false),
  disableKeyBasedMetadataWriteAccess: z.boolean().default(false),
  enableAutomaticFailover: z.boolean().default(false),
  enableMultipleWriteLocations: z.boolean().default(false),
  isVirtualNetworkFilterEnabled: z.boolean().default(false),
  virtualNetworkRules: z.array(z.unknown()).default([]),
  ipRules: z.array(z.unknown()).default([]),
  cors: z.array(z.unknown()).default([]),
  capabilities: z.array(z.looseObject({ name: z.string() })).default([]),
  enableFreeTier: z.boolean().default(false),
  enableAnalyticalStorage: z.boolean().default(false),
  enablePartitionMerge: z.boolean().default(false),
  enableBurstCapacity: z.boolean().default(false),
  createMode: z.string().default('Default'),
  defaultIdentity: z.string().default('FirstPartyIdentity'),
  minimalTlsVersion: z.enum(['Tls', 'Tls11', 'Tls12']).default('Tls12'),
  networkAclBypass: z.enum(['None', 'AzureServices']).default('None'),
  networkAclBypassResourceIds: z.array(z.string()).default([]),
  backupPolicy: z.looseObject({ type: z.string() }).default({
    type: 'Periodic',
    periodicModeProperties: {
      backupIntervalInMinutes: 240,
      backupRetentionIntervalInHours: 8,
      backupStorageRedundancy: 'Geo',
    },
  }),
})
export type Account = z.infer<typeof Account>
