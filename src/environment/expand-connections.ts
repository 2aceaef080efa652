import { tokenPath } from '../gateway/api.ts'
import { subDomain } from '../resources/account.ts'
import { connectionName, managedConnection, resourceMetadata } from '../resources/connection.ts'
import { type Resource, ref } from '../resources/kind.ts'
import type { Area, Data, FoundryAccount, Network } from './area.ts'
import { cloudOf, suffixes } from './surroundings.ts'

export interface Connections {
  resources: Resource[]
  files: Resource | undefined
  vectors: Resource | undefined
  threads: Resource | undefined
}

/** What the agents of a project can reach by name: the data services, every account, and the gateway as one endpoint. */
export function expandConnections(
  area: Area,
  network: Network,
  data: Data,
  project: Resource,
  accounts: FoundryAccount[],
): Connections {
  const { document, surroundings } = area
  const suffix = suffixes[cloudOf(surroundings)]
  const { location } = document
  const aad = (resource: Resource | undefined, spec: Pick<Spec, 'name' | 'category' | 'target'>) =>
    resource &&
    managedConnection(project, { ...spec, authType: 'AAD', metadata: resourceMetadata(resource, location) }, [
      resource,
    ])
  const files = aad(data.storage, {
    name: 'storage',
    category: 'AzureStorageAccount',
    target: data.storage ? ref(data.storage, 'properties', 'primaryEndpoints', 'blob') : '',
  })
  const vectors = aad(data.search, {
    name: 'search',
    category: 'CognitiveSearch',
    target: `https://${data.search?.id.split('/').at(-1)}.${suffix.search}`,
  })
  const threads = aad(data.cosmos, {
    name: 'cosmos',
    category: 'CosmosDB',
    target: data.cosmos ? ref(data.cosmos, 'properties', 'documentEndpoint') : '',
  })
  const models = accounts.map(({ account, spec }) =>
    managedConnection(
      project,
      {
        name: connectionName('account', spec.name),
        category: 'AIServices',
        target: `https://${subDomain(spec.name)}.${suffix.account}/`,
        authType: 'AAD',
        metadata: resourceMetadata(account, spec.location),
      },
      [account],
    ),
  )
  const resources = [files, vectors, threads, ...models, gatewayConnection(area, network, project)]
  return { resources: resources.filter((it) => it !== undefined), files, vectors, threads }
}

type Spec = Parameters<typeof managedConnection>[1]

/** The gateway as the agents see it (azure-facts 5.4): they name a model `gateway/{deployment}`. */
function gatewayConnection(
  { document, surroundings }: Area,
  network: Network,
  project: Resource,
): Resource | undefined {
  const { api, apim, pools } = document.gateway
  // Without the tenant's id the gateway cannot tell a project's token from another's.
  if (pools.length === 0 || surroundings.tenantId === undefined) return undefined
  const models = pools.flatMap((pool) => {
    const found = document.foundry.accounts
      .flatMap(({ deployments }) => deployments)
      .find(({ name }) => name.toLowerCase() === pool.deployment.toLowerCase())
    return found
      ? [
          {
            name: pool.deployment,
            properties: { model: { name: found.model, version: found.version, format: found.format } },
          },
        ]
      : []
  })
  return managedConnection(
    project,
    {
      name: 'gateway',
      category: 'ApiManagement',
      target: `https://${apim.name.toLowerCase()}.${surroundings.gatewaySuffix}/${tokenPath('agents', api.path)}`,
      authType: 'ProjectManagedIdentity',
      audience: 'https://cognitiveservices.azure.com',
      metadata: {
        deploymentInPath: 'true',
        inferenceAPIVersion: '2024-10-21',
        models: JSON.stringify(models),
      },
    },
    [network.apim],
  )
}
