import type { Resource } from '../resources/kind.ts'
import type { Area } from './area.ts'
import { expandData } from './expand-data.ts'
import { expandFoundry } from './expand-foundry.ts'
import { expandGateway } from './expand-gateway.ts'
import { expandNetwork } from './expand-network.ts'
import { expandObservability } from './expand-observability.ts'
import { expandAccess } from './expand-roles.ts'
import type { Document } from './schema.ts'
import type { Surroundings } from './surroundings.ts'

export type { Surroundings } from './surroundings.ts'

/** Every resource of an environment, in an order in which each comes after what it depends on. Pure. */
export function expand(document: Document, surroundings: Surroundings): Resource[] {
  const { resourceGroup, location, tags } = document
  const place = { subscriptionId: surroundings.subscriptionId, resourceGroup, location, tags }
  const area: Area = { document, surroundings, place }
  const network = expandNetwork(area)
  const data = expandData(area, network)
  const foundry = expandFoundry(area, network, data)
  const access = expandAccess(area, network, data, foundry)
  const gateway = expandGateway(area, network, foundry)
  return [
    ...network.resources,
    ...data.resources,
    ...foundry.resources,
    ...access,
    ...gateway,
    ...expandObservability(area, network, foundry),
  ]
}
