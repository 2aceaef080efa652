import { keyOf } from '../arm/ids.ts'
import type { Resource } from '../arm/kind.ts'
import { SERVICE } from '../providers/api-management/entity.ts'
import { entitiesOf, readConfiguration } from './configuration.ts'
import type { Scope } from './elements/element.ts'
import type { GatewayWorld } from './gateway-world.ts'
import { documentAt } from './program.ts'

const SCOPES: [type: string, scope: Scope][] = [
  ['policies', 'global'],
  ['products/policies', 'product'],
  ['apis/policies', 'api'],
  ['apis/operations/policies', 'operation'],
]

/** What the policies of a service say, as ARM has them now, and the lab does not play. Names that only a call can meet (members of a value) are not found here. */
export function unplayedIn(serviceId: string, world: GatewayWorld): string[] {
  const { azure, documents } = world
  const service = azure.find(serviceId)
  if (!service) return []
  const entities = entitiesOf(service, azure)
  const configuration = readConfiguration(service, entities, azure)
  const scopeOf = ({ type }: Resource) =>
    SCOPES.find(([path]) => keyOf(type) === keyOf(`${SERVICE}/${path}`))?.[1]
  return entities.flatMap((entity) => {
    const scope = scopeOf(entity)
    const document = scope && documentAt(entity, scope, configuration, documents)
    return (document?.unplayed ?? []).map((what) => `${entity.id}: ${what}`)
  })
}
