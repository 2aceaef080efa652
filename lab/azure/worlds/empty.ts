import type { Azure } from '../arm/azure.ts'
import { place, registerAll } from './populate.ts'
import { HOME } from './world.ts'

/** A subscription with one empty resource group. */
export function empty(azure: Azure): void {
  registerAll(azure)
  place(azure, `/subscriptions/${azure.subscriptionId}/resourceGroups/${HOME.resourceGroup}`, {
    location: HOME.location,
    properties: {},
  })
}
