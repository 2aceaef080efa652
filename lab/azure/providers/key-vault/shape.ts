import { z } from 'zod'

export const LONGEST_RETENTION_DAYS = 90

export const Vault = z.looseObject({
  tenantId: z.guid(),
  sku: z.looseObject({ family: z.literal('A').default('A'), name: z.enum(['standard', 'premium']) }),
  accessPolicies: z.array(z.looseObject({ tenantId: z.guid(), objectId: z.string() })).optional(),
  enableRbacAuthorization: z.boolean().default(false),
  enabledForDeployment: z.boolean().default(false),
  enableSoftDelete: z.boolean().default(true),
  softDeleteRetentionInDays: z.int().min(7).max(LONGEST_RETENTION_DAYS).optional(),
  enablePurgeProtection: z.boolean().nullish(),
  publicNetworkAccess: z.enum(['Enabled', 'Disabled', 'SecuredByPerimeter']).default('Enabled'),
  networkAcls: z
    .looseObject({
      bypass: z.enum(['AzureServices', 'None']).default('AzureServices'),
      defaultAction: z.enum(['Allow', 'Deny']).default('Allow'),
      ipRules: z.array(z.unknown()).default([]),
      virtualNetworkRules: z.array(z.unknown()).default([]),
    })
    .optional(),
  createMode: z.enum(['default', 'recover']).optional(),
})
export type Vault = z.infer<typeof Vault>
