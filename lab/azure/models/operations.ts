import { notFound, refused } from './refused.ts'

/** An operation of azure-facts 5.2: where it is, what Azure calls it, and the data action it takes. */
export type Operation = {
  id: string
  method: string
  /** Below `/openai/v1`, and below `/openai` or `/openai/deployments/{id}`. */
  path: string
  /** In the dated surface it stands below a deployment. */
  deployed?: true
  dataAction: string
  /** What the model has to be able to do. */
  capability?: 'chatCompletion' | 'completion' | 'embeddings' | 'responses'
}

const DATA = 'Microsoft.CognitiveServices/accounts/OpenAI'
const responses = (verb: 'read' | 'write' | 'delete') => `${DATA}/responses/${verb}`

const OPERATIONS: Operation[] = [
  {
    id: 'ChatCompletions_Create',
    method: 'POST',
    path: '/chat/completions',
    deployed: true,
    dataAction: `${DATA}/deployments/chat/completions/action`,
    capability: 'chatCompletion',
  },
  {
    id: 'Completions_Create',
    method: 'POST',
    path: '/completions',
    deployed: true,
    dataAction: `${DATA}/deployments/completions/action`,
    capability: 'completion',
  },
  {
    id: 'Embeddings_Create',
    method: 'POST',
    path: '/embeddings',
    deployed: true,
    dataAction: `${DATA}/deployments/embeddings/action`,
    capability: 'embeddings',
  },
  {
    id: 'Responses_Create',
    method: 'POST',
    path: '/responses',
    dataAction: responses('write'),
    capability: 'responses',
  },
  {
    id: 'Responses_Compact',
    method: 'POST',
    path: '/responses/compact',
    dataAction: responses('write'),
    capability: 'responses',
  },
  { id: 'Responses_Get', method: 'GET', path: '/responses/{response_id}', dataAction: responses('read') },
  {
    id: 'Responses_Delete',
    method: 'DELETE',
    path: '/responses/{response_id}',
    dataAction: responses('delete'),
  },
  {
    id: 'Responses_Cancel',
    method: 'POST',
    path: '/responses/{response_id}/cancel',
    dataAction: responses('write'),
  },
  {
    id: 'Responses_ListInputItems',
    method: 'GET',
    path: '/responses/{response_id}/input_items',
    dataAction: responses('read'),
  },
  { id: 'Models_List', method: 'GET', path: '/models', dataAction: `${DATA}/models/read` },
  { id: 'Models_Get', method: 'GET', path: '/models/{model}', dataAction: `${DATA}/models/read` },
]

export type Routed = {
  operation: Operation
  /** As Azure writes it when it denies: `POST /openai/deployments/{deployment-id}/chat/completions`. */
  shown: string
  /** Of the dated surface; elsewhere the body names it. */
  deployment?: string
  params: string[]
  apiVersion: string
}

/** Which operation a path of an account names, or the refusal that Azure has for it. */
export function routed(method: string, path: string, query: URLSearchParams): Routed {
  const [, deployment, v1, rest = ''] = /^\/openai(?:\/deployments\/([^/]+)|(\/v1))?(\/.*)$/i.exec(path) ?? []
  for (const operation of OPERATIONS) {
    if (operation.method !== method) continue
    if (!v1 && (operation.deployed ?? false) !== (deployment !== undefined)) continue
    const params = paramsOf(operation.path, rest)
    if (!params) continue
    const apiVersion = v1 ? undatedVersion(query) : datedVersion(query)
    const below = v1 ? '/openai/v1' : deployment ? '/openai/deployments/{deployment-id}' : '/openai'
    return {
      operation,
      shown: `${method} ${below}${operation.path}`,
      ...(deployment ? { deployment: decoded(deployment) } : {}),
      params,
      apiVersion,
    }
  }
  throw notFound()
}

/** The free segments of a path that fits a template; templates say `{name}` for one. */
export function paramsOf(template: string, path: string): string[] | undefined {
  const wanted = template.split('/')
  const given = path.replace(/\/$/, '').split('/')
  if (wanted.length !== given.length) return undefined
  const params: string[] = []
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? ''
    if (segment.startsWith('{') && value) params.push(decoded(value))
    else if (segment !== value) return undefined
  }
  return params
}

/** A malformed escape stays as it is: nothing is found under it. */
export function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** v1 needs none, and takes two words for one. */
function undatedVersion(query: URLSearchParams): string {
  const version = query.get('api-version')
  if (version && !['preview', 'latest', 'v1'].includes(version)) throw unsupportedVersion()
  return version ?? 'v1'
}

function datedVersion(query: URLSearchParams): string {
  const version = query.get('api-version')
  if (!version) throw notFound()
  if (!/^20\d\d-\d\d-\d\d(-preview)?$/.test(version)) throw unsupportedVersion()
  return version
}

const unsupportedVersion = () => refused(400, 'BadRequest', 'API version not supported')
