import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { isUnreached, type Unreached } from '../data/call.ts'
import type { Data } from '../data/plane.ts'
import type { Fronts } from './fronts.ts'
import type { Network } from './network.ts'

export type Proxy = { port: number; close(): void }

/**
 * The way in for people and other languages: an HTTP proxy that takes CONNECT. The user name says where one stands, a subnet's name or
 * `internet`; without one, where the app stands.
 */
export async function startProxy(
  network: Network,
  dial: Data['dial'],
  fronts: Fronts,
  port: number,
): Promise<Proxy> {
  const server = createServer((_request, response) => {
    response.writeHead(405, { 'content-type': 'text/plain' })
    response.end('This proxy carries TLS only: ask with CONNECT, that is, for an https address.\n')
  })
  const open = new Set<Duplex>()
  server.on('connect', (request: IncomingMessage, client: Duplex, first: Buffer) => {
    open.add(client)
    client.on('error', () => client.destroy())
    client.once('close', () => open.delete(client))
    carry(request, client, first).catch((error: unknown) => refuse(client, 500, String(error)))
  })

  async function carry(request: IncomingMessage, client: Duplex, first: Buffer) {
    const user = userOf(request)
    const from = network.vantage(user)
    if (!from) return refuse(client, 407, `There is no subnet ${user} to stand in.`)
    const [host, port] = targetOf(request.url ?? '')
    const end = dial(from, host, port)
    if (isUnreached(end)) return refuse(client, STATUS[end.unreached], `${end.unreached}: ${end.because}`)
    const behind = connect(await fronts.open(end), '127.0.0.1')
    behind.on('error', () => client.destroy())
    behind.once('connect', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      behind.write(first)
      behind.pipe(client).pipe(behind)
    })
    behind.once('close', () => client.destroy())
    client.once('close', () => behind.destroy())
  }

  await new Promise<void>((done, failed) => {
    server.once('error', failed)
    server.listen(port, '127.0.0.1', done)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close()
      server.closeAllConnections()
      for (const client of open) client.destroy()
    },
  }
}

const STATUS: Record<Unreached['unreached'], 502 | 504> = {
  ENOTFOUND: 502,
  ECONNREFUSED: 502,
  ECONNRESET: 502,
  CERT: 502,
  ETIMEDOUT: 504,
}

function userOf({ headers }: IncomingMessage): string | undefined {
  const encoded = /^Basic (\S+)$/i.exec(headers['proxy-authorization'] ?? '')?.[1]
  const user = encoded && Buffer.from(encoded, 'base64').toString('utf8').split(':')[0]
  return user || undefined
}

function targetOf(authority: string): [string, number] {
  const at = authority.lastIndexOf(':')
  return [authority.slice(0, at), Number(authority.slice(at + 1))]
}

function refuse(client: Duplex, status: number, why: string): void {
  const text = `${why}\n`
  client.end(
    `HTTP/1.1 ${status} ${PHRASES[status]}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  )
}

const PHRASES: Record<number, string> = {
  407: 'Proxy Authentication Required',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  504: 'Gateway Timeout',
}
