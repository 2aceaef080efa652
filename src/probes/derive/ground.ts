import { expand } from '../../environment/expand.ts'
import type { Document } from '../../environment/schema.ts'
import { cloudOf, type Surroundings } from '../../environment/surroundings.ts'
import type { Resource } from '../../resources/kind.ts'
import { type Front, fronts } from './fronts.ts'

/** What every part of the derivation is made from. Nothing here asks Azure anything. */
export interface Ground {
  document: Document
  surroundings: Surroundings
  resources: Resource[]
  fronts: Front[]
  /** Its key where the environment has such a resource: what is not made is neither proven nor suspected. */
  keys(...wanted: string[]): string[]
  /** Keys of a kind, in the order of the expansion. */
  ofKind(kind: string): string[]
  /** Where the canaries are known, roles and models can be proven; where not, nothing asks as them. */
  hasCanaries: boolean
  /** The path of the gateway's API for the probe, where there is one. */
  hasProbePath: boolean
}

export function ground(document: Document, surroundings: Surroundings): Ground {
  const resources = expand(document, surroundings)
  const known = new Set(resources.map(({ key }) => key))
  return {
    document,
    surroundings,
    resources,
    fronts: fronts(document, surroundings, resources),
    keys: (...wanted) => wanted.filter((key) => known.has(key)),
    ofKind: (kind) => resources.filter((resource) => resource.kind === kind).map(({ key }) => key),
    hasCanaries: surroundings.probeIdentities !== undefined,
    hasProbePath: known.has('api/probe'),
  }
}

/** Resources of the tokens that calls carry (azure-facts 5.3). */
export const audiences = {
  models: 'https://cognitiveservices.azure.com',
  projects: 'https://ai.azure.com',
  storage: 'https://storage.azure.com',
  search: 'https://search.azure.com',
} as const

/** Of the app's own token, with which it reads the control plane (azure-facts 14.1). */
export const controlPlane = (surroundings: Surroundings): string =>
  ({
    AzureCloud: 'https://management.azure.com',
    AzureUSGovernment: 'https://management.usgovcloudapi.net',
    AzureChinaCloud: 'https://management.chinacloudapi.cn',
  })[cloudOf(surroundings)]

export const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()
