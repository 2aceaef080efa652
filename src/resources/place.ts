/** Where an environment's resources live, and what they carry. */
export interface Place {
  subscriptionId: string
  resourceGroup: string
  location: string
  tags: Record<string, string>
}

/** `id(place, 'Microsoft.Network', 'virtualNetworks', 'v', 'subnets', 's')` is the ARM id of subnet s. */
export const id = (place: Place, provider: string, ...path: string[]): string =>
  `/subscriptions/${place.subscriptionId}/resourceGroups/${place.resourceGroup}/providers/${provider}/${path.join('/')}`

/** Azure serialises writes under one parent (azure-facts 1.6, 12.3): the parent is the topmost resource of the id. */
export const lockDomain = (resourceId: string): string =>
  resourceId.split('/').slice(0, 9).join('/').toLowerCase()
