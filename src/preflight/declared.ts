import { isRecord } from '../environment/raw.ts'
import type { Document } from '../environment/schema.ts'
import type { Resource } from '../resources/kind.ts'

/** What a document names. */

/** The name of a data service of ours; nothing where it is somebody else's or absent. */
export const ownName = (service: unknown): string | undefined =>
  typeof service === 'string' ? service : undefined

/** The name of a data service, whosoever it is. */
export const anyName = (service: unknown): string | undefined =>
  isRecord(service) ? String(service['name']) : ownName(service)

/** Accounts that the service makes. */
export const ownAccounts = ({ foundry }: Document) => foundry.accounts.filter(({ existing }) => !existing)

export interface NamedService {
  path: string
  what: string
  name: string
}

/** Every name of ours that becomes part of a host name, and so must be nobody else's on Earth. */
export function globalNames(document: Document): NamedService[] {
  const { storage, search, cosmos, keyVault } = document.data
  const data = [
    ['data.storage', 'storage account', storage],
    ['data.search', 'search service', search],
    ['data.cosmos', 'Cosmos DB account', cosmos],
    ['data.keyVault', 'key vault', keyVault],
  ] as const
  return [
    { path: 'gateway.apim.name', what: 'API Management service', name: document.gateway.apim.name },
    ...document.foundry.accounts.flatMap(({ name, existing }, index) =>
      existing ? [] : [{ path: `foundry.accounts[${index}].name`, what: 'Foundry account', name }],
    ),
    ...data.flatMap(([path, what, service]) => {
      const name = ownName(service)
      return name ? [{ path, what, name }] : []
    }),
  ]
}

export const runsAgents = ({ foundry }: Document): boolean =>
  foundry.accounts.some(({ agents, existing }) => agents && !existing)

/** What Foundry's agents need behind the scenes. */
export const agentProviders = [
  'Microsoft.App',
  'Microsoft.ContainerService',
  'Microsoft.MachineLearningServices',
]

/** Providers of the resources, read off their ids. An extension belongs to the last provider in its id. */
export const providersOf = (resources: Resource[]): string[] => [
  ...new Set(
    resources
      .filter(({ existing }) => !existing)
      .flatMap(({ id }) => /.*\/providers\/([^/]+)/.exec(id)?.[1] ?? [])
      // It is part of every subscription, and some do not list it.
      .filter((namespace) => namespace !== 'Microsoft.Authorization'),
  ),
]
