import { managedCosmos } from '../resources/cosmos.ts'
import { managedKeyVault } from '../resources/key-vault.ts'
import { asExisting, type Resource, ref } from '../resources/kind.ts'
import { managedSearch } from '../resources/search.ts'
import { managedStorage } from '../resources/storage.ts'
import type { Area, Data, Network } from './area.ts'
import { endpointOf } from './expand-endpoints.ts'
import type { Document } from './schema.ts'

/** The agents' data services, each with its private endpoint. */
export function expandData(area: Area, network: Network): Data {
  const { document, surroundings, place } = area
  const { data } = document
  const storage = owned(data.storage, (name) => managedStorage(place, name))
  const search = owned(data.search, (name) => managedSearch(place, name))
  const cosmos = owned(data.cosmos, (name) => managedCosmos(place, name))
  const keyVault = owned(data.keyVault, (name) =>
    surroundings.tenantId === undefined
      ? // The gateway's identity knows whose tenant this is.
        managedKeyVault(place, name, ref(network.apim, 'identity', 'tenantId'), [network.apim])
      : managedKeyVault(place, name, surroundings.tenantId, []),
  )
  const with_ = (resource: Resource | undefined, service: 'storage' | 'search' | 'cosmos' | 'keyVault') =>
    resource ? [resource, ...endpointOf(area, network, resource, service)] : []
  const agents = [...with_(storage, 'storage'), ...with_(search, 'search'), ...with_(cosmos, 'cosmos')]
  return {
    resources: [...agents, ...with_(keyVault, 'keyVault')],
    storage,
    search,
    cosmos,
    reachable: agents,
  }
}

const owned = (spec: Document['data']['storage'], make: (name: string) => Resource): Resource | undefined =>
  spec === undefined ? undefined : typeof spec === 'string' ? make(spec) : asExisting(make(spec.name))
