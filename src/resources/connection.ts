import { createHash } from 'node:crypto'
import { cognitiveServicesVersion } from './account.ts'
import { anyCase, anyClient, instant, type Kind, nameOf, type Resource, type Wanted } from './kind.ts'

/** Microsoft.CognitiveServices/accounts/…/connections: how agents reach a thing, always by identity (azure-facts 7.4). */
export const connection: Kind = {
  client: anyClient,
  apiVersion: cognitiveServicesVersion,
  lists: {},
  risks: {},
  neverSent: ['properties.createdByWorkspaceArmId', 'properties.group', 'properties.error'],
  // The schema writes CosmosDb, the samples CosmosDB.
  canonical: { 'properties.category': anyCase, 'properties.authType': anyCase },
  conditional: false,
  timing: instant,
  writtenAtRestOf: 'account',
}

interface ConnectionSpec {
  /** Its name is what capability hosts and agents call it by. */
  name: string
  category: 'CosmosDB' | 'AzureStorageAccount' | 'CognitiveSearch' | 'AIServices' | 'ApiManagement'
  target: Wanted
  authType: 'AAD' | 'ProjectManagedIdentity'
  audience?: string
  /** Strings, every one of them: Azure refuses numbers and booleans here. */
  metadata: Record<string, string>
}

/** @param of the account or project that connects */
export const managedConnection = (of: Resource, spec: ConnectionSpec, needs: Resource[]): Resource => ({
  key: `connection/${nameOf(of)}/${spec.name}`,
  kind: 'connection',
  id: `${of.id}/connections/${spec.name}`,
  existing: false,
  dependsOn: [of, ...needs].map(({ key }) => key),
  body: {
    properties: {
      category: spec.category,
      target: spec.target,
      authType: spec.authType,
      ...(spec.audience ? { audience: spec.audience } : {}),
      metadata: spec.metadata,
    },
  },
})

/** What Foundry keeps with a connection to an Azure resource. */
export const resourceMetadata = (resource: Resource, location: string): Record<string, string> => ({
  ApiType: 'Azure',
  ResourceId: resource.id,
  location,
})

const longestName = 33

/** Names have 3 to 33 letters, digits, _ and -; what they are made from may be longer and have others. */
export function connectionName(prefix: string, of: string): string {
  const plain = `${prefix}-${of.toLowerCase().replaceAll(/[^a-z0-9_-]/g, '-')}`
  if (plain.length <= longestName && plain === `${prefix}-${of.toLowerCase()}`) return plain
  const hash = createHash('sha256').update(of.toLowerCase()).digest('hex').slice(0, 8)
  return `${plain.slice(0, longestName - hash.length - 1)}-${hash}`
}
