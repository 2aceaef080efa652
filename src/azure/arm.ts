import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineRequest,
  type Pipeline,
} from '@azure/core-rest-pipeline'
import { isSettled } from '../reconcile/observation.ts'
import type { Failure } from '../reconcile/outcome.ts'
import type { JsonObject, Kind } from '../resources/kind.ts'
import { failureOf, thrownFailure } from './failure.ts'

/**
 * Azure Resource Manager, spoken raw through the pipelines of the official SDK clients: their credentials, their policies, but bodies as
 * Azure writes them. The clients' typed methods drop the properties they do not know on every write (azure-facts 0.2), and their pollers
 * ask for the operation at once; neither suits a loop that reads whole bodies and looks again later (decision record 0002).
 */

export type Read =
  | { is: 'found'; body: JsonObject; etag?: string }
  | { is: 'missing' }
  | { is: 'unreadable'; failure: Failure }

export type Listed = { is: 'listed'; bodies: JsonObject[] } | { is: 'unreadable'; failure: Failure }

export type Written =
  | { is: 'carried out'; body: JsonObject }
  | { is: 'accepted'; operationUrl?: string }
  | { is: 'failed'; failure: Failure }

/** An answer as it came, whatever its status; or none at all. */
export type Asked = { status: number; body: JsonObject } | { failure: Failure }

/** Which version of the object a write may replace: the one read, or none at all. */
export type Condition = { ifMatch: string } | { ifNoneMatch: '*' } | undefined

export interface Arm {
  /** GET of a resource by its id. 404 is missing; anything else that is not an answer is unreadable. */
  read(kind: Kind, id: string): Promise<Read>
  /** GET of a whole collection by its id (a resource's id without its name), page by page. Without a parent it is empty. */
  list(kind: Kind, collectionId: string): Promise<Listed>
  /** One idempotent PUT of a whole body; returns before Azure is done. */
  write(kind: Kind, id: string, body: JsonObject, condition: Condition): Promise<Written>
  /** One DELETE (or POST of `purge`, where that is how the kind goes); already gone counts as carried out. */
  remove(kind: Kind, id: string, condition: Condition): Promise<Written>
  /** Tags of a resource group; undefined when they cannot be read. */
  groupTags(subscriptionId: string, group: string): Promise<Record<string, string> | undefined>
  /** GET of a path with its api-version, the pages of a list put together. */
  get(path: string): Promise<Asked>
  /** HEAD of a path: whether there is one, where Azure says no more. */
  head(path: string): Promise<Asked>
  /** POST of a question that changes nothing, where Azure has no GET for it. */
  ask(path: string, body: JsonObject): Promise<Asked>
  /** Why an operation failed, from the URL it was accepted with; undefined when it did not, or the URL says nothing any more. */
  whyFailed(kind: Kind, operationUrl: string): Promise<{ reason: string; message: string } | undefined>
}

const answerWithinMs = 30_000

/**
 * @param endpoint of Azure Resource Manager, without a trailing slash
 * @param pipelines of the SDK clients, by the name a kind gives
 */
