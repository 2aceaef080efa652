import type { Azure } from '../arm/azure.ts'
import { keyOf, nameOf } from '../arm/ids.ts'
import type { Resource } from '../arm/kind.ts'
import { SERVICE } from '../providers/api-management/entity.ts'
import type { Start } from './request.ts'

const API_VERSION = '2024-10-21'

/** Where calls go, as the gateway stands now. */
export type Address = { host: string; path: string; headers: Record<string, string> }

/** Or what it is that is not there. */
export function addressOf(
  { gateway, api: apiPath, key, deployment }: Start,
  azure: Azure,
): Address | { absent: string } {
  const service = azure.all(SERVICE).find(({ id }) => keyOf(nameOf(id)) === keyOf(gateway))
  if (!service) return { absent: `there is no gateway ${gateway}` }
  const apis = azure.children(service.id, `${SERVICE}/apis`)
  const api = apis.find(({ properties: { path, subscriptionRequired } }) =>
    apiPath === undefined ? subscriptionRequired === true : path === apiPath,
  )
  if (!api) return { absent: `${gateway} has no API ${apiPath ?? 'that demands a subscription'}` }
  const { header } = api.properties['subscriptionKeyParameterNames'] as { header: string }
  const found = keyIn(azure.children(service.id, `${SERVICE}/subscriptions`), key)
  return {
    host: `${keyOf(gateway)}.azure-api.net`,
    path: `/${String(api.properties['path'])}${operationOf(api, deployment, azure)}`,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(found === undefined ? {} : { [header.toLowerCase()]: found }),
    },
  }
}

/** The surface v1 where the API has it, else the dated one. */
function operationOf(api: Resource, deployment: string, azure: Azure): string {
  const templates = azure
    .children(api.id, `${SERVICE}/apis/operations`)
    .map(({ properties }) => String(properties['urlTemplate']))
  const isDated = templates.some((template) => /^\/deployments\/\{[^}]+\}\/chat\/completions$/.test(template))
  return isDated && !templates.includes('/v1/chat/completions')
    ? `/deployments/${deployment}/chat/completions?api-version=${API_VERSION}`
    : '/v1/chat/completions'
}

function keyIn(subscriptions: Resource[], wanted: string | undefined): string | undefined {
  const named = subscriptions.find(({ id }) => wanted !== undefined && keyOf(nameOf(id)) === keyOf(wanted))
  if (wanted !== undefined && !named) return wanted
  const { properties, assigned } =
    named ?? subscriptions.find(({ properties: { state } }) => state === 'active') ?? {}
  const key = properties?.['primaryKey'] ?? assigned?.['primaryKey']
  return typeof key === 'string' ? key : undefined
}
