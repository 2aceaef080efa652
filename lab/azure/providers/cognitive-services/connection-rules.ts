import { z } from 'zod'
import { badRequest } from '../../arm/errors.ts'
import { keyOf } from '../../arm/ids.ts'
import type { Resource } from '../../arm/kind.ts'

export const Connection = z.looseObject({
  category: z.string(),
  target: z.string().default(''),
  authType: z.string(),
  credentials: z.looseObject({}).optional(),
  audience: z.string().optional(),
  metadata: z.record(z.string(), z.string()).default({}),
  isSharedToAll: z.boolean().default(false),
})
export type Connection = z.infer<typeof Connection>

/** azure-facts 7.4 and 5.4; the service does not mind the case. */
const CATEGORIES = [
  'CosmosDB',
  'AzureStorageAccount',
  'AzureBlob',
  'CognitiveSearch',
  'CognitiveService',
  'AzureOpenAI',
  'AIServices',
  'AppInsights',
  'AzureKeyVault',
  'ApiManagement',
  'ModelGateway',
  'ApiKey',
  'CustomKeys',
  'BingLLMSearch',
  'GroundingWithBingSearch',
  'RemoteTool',
  'OpenAI',
  'Serverless',
].map(keyOf)

/** What each way of signing in has to bring along. */
const CREDENTIALS: Record<string, string[]> = {
  AAD: [],
  None: [],
  ApiKey: ['key'],
  AccountKey: ['key'],
  CustomKeys: ['keys'],
  SAS: ['sas'],
  PAT: ['pat'],
  AccessKey: ['accessKeyId', 'secretAccessKey'],
  UsernamePassword: ['username'],
  ServicePrincipal: ['clientId', 'clientSecret', 'tenantId'],
  OAuth2: [],
  ManagedIdentity: ['clientId'],
  AccountManagedIdentity: [],
  ProjectManagedIdentity: [],
}

export function checkConnection({ properties }: Resource<Connection>): void {
  const { category, authType, credentials = {}, audience } = properties
  if (!CATEGORIES.includes(keyOf(category)))
    throw invalid('category', `'${category}' is not a category of connections.`)
  const needed = CREDENTIALS[authType]
  if (!needed) throw invalid('authType', `'${authType}' is not a way to sign in.`)
  const lacking = needed.find((name) => !(name in credentials))
  if (lacking) throw invalid(`credentials.${lacking}`, `It is required for ${authType}.`)
  if (authType === 'ProjectManagedIdentity' && !audience)
    throw invalid('audience', `It is required for ${authType}.`)
  if (keyOf(category) === 'apimanagement') checkGateway(properties)
}

/** azure-facts 5.4: every value is a string, some of them JSON. */
function checkGateway({ authType, target, metadata }: Connection): void {
  if (!['ApiKey', 'ProjectManagedIdentity'].includes(authType))
    throw invalid('authType', `${authType} is not supported for ApiManagement.`)
  if (!/^https:\/\/\S+$/.test(target))
    throw invalid('target', 'It has to be the address of an API of the gateway.')
  if (!['true', 'false'].includes(metadata['deploymentInPath'] ?? ''))
    throw invalid('metadata.deploymentInPath', "It is required: 'true' or 'false'.")
  const { models, modelDiscovery } = metadata
  if ((models === undefined) === (modelDiscovery === undefined))
    throw invalid('metadata', 'Exactly one of models and modelDiscovery is required.')
  if (models !== undefined && !Array.isArray(json('models', models)))
    throw invalid('metadata.models', 'It has to be a JSON array.')
  for (const name of ['modelDiscovery', 'customHeaders', 'authConfig'])
    if (metadata[name] !== undefined) json(name, metadata[name])
}

function json(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalid(`metadata.${name}`, 'It has to be JSON in a string.')
  }
}

const invalid = (property: string, why: string) =>
  badRequest('ValidationError', `The connection is not valid: ${property}. ${why}`, `properties.${property}`)
