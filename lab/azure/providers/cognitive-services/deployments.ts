import type { Azure } from '../../arm/azure.ts'
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
    return {
      ...draft,
      beside: {
        ...draft.beside,
        sku: { ...(before?.beside['sku'] as object), ...(draft.beside['sku'] as object) },
      },
      properties: { ...properties, model: version ? { ...model, version } : model },
    } as Resource<Deployment>
  },
  check: checkDeployment,
  settled: (deployment, _verb, azure) => {
    unsettle(deployment.id, azure)
    return {}
  },
  shown: (deployment, azure) => {
    const model = modelOf(deployment, locationOf(deployment, azure))
    return model ? { properties: derived(deployment, model) } : {}
  },
})

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
