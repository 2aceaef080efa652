// Durable's HTTP API (functions-host.md, E11), mounted twice: below `rpcBaseUrl`, where the SDK's client calls it, and publicly.
// It only reads and writes the store; what it sets going is woken afterwards.
import type { IncomingHttpHeaders } from 'node:http'
import type { App } from './app.ts'
import { purgeMany, purgeOne } from './purge.ts'
import { list, show } from './queries.ts'
import { start } from './start.ts'
import type { Store } from './store.ts'
import { terminate } from './terminate.ts'

export interface ManagementRequest {
  method: string
  /** Below the mount. */
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  body: string
  origin: string
  url: string
}

export interface ManagementReply {
  status: number
  headers?: Record<string, string>
  body?: unknown
}

export interface ManagementServices {
  store: Store
  app: App
  hubName: string
  wake(): void
}

const notFound: ManagementReply = { status: 404 }
const notPlayed = ['raiseEvent', 'rewind', 'restart', 'suspend', 'resume']

export function manage(request: ManagementRequest, services: ManagementServices): ManagementReply {
  try {
    return route(request, services)
  } catch (error) {
    const { name, message, stack } = error as Error
    const Message = 'Something went wrong while processing your request'
    return {
      status: 500,
      body: { Message, ExceptionMessage: message, ExceptionType: name, StackTrace: stack },
    }
  }
}

function route(request: ManagementRequest, services: ManagementServices): ManagementReply {
  const { method } = request
  const [kind, name, operation] = request.path.split('/').filter(Boolean).map(decodeURIComponent)
  if (kind === 'entities') return notOurs('entities')
  if (kind === 'orchestrators' && name && method === 'POST') {
    return start(request, { name, id: operation }, services)
  }
  if (kind !== 'instances') return notFound
  if (name === undefined) {
    if (method === 'GET') return list(request, services)
    return method === 'DELETE' ? purgeMany(request, services) : notFound
  }
  if (operation === undefined) {
    if (method === 'GET') return show(request, name, services)
    return method === 'DELETE' ? purgeOne(name, services) : notFound
  }
  if (method !== 'POST') return notFound
  if (operation.toLowerCase() === 'terminate') return terminate(request, name, services)
  const feature = notPlayed.find((known) => known.toLowerCase() === operation.toLowerCase())
  return feature ? notOurs(feature) : notFound
}

/** A text, not an object: it is what the SDK's client shows of a 501. */
const notOurs = (feature: string): ManagementReply => ({
  status: 501,
  body: `The lab's Functions host does not play ${feature}: the product does not use it.`,
})
