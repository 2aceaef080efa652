import type { Azure } from '../arm/azure.ts'
import { keyOf, nameOf, sameId } from '../arm/ids.ts'
import type { Resource } from '../arm/kind.ts'
import {
  ACCOUNT_CONNECTION,
  accountIdOf,
  PROJECT_CONNECTION,
} from '../providers/cognitive-services/common.ts'
import type { Connection } from '../providers/cognitive-services/connection-rules.ts'
import { skuOf } from '../providers/cognitive-services/deployment-shape.ts'
import type { AccountResource } from './accounts.ts'
import { deploymentsOf, type Served } from './deployments.ts'
import { refused } from './refused.ts'

export type ConnectionResource = Resource<Connection>

/** A project's own connections, and those its account shares with all. */
function connectionsOf(projectId: string, azure: Azure): ConnectionResource[] {
  const own = azure.children(projectId, PROJECT_CONNECTION) as unknown as ConnectionResource[]
  const shared = azure.children(accountIdOf(projectId), ACCOUNT_CONNECTION) as unknown as ConnectionResource[]
  return [...own, ...shared.filter(({ properties }) => properties.isSharedToAll)]
}

export const connectionNamed = (projectId: string, name: string, azure: Azure) =>
  connectionsOf(projectId, azure).find(({ id }) => sameId(nameOf(id), name))

/** Secrets never leave: the way to sign in is told, the key is not. */
function connectionShown({ id, properties }: ConnectionResource) {
  const { category, target, authType, metadata } = properties
  return {
    name: nameOf(id),
    id,
    type: category,
    target,
    isDefault: false,
    credentials: { type: authType },
    metadata,
  }
}

export function connectionList(projectId: string, query: URLSearchParams, azure: Azure) {
  const type = query.get('connectionType')
  const found = connectionsOf(projectId, azure).filter(
    ({ properties }) => !type || keyOf(properties.category) === keyOf(type),
  )
  const wanted = query.get('defaultConnection') === 'true' ? [] : found
  return { value: wanted.map(connectionShown) }
}

export function connectionRead(projectId: string, name: string, azure: Azure) {
  const connection = connectionNamed(projectId, name, azure)
  if (!connection) throw refused(404, 'NotFound', `Connection ${name} can't be found in this project.`)
  return connectionShown(connection)
}

function deploymentShown({ name, model, resource }: Served) {
  const { name: sku, capacity } = skuOf(resource)
  const able = { chatCompletion: 'chat_completion', embeddings: 'embeddings' }
  return {
    type: 'ModelDeployment',
    name,
    modelName: model.name,
    modelVersion: model.version,
    modelPublisher: model.format,
    capabilities: Object.fromEntries(
      Object.entries(able).flatMap(([here, there]) =>
        model.capabilities[here] === 'true' ? [[there, 'true']] : [],
      ),
    ),
    sku: { name: sku, capacity },
  }
}

export function deploymentList(account: AccountResource, query: URLSearchParams, azure: Azure) {
  const [name, publisher] = [query.get('modelName'), query.get('modelPublisher')]
  const found = deploymentsOf(account, azure).filter(
    ({ model }) => (!name || model.name === name) && (!publisher || model.format === publisher),
  )
  return { value: found.map(deploymentShown) }
}

export function deploymentRead(account: AccountResource, name: string, azure: Azure) {
  const found = deploymentsOf(account, azure).find((one) => sameId(one.name, name))
  if (!found) throw refused(404, 'NotFound', `Deployment ${name} can't be found in this project.`)
  return deploymentShown(found)
}
