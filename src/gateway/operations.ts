/**
 * What the gateway lets through, for both surfaces of the model endpoints: `v1` (no api-version, the deployment is `model` in the
 * body) and `dated` (`?api-version=`). One operation per path and method: an operation that maps only POST leaves
 * `GET /responses/{id}` without one, and API Management answers 404 in the model's place.
 */
export interface Operation {
  id: string
  displayName: string
  method: 'GET' | 'POST' | 'DELETE'
  urlTemplate: string
  /** Names in braces in the template. */
  parameters: string[]
}

type Route = [id: string, displayName: string, method: Operation['method'], path: string]

/** The same below `/v1` and below the dated surface's root. Ids beginning with `responses` go to the sticky pool, where there is one. */
const shared: Route[] = [
  ['responses-create', 'Create a response', 'POST', '/responses'],
  ['responses-get', 'Get a response', 'GET', '/responses/{response_id}'],
  ['responses-delete', 'Delete a response', 'DELETE', '/responses/{response_id}'],
  ['responses-cancel', 'Cancel a background response', 'POST', '/responses/{response_id}/cancel'],
  [
    'responses-input-items',
    'List the input items of a response',
    'GET',
    '/responses/{response_id}/input_items',
  ],
  ['models-list', 'List models', 'GET', '/models'],
  ['models-get', 'Get a model', 'GET', '/models/{model}'],
]

const v1: Route[] = [
  ['chat-completions', 'Create a chat completion', 'POST', '/chat/completions'],
  ['embeddings', 'Create embeddings', 'POST', '/embeddings'],
  ['responses-compact', 'Compact a conversation', 'POST', '/responses/compact'],
]

const dated: Route[] = [
  ['chat-completions', 'Create a chat completion', 'POST', '/deployments/{deployment-id}/chat/completions'],
  ['completions', 'Create a completion', 'POST', '/deployments/{deployment-id}/completions'],
  ['embeddings', 'Create embeddings', 'POST', '/deployments/{deployment-id}/embeddings'],
]

const operation = (
  surface: 'v1' | 'dated',
  prefix: string,
  [id, displayName, method, path]: Route,
): Operation => ({
  id: `${id}-${surface}`,
  displayName: `${displayName} (${surface})`,
  method,
  urlTemplate: `${prefix}${path}`,
  parameters: [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? ''),
})

export const operations: Operation[] = [
  ...[...v1, ...shared].map((route) => operation('v1', '/v1', route)),
  ...[...dated, ...shared].map((route) => operation('dated', '', route)),
]

/** All that the agent service calls through a connection (azure-facts 5.4). */
export const agentOperations: Operation[] = operations.filter(({ id }) => id === 'chat-completions-dated')
