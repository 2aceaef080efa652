import { type ApiSpec, apiBody, apiVersion, operationBody, policyBody } from '../gateway/api.ts'
import { canonicalPolicy } from '../gateway/canonical-policy.ts'
import type { Operation } from '../gateway/operations.ts'
import { instant, type Kind, nameOf, quick, type Resource } from './kind.ts'

const shared = {
  client: 'apiManagement',
  apiVersion,
  lists: {},
  risks: {},
  conditional: 'updates',
} as const

/** Microsoft.ApiManagement/service/apis. A change of its path moves every caller. */
export const api: Kind = {
  ...shared,
  risks: { 'properties.path': 'disruptive', 'properties.subscriptionRequired': 'disruptive' },
  neverSent: [],
  timing: quick,
}

/** Microsoft.ApiManagement/service/apis/operations. */
export const apiOperation: Kind = { ...shared, neverSent: [], timing: instant }

/** Microsoft.ApiManagement/service/apis/policies: compared by what the document means, whichever way Azure writes it back. */
export const apiPolicy: Kind = {
  ...shared,
  neverSent: [],
  canonical: { 'properties.value': canonicalPolicy, 'properties.format': () => 'xml' },
  timing: instant,
}

export const managedApi = (apim: Resource, name: string, spec: ApiSpec): Resource => ({
  key: `api/${name}`,
  kind: 'api',
  id: `${apim.id}/apis/${name}`,
  existing: false,
  dependsOn: [apim.key],
  body: apiBody(spec),
})

export const managedOperation = (of: Resource, operation: Operation): Resource => ({
  key: `api-operation/${nameOf(of)}/${operation.id}`,
  kind: 'api-operation',
  id: `${of.id}/operations/${operation.id}`,
  existing: false,
  dependsOn: [of.key],
  body: operationBody(operation),
})

/** @param needs the pools and the logger it names: Azure refuses a policy that names what is not there */
export const managedApiPolicy = (of: Resource, xml: string, needs: Resource[]): Resource => ({
  key: `api-policy/${nameOf(of)}`,
  kind: 'api-policy',
  id: `${of.id}/policies/policy`,
  existing: false,
  dependsOn: [of, ...needs].map(({ key }) => key),
  body: policyBody(xml),
})
