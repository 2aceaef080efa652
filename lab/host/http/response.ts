// From RpcHttp, what the handler returned, to a response on the wire.
import type { ServerResponse } from 'node:http'
import type { TypedData } from '../worker/contract.ts'

interface RpcCookie {
  name: string
  value: string
  domain?: { value: string }
  path?: { value: string }
  expires?: { value: { seconds: number } }
  secure?: { value: boolean }
  httpOnly?: { value: boolean }
  maxAge?: { value: number }
  /** `none` is "not set". */
  sameSite?: 'none' | 'lax' | 'strict' | 'explicitNone'
}

interface RpcResponse {
  statusCode?: string
  headers?: Record<string, string>
  cookies?: RpcCookie[]
  body?: { bytes?: Uint8Array; string?: string } | null
}

/** The length on the wire is this server's business. */
const ours = ['content-length', 'transfer-encoding', 'connection']

export function sendRpcHttp(to: ServerResponse, value: TypedData) {
  const response = value?.http as RpcResponse | null | undefined
  if (!response) return sendEmpty(to, 204)
  for (const [name, text] of Object.entries(response.headers ?? {}))
    if (!ours.includes(name.toLowerCase())) to.setHeader(name, text)
  if (response.cookies?.length) to.setHeader('set-cookie', response.cookies.map(setCookie))
  to.statusCode = Number(response.statusCode ?? 200)
  to.end(response.body?.bytes ?? response.body?.string)
}

export function sendEmpty(to: ServerResponse, status: number, headers: Record<string, string> = {}) {
  to.writeHead(status, headers)
  to.end()
}

export function sendJson(
  to: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) {
  to.writeHead(status, { ...headers, 'content-type': 'application/json; charset=utf-8' })
  to.end(JSON.stringify(body))
}

/** Lower-case attributes, name and value URL-encoded: as the .NET host writes them. */
function setCookie(cookie: RpcCookie): string {
  const { sameSite = 'none' } = cookie
  const parts = [`${encodeURIComponent(cookie.name)}=${encodeURIComponent(cookie.value)}`]
  if (cookie.maxAge) parts.push(`max-age=${cookie.maxAge.value}`)
  if (cookie.domain) parts.push(`domain=${cookie.domain.value}`)
  if (cookie.path) parts.push(`path=${cookie.path.value}`)
  if (cookie.expires)
    parts.push(`expires=${new Date(Number(cookie.expires.value.seconds) * 1000).toUTCString()}`)
  if (cookie.secure?.value) parts.push('secure')
  if (cookie.httpOnly?.value) parts.push('httponly')
  if (sameSite !== 'none') parts.push(`samesite=${sameSite === 'explicitNone' ? 'none' : sameSite}`)
  return parts.join('; ')
}
