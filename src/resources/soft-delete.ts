import type { Kind, Resource } from './kind.ts'

/**
 * What Azure keeps of a deleted service, and keeps its name for: 48 hours for API Management and Foundry accounts (azure-facts 3.4, 7.8), longer for vaults.
 * A removal purges it. Seen as a resource of its own, it is what the living one stood on: it goes after that one, and before the
 * subnet that both held.
 */

/** A purge takes minutes and shows no state meanwhile: within the grace it is taken to be under way. */
const deleted = (client: Kind['client'], apiVersion: string): Kind => ({
  client,
  apiVersion,
  lists: {},
  risks: {},
  neverSent: [],
  conditional: false,
  unlistable: true,
  madeByAzure: () => true,
  timing: { usualMinutes: 1, pollSeconds: 15, graceSeconds: 900, patienceMinutes: 120 },
})

export const deletedKinds: Record<string, Kind> = {
  'deleted-api-management': deleted('apiManagement', '2024-05-01'),
  'deleted-account': deleted('network', '2025-09-01'),
  'deleted-key-vault': { ...deleted('network', '2023-07-01'), removedBy: 'purge' },
}

/** Where the deleted one is found: by subscription and location, not in its group. */
const places: Record<string, (scope: Scope) => string> = {
  'api-management': ({ subscription, location, name }) =>
    `${subscription}/providers/Microsoft.ApiManagement/locations/${location}/deletedservices/${name}`,
  account: ({ subscription, group, location, name }) =>
    `${subscription}/providers/Microsoft.CognitiveServices/locations/${location}/resourceGroups/${group}/deletedAccounts/${name}`,
  'key-vault': ({ subscription, location, name }) =>
    `${subscription}/providers/Microsoft.KeyVault/locations/${location}/deletedVaults/${name}`,
}

interface Scope {
  subscription: string
  group: string
  location: string
  name: string
}

/** The resources of a removal: those described, and for each that Azure soft-deletes, what it will leave. */
export const withRemains = (resources: Resource[]): Resource[] =>
  resources.flatMap((resource) => {
    const place = places[resource.kind]
    if (!place || resource.existing) return [resource]
    const [, subscriptions, subscription, , group = ''] = resource.id.split('/')
    const scope: Scope = {
      subscription: `/${subscriptions}/${subscription}`,
      group,
      location: String(resource.body['location']),
      name: resource.id.split('/').at(-1) ?? '',
    }
    const remains: Resource = {
      key: `deleted-${resource.key}`,
      kind: `deleted-${resource.kind}`,
      id: place(scope),
      existing: false,
      dependsOn: resource.dependsOn,
      body: {},
    }
    return [remains, { ...resource, dependsOn: [...resource.dependsOn, remains.key] }]
  })
