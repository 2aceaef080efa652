import type { Azure } from '../arm/azure.ts'
import { keyOf, nameOf, parentOf } from '../arm/ids.ts'
import type { Resource } from '../arm/kind.ts'
import { fullId, SERVICE, shortId } from '../providers/api-management/entity.ts'
import { namedValueOf } from '../providers/api-management/named-values.ts'
import { type Pool, readPool } from './pool.ts'
import type { Program } from './program.ts'
import { type Routes, readRoutes } from './route.ts'
import type { Step } from './running.ts'

/** A service as it was described at one moment: what a unit works from until it learns of the next. Never changed, but for what is worked out late. */
export type Configuration = {
  readonly service: Resource
  /** All entities, by key of their id. */
  readonly entities: Map<string, Resource>
  /** The same by what follows the service in it: `/loggers/usage`. */
  readonly byShortId: Map<string, Resource>
  readonly backends: Map<string, Resource>
  readonly routes: Routes
  /** Subscriptions by each of their keys. */
  readonly subscriptions: Map<string, Resource>
  /** Which product holds which API: `{key of the product} {key of the API}`. */
  readonly offers: ReadonlySet<string>
  /** By display name in lower case, as placeholders use it. */
  readonly namedValues: Map<string, string>
  readonly pools: Map<string, Pool>
  readonly programs: Map<string, Program>
  readonly fragments: Map<string, Step>
}

/** Entities that have been made once; what is still on its way is not there yet. */
export const entitiesOf = (service: Resource, azure: Azure): Resource[] =>
  azure.under(service.id).filter(({ settledAt }) => settledAt !== null)

export function readConfiguration(service: Resource, entities: Resource[], azure: Azure): Configuration {
  const of = (type: string) => entities.filter((entity) => keyOf(entity.type) === keyOf(`${SERVICE}/${type}`))
  const byKey = (resources: Resource[]) =>
    new Map(resources.map((resource) => [keyOf(resource.id), resource]))
  return {
    service,
    entities: byKey(entities),
    byShortId: new Map(entities.map((entity) => [keyOf(shortId(entity.id)), entity])),
    backends: byKey(of('backends')),
    routes: readRoutes(of('apis'), of('apis/operations')),
    subscriptions: new Map(
      of('subscriptions').flatMap((subscription) =>
        keysOf(subscription).map((key) => [key, subscription] as const),
      ),
    ),
    offers: new Set([
      ...of('products/apis').map(({ id }) => offer(parentOf(id), fullId(`/apis/${nameOf(id)}`, id))),
      ...of('products/apiLinks').map(({ id, properties }) =>
        offer(parentOf(id), fullId(String(properties['apiId']), id)),
      ),
    ]),
    namedValues: new Map(
      of('namedValues').map((value) => [
        keyOf(String(value.properties['displayName'])),
        namedValueOf(value, azure),
      ]),
    ),
    pools: new Map(),
    programs: new Map(),
    fragments: new Map(),
  }
}

const keysOf = ({ properties, assigned }: Resource): string[] =>
  ['primaryKey', 'secondaryKey'].flatMap((name) => {
    const key = properties[name] ?? assigned[name]
    return typeof key === 'string' ? [key] : []
  })

/** An entity by collection and name: `entityIn(configuration, 'loggers', 'usage')`. */
export const entityIn = ({ byShortId }: Configuration, collection: string, name: string) =>
  byShortId.get(keyOf(`/${collection}/${name}`))

export function poolOf(backend: Resource, configuration: Configuration): Pool {
  const { pools } = configuration
  const known = pools.get(backend.id)
  if (known) return known
  const made = readPool(backend, configuration)
  pools.set(backend.id, made)
  return made
}

const offer = (productId: string, apiId: string) => `${keyOf(productId)} ${keyOf(apiId)}`

/** Whether the product is published and holds the API. */
export const isInProduct = (product: Resource, api: Resource, { offers }: Configuration): boolean =>
  product.properties['state'] === 'published' && offers.has(offer(product.id, api.id))
