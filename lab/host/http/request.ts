// From a request on the wire to RpcHttp, the trigger's value.
import type { IncomingMessage } from 'node:http'
import type { TypedData } from '../worker/contract.ts'

export interface Received {
  method: string
  url: URL
  headers: Record<string, string>
  body: Buffer
}

export async function receive(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value
  return {
    method: request.method ?? 'GET',
    // Not `new URL(path, base)`: a path that begins with two slashes would become the host.
    url: new URL(`http://${request.headers.host ?? 'localhost'}${request.url ?? '/'}`),
    headers,
    body: Buffer.concat(chunks),
  }
}

type NullableStrings = Record<string, { value: string }>
const nullable = (values: Record<string, string>): NullableStrings =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]))

export function toRpcHttp(
  { method, url, headers, body }: Received,
  params: Record<string, string>,
): TypedData {
  const query: Record<string, string> = {}
  for (const name of url.searchParams.keys()) query[name] = url.searchParams.getAll(name).join(',')
  return {
    http: {
      method,
      url: url.href,
      nullableHeaders: nullable(headers),
      nullableQuery: nullable(query),
      nullableParams: nullable(params),
      ...(body.length > 0 && { body: { bytes: body } }),
    },
  }
}
