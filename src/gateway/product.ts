import type { WantedObject } from '../resources/kind.ts'

/** Products and subscriptions. Keys are made by Azure and handed out by people: no body here names one, and nothing reads them. */

/** APIs join it by an empty PUT on `products/{id}/apis/{api}`. */
export const productBody = (displayName: string): WantedObject => ({
  properties: { displayName, subscriptionRequired: true, approvalRequired: false, state: 'published' },
})

/** @param scope ARM id of a product or an API */
export const subscriptionBody = (displayName: string, scope: string): WantedObject => ({
  properties: { displayName, scope, state: 'active', allowTracing: false },
})
