import type { Resource } from '../resources/kind.ts'
import type { Place } from '../resources/place.ts'
import type { Document } from './schema.ts'
import type { Surroundings } from './surroundings.ts'

/** What every part of the expansion is made from. */
export interface Area {
  document: Document
  surroundings: Surroundings
  place: Place
}

/** What the parts hand to each other: `resources` in dependency order, and those that others speak of by name. */
export interface Network {
  resources: Resource[]
  endpointSubnet: Resource
  agentSubnet: Resource | undefined
  apim: Resource
  /** By name. */
  zones: Map<string, Resource>
}

export interface Data {
  resources: Resource[]
  storage: Resource | undefined
  search: Resource | undefined
  cosmos: Resource | undefined
  /** What must be there before anything in the network can reach them. */
  reachable: Resource[]
}

export interface FoundryAccount {
  spec: Document['foundry']['accounts'][number]
  account: Resource
  /** By name, lower case. */
  deployments: Map<string, Resource>
  project: Resource | undefined
}

export interface Foundry {
  resources: Resource[]
  accounts: FoundryAccount[]
}
