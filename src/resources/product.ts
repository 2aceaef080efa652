import { apiVersion } from '../gateway/api.ts'
import { productBody, subscriptionBody } from '../gateway/product.ts'
import { instant, type Kind, nameOf, type Resource } from './kind.ts'

const shared = {
  client: 'apiManagement',
  apiVersion,
  lists: {},
  risks: {},
  conditional: 'updates',
  timing: instant,
} as const

/** Microsoft.ApiManagement/service/products. */
export const product: Kind = { ...shared, neverSent: [] }

/** Microsoft.ApiManagement/service/products/apiLinks: unlike `products/apis`, it can be read. */
export const productApi: Kind = { ...shared, conditional: false, neverSent: [] }

/** Microsoft.ApiManagement/service/subscriptions. Azure makes the keys; they are neither read nor sent. */
export const subscription: Kind = {
  ...shared,
  neverSent: ['properties.primaryKey', 'properties.secondaryKey'],
}

export const managedProduct = (apim: Resource, name: string, displayName: string): Resource => ({
  key: `product/${name}`,
  kind: 'product',
  id: `${apim.id}/products/${name}`,
  existing: false,
  dependsOn: [apim.key],
  body: productBody(displayName),
})

export const managedProductApi = (of: Resource, api: Resource): Resource => ({
  key: `product-api/${nameOf(of)}/${nameOf(api)}`,
  kind: 'product-api',
  id: `${of.id}/apiLinks/${nameOf(api)}`,
  existing: false,
  dependsOn: [of.key, api.key],
  body: { properties: { apiId: api.id } },
})

export const managedSubscription = (apim: Resource, of: Resource, name: string): Resource => ({
  key: `subscription/${name}`,
  kind: 'subscription',
  id: `${apim.id}/subscriptions/${name}`,
  existing: false,
  dependsOn: [apim.key, of.key],
  body: subscriptionBody(name, of.id),
})
