import { z } from 'zod'
import { badRequest } from '../../arm/errors.ts'
import type { Resource } from '../../arm/kind.ts'

const NetworkAcls = z.looseObject({
  defaultAction: z.enum(['Allow', 'Deny']).default('Allow'),
  bypass: z.enum(['AzureServices', 'None']).optional(),
  ipRules: z.array(z.looseObject({ value: z.string() })).default([]),
  virtualNetworkRules: z.array(z.looseObject({ id: z.string() })).default([]),
})

const NetworkInjection = z.looseObject({
  scenario: z.enum(['agent', 'none']),
  subnetArmId: z.string().optional(),
  useMicrosoftManagedNetwork: z.boolean().default(false),
})

export const Account = z.looseObject({
  allowProjectManagement: z.boolean().optional(),
  customSubDomainName: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}[a-z0-9]$/i)
    .optional(),
  publicNetworkAccess: z.enum(['Enabled', 'Disabled']).default('Enabled'),
  disableLocalAuth: z.boolean().default(false),
  networkAcls: NetworkAcls.optional(),
  // An explicit null is no way to leave it out (azure-facts 7.1).
  networkInjections: z.array(NetworkInjection).optional(),
  restore: z.boolean().optional(),
})
export type Account = z.infer<typeof Account>

export const agentSubnetOf = ({ properties }: Resource<Account> | Resource): string | undefined => {
  const { networkInjections = [] } = properties as Account
  return networkInjections.find(({ scenario }) => scenario === 'agent')?.subnetArmId
}

export const hasIdentity = ({ beside }: Resource<Account> | Resource) => {
  const { type } = (beside['identity'] ?? {}) as { type?: unknown }
  return typeof type === 'string' && type !== 'None'
}

/** `AIServices` and `OpenAI` turn into one another; the other kinds of the family are not simulated. */
const KINDS = ['AIServices', 'OpenAI']

export function checkKindAndSku({ beside }: Resource<Account>): void {
  const { kind, sku } = beside as { kind?: unknown; sku?: { name?: unknown } }
  if (typeof kind !== 'string' || !KINDS.includes(kind))
    throw badRequest(
      'InvalidApiSetId',
      `The account type '${kind ?? ''}' is either invalid or unavailable in given region.`,
    )
  if (sku?.name !== 'S0')
    throw badRequest('InvalidSkuId', `The account sku '${String(sku?.name ?? '')}' is invalid.`)
}
