import type { IncomingMessage, ServerResponse } from 'node:http'

/** One request, read whole. */
export type Asked = {
  method: string
  /** As asked, undecoded: the journal and the faults speak of this. */
  path: string
  url: URL
  headers: Headers
  /** `https://localhost:8443`, as the caller wrote it. */
  origin: string
  /** Parsed JSON; undefined when there is none; a string when it is not JSON. */
  body: unknown
}

export async function readRequest(request: IncomingMessage): Promise<Asked> {
  const origin = `https://${request.headers.host ?? 'localhost'}`
  const path = request.url ?? '/'
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  return {
    method: request.method ?? 'GET',
    path,
    // A path that begins with two slashes is a path, not a host.
    url: new URL(`${origin}${path}`),
    headers,
    origin,
    body: parsed(Buffer.concat(chunks).toString('utf8')),
  }
}

function parsed(text: string): unknown {
  if (!text) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

export function sendJson(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body: unknown,
): void {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  const type = body === undefined ? {} : { 'Content-Type': 'application/json; charset=utf-8' }
  response.writeHead(status, { ...type, 'Content-Length': String(Buffer.byteLength(text)), ...headers })
  response.end(text)
}
