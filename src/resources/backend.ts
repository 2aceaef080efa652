import { type BackendSpec, backendBody, backendId } from '../gateway/backends.ts'
import { membersOf, poolBody } from '../gateway/pools.ts'
import { type Bounds, type Member, sameShares } from '../gateway/shares.ts'
import { instant, isObject, type Json, type JsonObject, type Kind, type Resource } from './kind.ts'

/**
 * Microsoft.ApiManagement/service/backends, of both types. Spoken at a version that knows what strangers may have put on them: session
 * affinity of a pool, a managed identity of a backend.
 */
const shared = {
  client: 'apiManagement',
  apiVersion: '2024-10-01-preview',
  lists: {},
  risks: {},
  conditional: 'updates',
  timing: instant,
} as const

export const backend: Kind = { ...shared, neverSent: [] }

/** The rebalancer owns the shares of a pool, within their bounds; who is in it, and in which order, is the document's. */
export const pool: Kind = { ...shared, neverSent: [], derived: { 'properties.pool': shares } }

export const managedBackend = (apim: Resource, spec: BackendSpec, deployment: Resource): Resource => {
  const name = backendId(spec.account, spec.deployment)
  return {
    key: `backend/${name}`,
    kind: 'backend',
    id: `${apim.id}/backends/${name}`,
    existing: false,
    dependsOn: [apim.key, deployment.key],
    body: backendBody(spec),
  }
}

export interface ManagedPoolSpec {
  name: string
  description: string
  members: Member[]
  /** By backend; a member without keeps its weight. */
  bounds: Record<string, Bounds>
  sticky: boolean
}

export function managedPool(apim: Resource, spec: ManagedPoolSpec, backends: Resource[]): Resource {
  const { properties } = poolBody(spec, (name) => `${apim.id}/backends/${name}`) as {
    properties: { pool: JsonObject }
  }
  return {
    key: `pool/${spec.name}`,
    kind: 'pool',
    id: `${apim.id}/backends/${spec.name}`,
    existing: false,
    dependsOn: [apim, ...backends].map(({ key }) => key),
    body: {
      properties: {
        ...properties,
        pool: {
          ...properties.pool,
          bounds: Object.fromEntries(
            Object.entries(spec.bounds).map(([name, [lowest, highest]]) => [name, [lowest, highest]]),
          ),
        },
      },
    },
  }
}

/** The described pool, with the live weights in each priority group whose shares are within their bounds. */
function shares(described: Json, live: Json | undefined): Json {
  if (!isObject(described)) return described
  const { bounds, services, ...rest } = described
  if (!isObject(bounds) || !Array.isArray(services)) return described
  const found = isObject(live) && Array.isArray(live['services']) ? live['services'].filter(isObject) : []
  const kept = [...Map.groupBy(services.filter(isObject), priority)].filter(([group, members]) =>
    sameShares(
      named(members),
      named(found.filter((service) => priority(service) === group)),
      bounds as unknown as Record<string, Bounds>,
    ),
  )
  const keeps = new Set(kept.map(([group]) => group))
  return {
    ...rest,
    services: services.filter(isObject).map((service) => {
      const before = found.find((other) => nameIn(other) === nameIn(service))
      return before && keeps.has(priority(service)) ? before : { ...before, ...service }
    }),
  }
}

const priority = (service: JsonObject): number =>
  typeof service['priority'] === 'number' ? service['priority'] : 0
const nameIn = (service: JsonObject): string =>
  String(service['id'] ?? '')
    .split('/')
    .at(-1)
    ?.toLowerCase() ?? ''
const named = (services: JsonObject[]): Member[] => membersOf({ properties: { pool: { services } } })
