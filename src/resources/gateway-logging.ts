import { apiVersion } from '../gateway/api.ts'
import { type EventHub, eventHubLogger } from '../gateway/logger.ts'
import { instant, isObject, type Json, type Kind, quick, type Resource } from './kind.ts'

/** API Management may bring these two along, or make them with the first diagnostic setting; no source says when. */
const madeByAzure = (name: string) => name === 'azuremonitor'

const shared = { client: 'apiManagement', lists: {}, risks: {}, conditional: 'updates' } as const

/** Microsoft.ApiManagement/service/loggers. */
export const logger: Kind = {
  ...shared,
  apiVersion,
  neverSent: [],
  madeByAzure,
  derived: { 'properties.credentials': credentials },
  timing: instant,
}

/** Microsoft.ApiManagement/service/diagnostics, at the first version that knows logs of language models. */
export const gatewayDiagnostic: Kind = {
  ...shared,
  apiVersion: '2024-06-01-preview',
  neverSent: [],
  madeByAzure,
  timing: instant,
}

/** Microsoft.ApiManagement/service/namedValues. */
export const namedValue: Kind = { ...shared, apiVersion, neverSent: [], timing: quick }

/** @param needs the role that lets API Management write to the hub */
export const managedEventHubLogger = (apim: Resource, hub: EventHub, needs: Resource[]): Resource => ({
  key: 'logger/attempts',
  kind: 'logger',
  id: `${apim.id}/loggers/attempts`,
  existing: false,
  dependsOn: [apim, ...needs].map(({ key }) => key),
  body: eventHubLogger(hub),
})

/** The name is Azure's: there is one such logger per service. */
export const managedMonitorLogger = (apim: Resource): Resource => ({
  key: 'logger/azuremonitor',
  kind: 'logger',
  id: `${apim.id}/loggers/azuremonitor`,
  existing: false,
  dependsOn: [apim.key],
  body: { properties: { loggerType: 'azureMonitor', isBuffered: true } },
})

/** Tokens per call go to the workspace; prompts and answers do not. */
export const managedMonitorDiagnostic = (apim: Resource, to: Resource): Resource => ({
  key: 'gateway-diagnostic/azuremonitor',
  kind: 'gateway-diagnostic',
  id: `${apim.id}/diagnostics/azuremonitor`,
  existing: false,
  dependsOn: [apim.key, to.key],
  body: {
    properties: {
      loggerId: to.id,
      alwaysLog: 'allErrors',
      sampling: { samplingType: 'fixed', percentage: 100 },
      largeLanguageModel: { logs: 'enabled' },
    },
  },
})

/** API Management's children carry no tags: this says in the portal whose they are. */
export const managedOwner = (apim: Resource, environment: string): Resource => ({
  key: 'named-value/ops-environment',
  kind: 'named-value',
  id: `${apim.id}/namedValues/ops-environment`,
  existing: false,
  dependsOn: [apim.key],
  body: { properties: { displayName: 'ops-environment', value: environment, secret: false } },
})

/** Azure puts credentials away in named values, and shows `{{their name}}` instead: what cannot be seen is left as it is. */
function credentials(described: Json, live: Json | undefined): Json {
  if (!isObject(described) || !isObject(live)) return described
  const putAway = Object.entries(live).filter(
    ([name, value]) => name in described && typeof value === 'string' && /^\{\{.+\}\}$/.test(value),
  )
  return { ...described, ...Object.fromEntries(putAway) }
}
