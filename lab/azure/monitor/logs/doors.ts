import { z } from 'zod'
import type { Azure } from '../../arm/azure.ts'
import { errorBody, Refusal } from '../../arm/errors.ts'
import { keyOf } from '../../arm/ids.ts'
import type { DataCall } from '../../data/call.ts'
import { bodyOf, parsed, resourceFor } from '../bodies.ts'
import { type LogsQuery, type LogsScope, queryLogs } from './query.ts'

/** `/v1/workspaces/{customer id}/query` or `/v1{resource id}/query` (azure-facts 9.6). */
export const LOGS_PATH = /^\/v1\/(?:workspaces\/([^/]+)|(subscriptions\/.+?))\/query$/i

export type Told = { status: number; body: object; headers?: Record<string, string> }

const Query = z.object({ query: z.string(), timespan: z.string().nullish() })

export function logs(path: string, body: unknown, principal: string, azure: Azure): Told {
  const [, workspace, resourcePath] = LOGS_PATH.exec(path) ?? []
  const scope = workspace
    ? { workspaceId: workspaceFor(workspace, azure) }
    : { resourceId: resourceFor(`/${resourcePath}`, azure).id }
  return limited(parsed(Query, body), scope, principal, azure)
}

const WORKSPACES = 'Microsoft.OperationalInsights/workspaces'

function workspaceFor(customerId: string, azure: Azure): string {
  const found = azure
    .all(WORKSPACES)
    .find(({ assigned }) => keyOf(String(assigned['customerId'])) === keyOf(customerId))
  if (found) return found.id
  throw new Refusal(404, 'WorkspaceNotFoundError', `The workspace ${customerId} could not be found`)
}

/** azure-facts 9.4: 200 requests in 30 s by caller and workspace. */
const LIMIT = { requests: 200, seconds: 30 }

function limited(query: LogsQuery, scope: LogsScope, principal: string, azure: Azure): Told {
  const { buckets } = azure.world
  const key = `logs ${principal} ${'workspaceId' in scope ? scope.workspaceId : scope.resourceId}`
  const now = azure.clock.now()
  const { left, at } = buckets.get(key) ?? { left: LIMIT.requests, at: now }
  const refilled = Math.min(LIMIT.requests, left + ((now - at) / 1000) * (LIMIT.requests / LIMIT.seconds))
  if (refilled < 1)
    throw new Refusal(429, 'ThrottledError', 'Too many requests.', {
      headers: { 'retry-after': String(LIMIT.seconds) },
    })
  buckets.put(key, { left: refilled - 1, at: now })
  return queryLogs(query, scope, azure)
}

const Batch = z.object({
  requests: z.array(z.object({ id: z.string(), workspace: z.string(), body: Query })).max(100),
})

/** Each is answered by itself, also when it is refused. */
export function logsBatch(call: DataCall, principal: string, azure: Azure): Told {
  const { requests } = parsed(Batch, bodyOf(call))
  const responses = requests.map(({ id, workspace, body }) => {
    try {
      return { id, headers: {}, ...logs(`/v1/workspaces/${workspace}/query`, body, principal, azure) }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { id, status: error.status, headers: error.headers, body: errorBody(error) }
    }
  })
  return { status: 200, body: { responses } }
}
