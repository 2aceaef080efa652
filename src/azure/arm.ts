import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineRequest,
  type Pipeline,
} from '@azure/core-rest-pipeline'
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

/** Which version of the object a write may replace: the one read, or none at all. */
export type Condition = { ifMatch: string } | { ifNoneMatch: '*' } | undefined

export interface Arm {
  /** GET of a resource by its id. 404 is missing; anything else that is not an answer is unreadable. */
  read(kind: Kind, id: string): Promise<Read>
  /** GET of a whole collection by its id (a resource's id without its name), page by page. Without a parent it is empty. */
  list(kind: Kind, collectionId: string): Promise<Listed>
  /** One idempotent PUT of a whole body; returns before Azure is done. */
  write(kind: Kind, id: string, body: JsonObject, condition: Condition): Promise<Written>
  /** One DELETE; already gone counts as carried out. */
  remove(kind: Kind, id: string): Promise<Written>
  /** Tags of a resource group; undefined when they cannot be read. */
  groupTags(subscriptionId: string, group: string): Promise<Record<string, string> | undefined>
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
    method: 'GET' | 'PUT' | 'DELETE',
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

  const change = async (
    kind: Kind,
    method: 'PUT' | 'DELETE',
    id: string,
    body?: JsonObject,
    condition?: Condition,
  ): Promise<Written> => {
    const answer = await send(kind.client, method, url(kind, id), body, condition)
    if ('failure' in answer) return { is: 'failed', failure: answer.failure }
    const { status, headers } = answer.response
    if (status === 404 && method === 'DELETE') return { is: 'carried out', body: {} }
    if (status < 200 || status > 299)
      return { is: 'failed', failure: failureOf(answer.response, answer.body) }
    const operationUrl = headers.get('azure-asyncoperation') ?? headers.get('location')
    const state = provisioningState(answer.body)
    if (status === 202 || operationUrl || (state !== undefined && state !== 'Succeeded'))
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
        if (isMissing(failure)) return { is: 'listed', bodies }
        if (answer.response.status !== 200) return { is: 'unreadable', failure }
        const { value, nextLink } = answer.body
        if (Array.isArray(value)) bodies.push(...(value as JsonObject[]))
        next = typeof nextLink === 'string' && nextLink !== '' ? nextLink : undefined
      }
      return { is: 'listed', bodies }
    },
    write: (kind, id, body, condition) => change(kind, 'PUT', id, body, condition),
    remove: (kind, id) => change(kind, 'DELETE', id),
    async groupTags(subscriptionId, group) {
      const id = `/subscriptions/${subscriptionId}/resourceGroups/${group}`
      const answer = await send('network', 'GET', `${endpoint}${id}?api-version=2021-04-01`)
      if ('failure' in answer || answer.response.status !== 200) return undefined
      const { tags } = answer.body
      return typeof tags === 'object' && tags !== null ? (tags as Record<string, string>) : {}
    },
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

function provisioningState(body: JsonObject): string | undefined {
  const { properties } = body
  return typeof properties === 'object' &&
    properties !== null &&
    !Array.isArray(properties) &&
    typeof properties['provisioningState'] === 'string'
    ? properties['provisioningState']
    : undefined
}
