import { cognitiveServicesVersion } from './account.ts'
import { anyClient, isObject, type Json, type Kind, nameOf, type Resource } from './kind.ts'
import type { Place } from './place.ts'

/** Microsoft.CognitiveServices/accounts/deployments (azure-facts 7.7). Azure takes one write per account at a time. */
export const modelDeployment: Kind = {
  client: anyClient,
  apiVersion: cognitiveServicesVersion,
  lists: {},
  risks: {
    'sku.name': 'disruptive',
    'properties.model.name': 'destructive',
    'properties.model.format': 'destructive',
    'properties.model.version': 'disruptive',
  },
  neverSent: [
    'properties.capabilities',
    'properties.rateLimits',
    'properties.callRateLimit',
    'properties.dynamicThrottlingEnabled',
    'properties.currentCapacity',
  ],
  derived: { 'properties.model.version': version },
  conditional: false,
  timing: { usualMinutes: 0.5, pollSeconds: 5, graceSeconds: 120, patienceMinutes: 30 },
  writtenAtRestOf: 'account',
}

export interface ModelDeploymentSpec {
  name: string
  format: string
  model: string
  version: string
  sku: string
  capacity: number
  upgrade?: 'never' | undefined
}

export const managedModelDeployment = (
  place: Place,
  account: Resource,
  spec: ModelDeploymentSpec,
): Resource => ({
  key: `model-deployment/${nameOf(account)}/${spec.name}`,
  kind: 'model-deployment',
  id: `${account.id}/deployments/${spec.name}`,
  existing: false,
  dependsOn: [account.key],
  body: {
    tags: place.tags,
    sku: { name: spec.sku, capacity: spec.capacity },
    properties: {
      model: {
        format: spec.format,
        name: spec.model,
        version: spec.upgrade === 'never' ? spec.version : { atLeast: spec.version },
      },
      versionUpgradeOption: spec.upgrade === 'never' ? 'NoAutoUpgrade' : 'OnceCurrentVersionExpired',
    },
  },
})

/** Azure moves `{ atLeast }` on when a version retires; an older one than described is the only one to correct. */
function version(described: Json, live: Json | undefined): Json {
  if (!isObject(described)) return described
  const wanted = String(described['atLeast'])
  return typeof live === 'string' && !isOlder(live, wanted) ? live : wanted
}

const isDate = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text)
const isNumber = (text: string) => /^\d+$/.test(text)

/** Versions are dates or numbers; of two that are not alike nobody can say which is older. */
const isOlder = (a: string, b: string): boolean =>
  isDate(a) && isDate(b) ? a < b : isNumber(a) && isNumber(b) ? Number(a) < Number(b) : false
