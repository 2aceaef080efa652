import type { Azure } from '../../arm/azure.ts'
import { keyOf } from '../../arm/ids.ts'
import { defineKind, type Kind, type Properties, type Resource } from '../../arm/kind.ts'
import { unsettle } from './account-state.ts'
import type { Model } from './catalogue.ts'
import { accountIdOf, COMMON, DEPLOYMENT, IN_TURN } from './common.ts'
import { checkDeployment, modelOf } from './deployment-rules.ts'
import { Deployment, skuOf } from './deployment-shape.ts'
import { isProvisioned } from './quota.ts'

export const deployments: Kind = defineKind<Deployment>({
  ...COMMON,
  ...IN_TURN,
  type: DEPLOYMENT,
  since: '2021-10-01',
  region: 'none',
  shape: Deployment,
  readOnly: ['rateLimits', 'callRateLimit', 'capabilities', 'currentCapacity', 'dynamicThrottlingEnabled'],
  deletedByNameOnly: true,
  revived: (draft, before, azure) => {
    const { model, ...properties } = draft.properties
    const version = model.version ?? modelOf(draft, locationOf(draft, azure))?.version
    const felt = before && skuOf(before).capacity !== skuOf(draft).capacity ? stillFelt(before, azure) : {}
    return {
      ...draft,
      hidden: { ...draft.hidden, ...felt },
      beside: {
        ...draft.beside,
        sku: { ...(before?.beside['sku'] as object), ...(draft.beside['sku'] as object) },
      },
      properties: { ...properties, model: version ? { ...model, version } : model },
    } as Resource<Deployment>
  },
  check: checkDeployment,
  settled: (deployment, verb, azure) => {
    unsettle(deployment.id, azure)
    if (verb === 'update') spread(deployment, azure)
    return {}
  },
  shown: (deployment, azure) => {
    const model = modelOf(deployment, locationOf(deployment, azure))
    return model ? { properties: derived(deployment, model) } : {}
  },
})

/** azure-facts 7.7: what a model endpoint limits by, until a change of quota has got around. */
type Felt = { capacity: number; until: number | null }

export function feltCapacity(deployment: Resource<Deployment>, now: number): number {
  const felt = deployment.hidden?.['felt'] as Felt | undefined
  return felt && (felt.until === null || now < felt.until) ? felt.capacity : skuOf(deployment).capacity
}

/** While the update runs, and nobody knows how long after. */
const stillFelt = (before: Resource<Deployment>, azure: Azure): { felt: Felt } => ({
  felt: { capacity: feltCapacity(before, azure.clock.now()), until: null },
})

function spread(deployment: Resource<Deployment>, azure: Azure): void {
  const { id, hidden } = deployment
  const felt = hidden?.['felt'] as Felt | undefined
  if (felt?.until !== null) return
  const attempt = azure.world.attempts.get(keyOf(`update ${id}`)) ?? 0
  const until = azure.clock.now() + azure.delayMs('capacityFelt', keyOf(id), attempt)
  azure.keep({ ...deployment, hidden: { ...hidden, felt: { ...felt, until } } } as unknown as Resource)
}

const locationOf = ({ id }: Resource<Deployment>, azure: Azure) => azure.find(accountIdOf(id))?.location ?? ''

/** azure-facts 7.7: tokens by the minute, requests by ten seconds; a provisioned deployment has neither. */
function derived(deployment: Resource<Deployment>, { ratio, capabilities }: Model): Properties {
  const { name, capacity } = skuOf(deployment)
  const tokens = capacity * ratio.tokensPerUnit
  const requests = capacity * ratio.requestsPerUnit
  const rateLimits = [
    { key: 'request', renewalPeriod: 10, count: requests / 6 },
    { key: 'token', renewalPeriod: 60, count: tokens },
  ]
  return { currentCapacity: capacity, capabilities, ...(isProvisioned(name) ? {} : { rateLimits }) }
}
