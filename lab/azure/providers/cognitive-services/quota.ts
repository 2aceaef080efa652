import type { Azure } from '../../arm/azure.ts'
import { badRequest } from '../../arm/errors.ts'
import { keyOf, sameId } from '../../arm/ids.ts'
import type { Resource } from '../../arm/kind.ts'
import { quotaFor } from './catalogue.ts'
import { accountIdOf, DEPLOYMENT } from './common.ts'
import { type Deployment, skuOf } from './deployment-shape.ts'

export const isProvisioned = (sku: string) => sku.includes('Provisioned')

/** Units of a model and sku in use in a region, by all accounts of the subscription. */
export function unitsInUse(
  location: string,
  name: string,
  sku: string,
  azure: Azure,
  exceptId?: string,
): number {
  return azure
    .all(DEPLOYMENT)
    .filter(({ id }) => !sameId(id, exceptId) && azure.find(accountIdOf(id))?.location === location)
    .map((deployment) => deployment as unknown as Resource<Deployment>)
    .filter(({ properties }) => keyOf(properties.model.name) === keyOf(name))
    .map(skuOf)
    .filter((used) => used.name === sku)
    .reduce((sum, { capacity }) => sum + capacity, 0)
}

export function checkQuota(draft: Resource<Deployment>, location: string, azure: Azure): void {
  const { name: sku, capacity } = skuOf(draft)
  const { name } = draft.properties.model
  const limit = quotaFor(location, name, sku)
  const used = unitsInUse(location, name, sku, azure, draft.id)
  if (used + capacity <= limit) return
  const quota = `${isProvisioned(sku) ? 'Provisioned Managed Throughput Unit' : 'Tokens Per Minute (thousands)'} - ${name} - ${sku}`
  throw badRequest(
    'InsufficientQuota',
    `This operation require ${capacity} new capacity in quota ${quota}, which is bigger than the current available capacity ${Math.max(0, limit - used)}. The current quota usage is ${used} and the quota limit is ${limit} for quota ${quota}.`,
  )
}
