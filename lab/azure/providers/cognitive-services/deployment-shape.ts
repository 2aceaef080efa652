import { z } from 'zod'
import type { Resource } from '../../arm/kind.ts'

export const Deployment = z.looseObject({
  model: z.looseObject({ format: z.string(), name: z.string(), version: z.string().optional() }),
  versionUpgradeOption: z
    .enum(['OnceNewDefaultVersionAvailable', 'OnceCurrentVersionExpired', 'NoAutoUpgrade'])
    .default('OnceNewDefaultVersionAvailable'),
  raiPolicyName: z.string().default('Microsoft.DefaultV2'),
  spilloverDeploymentName: z.string().optional(),
})
export type Deployment = z.infer<typeof Deployment>

export type Sku = { name: string; capacity: number }

export const skuOf = ({ beside }: Resource<Deployment>): Sku => {
  const { name, capacity } = (beside['sku'] ?? {}) as { name?: unknown; capacity?: unknown }
  return {
    name: typeof name === 'string' ? name : '',
    capacity: typeof capacity === 'number' ? capacity : Number.NaN,
  }
}
