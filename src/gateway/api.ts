import type { WantedObject } from '../resources/kind.ts'
import type { Operation } from './operations.ts'

/** ARM bodies of an API (Microsoft.ApiManagement/service/apis), its operations and its policy. */

/** The first to know everything these bodies say. */
export const apiVersion = '2024-05-01'

export interface ApiSpec {
  displayName: string
  /** Without a leading slash. SDKs append `/deployments/…` or `/v1/…` to a base that ends in `openai`. */
  path: string
  /** False where a policy admits callers by token. */
  subscriptionRequired: boolean
}

/** No serviceUrl: the policy names a backend, and an API without that policy should reach nothing. */
export const apiBody = ({ displayName, path, subscriptionRequired }: ApiSpec): WantedObject => ({
  properties: {
    displayName,
    path,
    protocols: ['https'],
    type: 'http',
    subscriptionRequired,
    // The header that OpenAI SDKs send a key in.
    subscriptionKeyParameterNames: { header: 'api-key', query: 'api-key' },
  },
})

/**
 * Where callers with a token find the same operations. An API either demands a subscription key or does not; so each Entra path is an API
 * of its own beside the first, without subscription, whose policy demands the token of the probe, or of a project.
 */
export const tokenPath = (caller: 'probe' | 'agents', path: string): string => `${caller}/${path}`

export const operationBody = (operation: Operation): WantedObject => ({
  properties: {
    displayName: operation.displayName,
    method: operation.method,
    urlTemplate: operation.urlTemplate,
    templateParameters: operation.parameters.map((name) => ({ name, type: 'string', required: true })),
  },
})

/** For `apis/{id}/policies/policy`; read it back in either format and compare with samePolicy. */
export const policyBody = (xml: string): WantedObject => ({ properties: { format: 'xml', value: xml } })