export function openArm(endpoint: string, pipelines: (client: Kind['client']) => Promise<Pipeline>): Arm {
  const http = createDefaultHttpClient()

  const send = async (
    client: Kind['client'],
    method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    body?: JsonObject,
    condition?: Condition,
  ) => {
    const pipeline = await pipelines(client)
    const headers = createHttpHeaders({ accept: 'application/json' })
    if (body) headers.set('content-type', 'application/json')
    if (condition && 'ifMatch' in condition) headers.set('if-match', condition.ifMatch)
    if (condition && 'ifNoneMatch' in condition) headers.set('if-none-match', condition.ifNoneMatch)
    const request = createPipelineRequest({ url, method, headers, timeout: answerWithinMs })
    if (body) request.body = JSON.stringify(body)
    try {
      const response = await pipeline.sendRequest(http, request)
      return { response, body: parsed(response.bodyAsText) }
    } catch (error) {
      return { failure: thrownFailure(error) }
    }
  }
  const url = (kind: Kind, id: string) => `${endpoint}${id}?api-version=${kind.apiVersion}`

  const asked = async (method: 'GET' | 'HEAD' | 'POST', url: string, body?: JsonObject): Promise<Asked> => {
    const answer = await send('network', method, url, body)
    if ('failure' in answer) return { failure: answer.failure }
    return { status: answer.response.status, body: answer.body }
  }

  /** The token goes where it belongs and nowhere else, whatever a link says. */
  const next = (link: string) => {
    const { pathname, search } = new URL(link, endpoint)
    return `${endpoint}${pathname}${search}`
  }

  const change = async (
    kind: Kind,
    method: 'PUT' | 'DELETE' | 'POST',
    id: string,
    body?: JsonObject,
    condition?: Condition,
  ): Promise<Written> => {
    const answer = await send(kind.client, method, url(kind, id), body, condition)
    if ('failure' in answer) return { is: 'failed', failure: answer.failure }
    const { status, headers } = answer.response
    if (status === 404 && method !== 'PUT') return { is: 'carried out', body: {} }
    if (status < 200 || status > 299)
      return { is: 'failed', failure: failureOf(answer.response, answer.body) }
    const operationUrl = headers.get('azure-asyncoperation') ?? headers.get('location')
    if (status === 202 || operationUrl || !isSettled(kind, answer.body))
      return { is: 'accepted', ...(operationUrl ? { operationUrl } : {}) }
    return { is: 'carried out', body: answer.body }
  }

  return {
    async read(kind, id) {
      const answer = await send(kind.client, 'GET', url(kind, id))
      if ('failure' in answer) return { is: 'unreadable', failure: answer.failure }
      const { status, headers } = answer.response
      const failure = failureOf(answer.response, answer.body)
      if (isMissing(failure)) return { is: 'missing' }
      if (status !== 200) return { is: 'unreadable', failure }
      const etag =
        headers.get('etag') ?? (typeof answer.body['etag'] === 'string' ? answer.body['etag'] : undefined)
      return { is: 'found', body: answer.body, ...(etag ? { etag } : {}) }
    },
    async list(kind, collectionId) {
      const bodies: JsonObject[] = []
      for (let next: string | undefined = url(kind, collectionId); next !== undefined; ) {
        const answer = await send(kind.client, 'GET', next)
        if ('failure' in answer) return { is: 'unreadable', failure: answer.failure }
        const failure = failureOf(answer.response, answer.body)
        if (isWithoutParent(failure)) return { is: 'listed', bodies }
        if (answer.response.status !== 200) return { is: 'unreadable', failure }
        const { value, nextLink } = answer.body
        if (Array.isArray(value)) bodies.push(...(value as JsonObject[]))
        next = typeof nextLink === 'string' && nextLink !== '' ? nextLink : undefined
      }
      return { is: 'listed', bodies }
    },
    write: (kind, id, body, condition) => change(kind, 'PUT', id, body, condition),
    remove: (kind, id, condition) =>
      kind.removedBy === 'purge'
        ? change(kind, 'POST', `${id}/purge`)
        : change(kind, 'DELETE', id, undefined, condition),
    async groupTags(subscriptionId, group) {
      const id = `/subscriptions/${subscriptionId}/resourceGroups/${group}`
      const answer = await send('network', 'GET', `${endpoint}${id}?api-version=2021-04-01`)
      if ('failure' in answer || answer.response.status !== 200) return undefined
      const { tags } = answer.body
      return typeof tags === 'object' && tags !== null ? (tags as Record<string, string>) : {}
    },
    async get(path) {
      const first = await asked('GET', `${endpoint}${path}`)
      if ('failure' in first || !Array.isArray(first.body['value'])) return first
      const items = [...first.body['value']]
      for (let { nextLink } = first.body; typeof nextLink === 'string' && nextLink !== ''; ) {
        const page = await asked('GET', next(nextLink))
        // Half a list would be taken for the whole.
        if ('failure' in page || page.status !== 200) return page
        if (Array.isArray(page.body['value'])) items.push(...page.body['value'])
        nextLink = page.body['nextLink'] ?? null
      }
      return { status: first.status, body: { ...first.body, value: items } }
    },
    head: (path) => asked('HEAD', `${endpoint}${path}`),
    ask: (path, body) => asked('POST', `${endpoint}${path}`, body),
    async whyFailed(kind, operationUrl) {
      const answer = await send(kind.client, 'GET', operationUrl)
      if ('failure' in answer) return undefined
      const { code, message } = failureOf(answer.response, answer.body)
      const failed = String(answer.body['status'] ?? '').toLowerCase()
      return failed === 'failed' || failed === 'canceled'
        ? { reason: code || 'ProvisioningFailed', message }
        : undefined
    },
  }
}

/** Only a parent that is not there makes a collection empty; any other 404 says that it cannot be read this way. */
const isWithoutParent = ({ status, code }: Failure): boolean =>
  status === 404 && ['ParentResourceNotFound', 'ResourceNotFound', 'NotFound'].includes(code)

/** A missing group or subscription is a fault of the surroundings, not of one resource. */
const isMissing = ({ status, code }: Failure): boolean =>
  status === 404 && code !== 'ResourceGroupNotFound' && code !== 'SubscriptionNotFound'

function parsed(text: string | null | undefined): JsonObject {
  if (!text) return {}
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
  } catch {
    return {}
  }
}
