import { keyOf } from '../arm/ids.ts'
import type { Resource } from '../arm/kind.ts'
import type { DataCall, Vantage } from '../data/call.ts'
import { type Service, subnetOf } from '../providers/api-management/shape.ts'
import { NotSimulated, PolicyError } from './problems.ts'
import type { Running } from './running.ts'
import type { Target } from './target.ts'

/** What one try sends: the request as policies left it, at the backend's address, with the backend's credentials. */
/** Of this connection only: they mean nothing to the next. */
const HOP_BY_HOP = [
  'host',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'proxy-connection',
  'upgrade',
  'expect',
]

export function callTo({ url, backend }: Target, run: Running): DataCall {
  const { request } = run
  const { protocol, host, pathname, port } = addressOf(url)
  if (protocol !== 'https:' || port) throw new NotSimulated(`a backend at ${url}: only https on port 443`)
  const { headers: added, query: more } = credentialsOf(backend)
  const headers: Record<string, string> = { ...request.headers, ...added }
  for (const name of HOP_BY_HOP) delete headers[name]
  const body = request.body ?? ''
  if (headers['content-length'] !== undefined) headers['content-length'] = String(Buffer.byteLength(body))
  const query = more.length ? String(withMore(request.query, more)) : request.query
  const path = `${pathname.replace(/\/$/, '')}${request.path}${query ? `?${query}` : ''}`
  request.url = `https://${host}${path}`
  return { ...run.call, method: request.method, host, path, headers, body }
}

function withMore(query: string, more: [string, string][]): URLSearchParams {
  const all = new URLSearchParams(query)
  for (const [name, value] of more) all.append(name, value)
  return all
}

const addresses = new Map<string, URL>()

function addressOf(url: string): URL {
  const known = addresses.get(url)
  if (known) return known
  if (!URL.canParse(url)) throw new PolicyError('BackendConnectionFailure', `Invalid URI: ${url}`)
  const made = new URL(url)
  addresses.set(url, made)
  return made
}

/** Where the gateway stands in the network: not where an update that is under way wants it to be. */
export const vantageOf = (service: Resource): Vantage => {
  const subnetId = service.hidden?.['subnetId'] ?? subnetOf(service as unknown as Resource<Service>)
  return typeof subnetId === 'string' ? { subnetId } : 'internet'
}

type Credentials = {
  header?: Record<string, string[]> | null
  query?: Record<string, string[]> | null
  authorization?: { scheme: string; parameter: string } | null
}

/** What a backend's description adds to each call: headers, query. */
function credentialsOf(backend: Resource | null): {
  headers: Record<string, string>
  query: [string, string][]
} {
  const { header, query, authorization, ...others } = (backend?.properties['credentials'] ??
    {}) as Credentials
  const stranger = Object.entries(others).find(([, value]) =>
    Array.isArray(value) ? value.length > 0 : value != null,
  )
  if (stranger) throw new NotSimulated(`credentials.${stranger[0]} of a backend`)
  return {
    headers: {
      ...Object.fromEntries(
        Object.entries(header ?? {}).map(([name, values]) => [keyOf(name), values.join(',')]),
      ),
      ...(authorization ? { authorization: `${authorization.scheme} ${authorization.parameter}` } : {}),
    },
    query: Object.entries(query ?? {}).flatMap(([name, values]) =>
      values.map((value): [string, string] => [name, value]),
    ),
  }
}
