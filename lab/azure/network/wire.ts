import type { IncomingMessage, ServerResponse } from 'node:http'
import { type DataAnswer, type DataCall, isUnreached, type Unreached } from '../data/call.ts'

/** One call over HTTP: read whole, carried out, its answer sent as it comes. Throws when the connection has to die. */
export async function exchange(
  request: IncomingMessage,
  response: ServerResponse,
  carry: (call: DataCall) => Promise<DataAnswer | Unreached>,
): Promise<void> {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const answer = await carry(await callOf(request, gone.signal))
  if (isUnreached(answer)) {
    request.socket.destroy()
    return
  }
  await send(answer, request.method === 'HEAD', response, gone.signal)
}

/** The name a caller means, which need not be the one it shook hands with. */
export const hostOf = ({ headers }: IncomingMessage): string =>
  (headers.host ?? '').toLowerCase().replace(/:\d+$/, '')

async function callOf(request: IncomingMessage, gone: AbortSignal): Promise<DataCall> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
  return {
    method: request.method ?? 'GET',
    host: hostOf(request),
    path: request.url ?? '/',
    headers,
    body: Buffer.concat(chunks).toString('utf8'),
    gone,
  }
}

async function send(
  { status, headers, body }: DataAnswer,
  isHeadOnly: boolean,
  response: ServerResponse,
  gone: AbortSignal,
): Promise<void> {
  if (typeof body === 'string') {
    response.writeHead(status, { ...endToEnd(headers), 'content-length': String(Buffer.byteLength(body)) })
    response.end(isHeadOnly ? undefined : body)
    return
  }
  response.writeHead(status, endToEnd(headers))
  response.flushHeaders()
  for await (const chunk of body) {
    if (gone.aborted) return
    // Sent before the next one is asked for: if that is where the connection breaks, this one has arrived.
    await new Promise((sent) => response.write(chunk, sent))
  }
  response.end()
}

/** How a body is carried is this connection's own business. */
const endToEnd = (headers: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !/^(content-length|transfer-encoding|connection)$/i.test(name),
    ),
  )
