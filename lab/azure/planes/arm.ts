import { authenticate } from '../arm/authenticate.ts'
import type { Azure } from '../arm/azure.ts'
import type { Call, Carried } from '../arm/call.ts'
import { errorBody, methodNotAllowed, Refusal } from '../arm/errors.ts'
import { subscriptionOf } from '../arm/ids.ts'
import type { Forced } from '../arm/mishaps.ts'
import { readOperation } from '../arm/operations.ts'
import { list, read } from '../arm/read.ts'
import { remove } from '../arm/remove.ts'
import { type Route, route } from '../arm/route.ts'
import { checkSubscription } from '../arm/scope.ts'
import type { Throttle } from '../arm/throttle.ts'
import { patch, put } from '../arm/write.ts'
import type { Asked } from '../exchange.ts'
import { regionCode } from '../regions.ts'
import type { Store } from '../store.ts'
import type { Tokens } from '../tokens.ts'

/** Azure Resource Manager: who asks, may they now, what do they name, and then the engine. */
export type ArmPlane = {
  /** The object id of the caller; throws a Refusal when there is none. */
  authenticate(asked: Asked): Promise<string>
  handle(asked: Asked, principal: string, forced: Forced): Carried
}

export function createArm(azure: Azure, tokens: Tokens, throttle: Throttle, store: Store): ArmPlane {
  return {
    authenticate: ({ headers }) =>
      authenticate(headers.get('authorization'), tokens, azure.clock, azure.tenantId),
    handle: (asked, principal, forced) => {
      const call = callOf(asked, principal, forced)
      const { headers: limits, refusal } = throttle(
        call.method,
        call.path,
        principal,
        subscriptionOf(call.path),
      )
      try {
        if (refusal) throw refusal
        const carried = dispatch(call, azure)
        return { ...carried, headers: { ...limits, ...carried.headers } }
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        store.refuse()
        return { ...refused(error), headers: { ...limits, ...error.headers } }
      }
    },
  }
}

export const refused = (error: Refusal): Carried => ({
  status: error.status,
  headers: error.headers,
  body: errorBody(error),
})

/** What ARM adds to every answer. */
export const armHeaders = (region = 'eastus') => {
  const requestId = crypto.randomUUID()
  return {
    'x-ms-request-id': requestId,
    'x-ms-correlation-request-id': requestId,
    'x-ms-routing-request-id': `${regionCode(region).toUpperCase()}:LAB:${requestId}`,
    'Cache-Control': 'no-cache',
    'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
    'X-Content-Type-Options': 'nosniff',
  }
}

function callOf(asked: Asked, principal: string, forced: Forced): Call {
  const { method, url, headers, origin, body } = asked
  return {
    method,
    path: decoded(url.pathname)
      .replace(/\/{2,}/g, '/')
      .replace(/(.)\/$/, '$1'),
    query: url.searchParams,
    headers,
    body,
    apiVersion: url.searchParams.get('api-version') ?? '',
    origin,
    principal,
    forced,
  }
}

/** A malformed escape stays as it is: nothing is found under it. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function dispatch(call: Call, azure: Azure): Carried {
  checkApiVersion(call, azure.clock.now())
  if (/^\/subscriptions\/[^/]+/i.test(call.path)) checkSubscription(subscriptionOf(call.path), azure)
  const found = route(call.method, call.path, azure)
  switch (found.to) {
    case 'operation':
      return readOperation(call.path, found.id, azure)
    case 'action':
      return found.action.run({ ...call, params: found.params }, azure)
    case 'collection':
      checkTypeVersion(call, found)
      if (call.method !== 'GET') throw methodNotAllowed(call.method, found.kind.type)
      return list(call, found, azure)
    case 'resource':
      checkTypeVersion(call, found)
      return onResource({ ...call, ...found }, azure)
  }
}

function onResource(call: Call & Extract<Route, { to: 'resource' }>, azure: Azure): Carried {
  switch (call.method) {
    case 'GET':
      return read(call, azure)
    case 'HEAD': {
      const { body: _, ...answer } = read(call, azure)
      const isEmpty = call.kind.link || call.kind.type === 'Microsoft.Resources/resourceGroups'
      return isEmpty ? { ...answer, status: 204 } : answer
    }
    case 'PUT':
      return put(call, azure)
    case 'PATCH':
      if (!call.kind.methods.includes('PATCH')) throw methodNotAllowed('PATCH', call.kind.type)
      return patch(call, azure)
    case 'DELETE':
      return remove(call, azure)
    default:
      throw methodNotAllowed(call.method, call.kind.type)
  }
}

const OLDEST = Date.parse('2014-01-01')
const YEAR_MS = 366 * 24 * 60 * 60 * 1000

function checkApiVersion({ apiVersion }: Call, now: number): void {
  if (!apiVersion)
    throw new Refusal(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    )
  const date = /^(\d{4}-\d{2}-\d{2})(-[a-z]+(\.\d+)?)?$/i.exec(apiVersion)?.[1]
  const at = date ? Date.parse(date) : Number.NaN
  if (!(at >= OLDEST && at <= now + YEAR_MS))
    throw new Refusal(400, 'InvalidApiVersionParameter', `The api-version '${apiVersion}' is invalid.`)
}

function checkTypeVersion(
  { apiVersion }: Call,
  { kind }: Extract<Route, { to: 'resource' | 'collection' }>,
): void {
  if (apiVersion >= kind.since) return
  const [namespace, ...types] = kind.type.split('/')
  throw new Refusal(
    400,
    'InvalidResourceType',
    `The resource type '${types.join('/')}' could not be found in the namespace '${namespace}' for api version '${apiVersion}'. The supported api-versions are '${kind.since}' and later.`,
  )
}
