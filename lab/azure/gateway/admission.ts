import { keyOf, sameId } from '../arm/ids.ts'
import type { Resource } from '../arm/kind.ts'
import { fullId, serviceIdOf, shortId } from '../providers/api-management/entity.ts'
import { type Configuration, isInProduct } from './configuration.ts'
import { PolicyError } from './problems.ts'

export type Admitted = { subscription: Resource | null; product: Resource | null }

const NOBODY: Admitted = { subscription: null, product: null }

/**
 * Who calls, by the subscription key in the header or query parameter that the API names.
 * @throws PolicyError, 401, where the API demands a subscription and none fits
 */
export function admit(
  api: Resource,
  headers: Record<string, string>,
  query: string,
  configuration: Configuration,
): Admitted {
  const { subscriptionRequired, subscriptionKeyParameterNames: names } = api.properties as {
    subscriptionRequired: boolean
    subscriptionKeyParameterNames: { header: string; query: string }
  }
  const key = headers[names.header.toLowerCase()] ?? keyInQuery(query, names.query)
  const found = key === undefined ? undefined : holderOf(key, api, configuration)
  if (found) return found
  if (!subscriptionRequired) return NOBODY
  throw key === undefined
    ? refused('SubscriptionKeyNotFound', MISSING, api, names)
    : refused('SubscriptionKeyInvalid', INVALID, api, names)
}

const MISSING =
  'Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.'
const INVALID =
  'Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.'

const keyInQuery = (query: string, name: string) =>
  query.includes(name) ? (new URLSearchParams(query).get(name) ?? undefined) : undefined

function holderOf(key: string, api: Resource, configuration: Configuration): Admitted | undefined {
  const subscription = configuration.subscriptions.get(key)
  if (subscription?.properties['state'] !== 'active') return undefined
  const scope = fullId(String(subscription.properties['scope']).replace(/\/$/, ''), subscription.id)
  const isWhole = sameId(scope, serviceIdOf(api.id)) || keyOf(shortId(scope)) === '/apis'
  if (isWhole || sameId(scope, api.id)) return { subscription, product: null }
  const product = /\/products\/[^/]+$/i.test(scope) ? configuration.entities.get(keyOf(scope)) : undefined
  return product && isInProduct(product, api, configuration) ? { subscription, product } : undefined
}

const refused = (reason: string, message: string, api: Resource, { header }: { header: string }) =>
  new PolicyError(reason, message, {
    status: 401,
    message,
    headers: {
      'www-authenticate': `AzureApiManagementKey realm="${String(api.properties['path'])}",name="${header}",type="header"`,
    },
  })
