import type { Azure } from '../../arm/azure.ts'
import { badRequest } from '../../arm/errors.ts'
import { iso } from '../../clock.ts'
import { type Model, modelsIn, quotaFor, retirementOf } from './catalogue.ts'
import { ACCOUNT, NAMESPACE } from './common.ts'
import { isProvisioned, unitsInUse } from './quota.ts'

const LARGEST = 100_000

export function modelShown(model: Model, azure: Azure) {
  const { format, name, version, isDefault, skus, capabilities, provisioned = {} } = model
  const now = azure.clock.now()
  const inference = iso(retirementOf(model, now))
  return {
    kind: 'AIServices',
    skuName: 'S0',
    model: {
      format,
      name,
      version,
      isDefaultVersion: isDefault,
      capabilities,
      lifecycleStatus: retirementOf(model, now) <= now ? 'Deprecated' : 'GenerallyAvailable',
      deprecation: { inference },
      maxCapacity: Math.max(...Object.values(skus)),
      skus: Object.keys(skus).map((sku) => {
        const { minimum = 1, scaleUnit = 1 } = provisioned[sku] ?? {}
        return {
          name: sku,
          usageName: `${format}.${sku}.${name}`,
          deprecationDate: inference,
          capacity: {
            minimum,
            maximum: LARGEST,
            step: scaleUnit,
            default: isProvisioned(sku) ? minimum : 10,
          },
        }
      }),
    },
  }
}

/** One quota for all versions of a model. */
const quotasIn = (location: string) => {
  const found = modelsIn(location).flatMap(({ format, name, skus }) =>
    Object.keys(skus).map((sku) => [`${format}.${sku}.${name}`, { name, sku }] as const),
  )
  return new Map(found)
}

export function usages(location: string, azure: Azure) {
  const accounts = azure.all(ACCOUNT).filter((account) => account.location === location).length
  const rows = [...quotasIn(location)].map(
    ([value, { name, sku }]) =>
      [value, unitsInUse(location, name, sku, azure), quotaFor(location, name, sku)] as const,
  )
  return [['OpenAI.S0.AccountCount', accounts, 30] as const, ...rows].map(([value, currentValue, limit]) => ({
    name: { value, localizedValue: value },
    currentValue,
    limit,
    unit: 'Count',
  }))
}

export function capacities(location: string, query: URLSearchParams, azure: Azure) {
  const [format, name, version] = ['modelFormat', 'modelName', 'modelVersion'].map((key) => query.get(key))
  if (!format || !name || !version)
    throw badRequest('InvalidQueryParameter', 'modelFormat, modelName and modelVersion are required.')
  return modelsIn(location)
    .filter((model) => model.format === format && model.name === name && model.version === version)
    .flatMap((model) =>
      Object.keys(model.skus).map((sku) => ({
        id: `/subscriptions/${azure.subscriptionId}/providers/${NAMESPACE}/locations/${location}/models/${format}.${name}.${version}/skus/${sku}`,
        type: `${NAMESPACE}/locations/models/skus`,
        name: sku,
        location,
        properties: {
          model: { format, name, version },
          skuName: sku,
          availableCapacity: quotaFor(location, name, sku) - unitsInUse(location, name, sku, azure),
          availableFinetuneCapacity: 0,
        },
      })),
    )
}
