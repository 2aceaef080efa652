import { z } from 'zod'
import type { Azure } from '../../arm/azure.ts'
import { badRequest } from '../../arm/errors.ts'
import { keyOf, nameOf, parentOf, sameId } from '../../arm/ids.ts'
import type { Resource } from '../../arm/kind.ts'
import { show } from '../../arm/show.ts'
import { holds } from '../authorization/assigned.ts'
import { ACCOUNT_CONNECTION, ACCOUNT_HOST, accountIdOf, PROJECT_CONNECTION } from './common.ts'

const names = z.array(z.string()).length(1).optional()

export const ProjectHost = z.looseObject({
  vectorStoreConnections: names,
  storageConnections: names,
  threadStorageConnections: names,
  aiServicesConnections: names,
})
export type ProjectHost = z.infer<typeof ProjectHost>

type Need = {
  property: 'vectorStoreConnections' | 'storageConnections' | 'threadStorageConnections'
  categories: string[]
  /** All of these, each by one of several roles: azure-facts 7.2, step 9. */
  roles: { name: string; anyOf: string[] }[]
}

const NEEDS: Need[] = [
  {
    property: 'storageConnections',
    categories: ['azurestorageaccount', 'azureblob'],
    roles: [
      {
        name: 'Storage Blob Data Contributor',
        anyOf: ['ba92f5b4-2d11-453d-a403-e96b0029c9fe', 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'],
      },
    ],
  },
  {
    property: 'threadStorageConnections',
    categories: ['cosmosdb'],
    roles: [{ name: 'Cosmos DB Operator', anyOf: ['230815da-be43-4aae-9cb4-875f7bd000aa'] }],
  },
  {
    property: 'vectorStoreConnections',
    categories: ['cognitivesearch'],
    roles: [
      { name: 'Search Index Data Contributor', anyOf: ['8ebe5a00-799e-43f5-93ac-243d3dce84a7'] },
      { name: 'Search Service Contributor', anyOf: ['7ca78c08-252a-4471-8644-bb5ff32d4ba0'] },
    ],
  },
]

/** The three stores come together or not at all, by the names of connections of the project, or shared by its account. */
export function checkConnectionsNamed({ id, properties }: Resource<ProjectHost>, azure: Azure): void {
  const given = NEEDS.filter(({ property }) => properties[property])
  if (given.length > 0 && given.length < NEEDS.length)
    throw badRequest(
      'InvalidData',
      `${NEEDS.map(({ property }) => property).join(', ')} must be supplied together.`,
    )
  for (const { property, categories } of given) {
    const [name = ''] = properties[property] ?? []
    const connection = connectionOf(id, name, azure)
    if (!connection)
      throw badRequest(
        'InvalidData',
        `The connection '${name}' of ${property} could not be found: names are expected, not ids.`,
      )
    if (!categories.includes(keyOf(String(connection.properties['category']))))
      throw badRequest(
        'InvalidData',
        `The connection '${name}' of ${property} has the category '${connection.properties['category']}'.`,
      )
  }
}

function connectionOf(hostId: string, name: string, azure: Azure): Resource | undefined {
  const own = azure.children(parentOf(hostId), PROJECT_CONNECTION)
  const shared = azure
    .children(accountIdOf(hostId), ACCOUNT_CONNECTION)
    .filter(({ properties }) => properties['isSharedToAll'] === true)
  return [...own, ...shared].find(({ id }) => sameId(nameOf(id), name))
}

/** What is missing as the work begins. Azure finds out on the way and says so at the end. */
export function hostProblem({ id, properties }: Resource<ProjectHost>, azure: Azure): string | undefined {
  const [accountHost] = azure.children(accountIdOf(id), ACCOUNT_HOST)
  if (accountHost?.state !== 'Succeeded')
    return `The capability host of the account is ${accountHost ? `in state ${accountHost.state}` : 'missing'}.`
  const project = azure.find(parentOf(id))
  const { principalId = '' } = ((project && show(project, azure)['identity']) ?? {}) as {
    principalId?: string
  }
  for (const { property, roles } of NEEDS) {
    const [name] = properties[property] ?? []
    const connection = name === undefined ? undefined : connectionOf(id, name, azure)
    if (!connection) continue
    const { ResourceId: target = '' } = (connection.properties['metadata'] ?? {}) as { ResourceId?: string }
    if (!azure.find(target))
      return `The resource '${target}' behind the connection '${name}' could not be found.`
    const unmet = roles.find(({ anyOf }) => !holds(principalId, anyOf, target, azure.clock.now(), azure))
    if (unmet)
      return `The project identity '${principalId}' got 403 Forbidden from '${target}': the role '${unmet.name}' is not assigned or has not taken effect.`
  }
  return undefined
}
