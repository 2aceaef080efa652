import type { IncomingHttpHeaders } from 'node:http'
import { request } from 'node:https'
import type { LookupFunction } from 'node:net'
import { TLSSocket } from 'node:tls'
import { type Halt, lookUp, outside } from './addresses.ts'
import { type PhaseName, stoppedBy, stopwatch } from './phases.ts'
import type { Evidence, Layer } from './probe.ts'
import { readBody } from './read-body.ts'
import { inWords, socketReason } from './socket-reason.ts'

/** One HTTPS call. */
export interface Asking {
  url: string
  method: 'GET' | 'POST' | 'DELETE'
  /** Ranges in one of which every address of the host must lie, or nothing is sent. None at all: anywhere, but for calls with a token. */
  within: string[]
  headers?: Record<string, string>
  body?: object
  /** Of a streamed answer: whether this event carries the first token. */
  isFirstToken?: (event: string) => boolean
}

/** What came of it. `events`: of a streamed answer, the data of each event; `whole`: the body ended, and within what is read of it. */
export type Exchanged = Evidence &
  (
    | {
        is: 'answered'
        status: number
        headers: IncomingHttpHeaders
        body: string
        events: string[]
        whole: boolean
      }
    | ({ is: 'unanswered' } & Halt)
  )

const layerOf: Partial<Record<PhaseName, Layer>> = { lookup: 'dns', connect: 'tcp', tls: 'tls' }

/**
 * One exchange over a connection of its own, once: no redirect is followed, nothing is tried again, and the address that was checked is the one
 * that is called. Phases lookup, connect, tls, first byte (from the end of the handshake), first token where asked, rest.
 * @param layer in which a call ends that was connected and not answered
 */
export async function exchange(asking: Asking, layer: Layer, signal: AbortSignal): Promise<Exchanged> {
  const url = new URL(asking.url)
  if (url.protocol !== 'https:') throw new Error(`${url.protocol} is not spoken by probes`)
  const watch = stopwatch()
  const trace = [`${asking.method} ${url.host}${url.pathname}`]
  const evidence: Evidence = { phases: watch.phases, trace }
  const halted = (halt: Halt): Exchanged => {
    trace.push(halt.why)
    return { is: 'unanswered', ...halt, ...evidence }
  }

  const addresses = await lookUp(url.hostname, signal)
  watch.lap('lookup')
  if ('reason' in addresses) return halted(addresses)
  trace.push(`${url.hostname} is ${addresses.join(', ')}`)
  const isAnywhere = asking.within.length === 0 && !carriesSecret(asking.headers)
  const stray = isAnywhere ? undefined : outside(url.hostname, addresses, asking.within)
  if (stray) return halted(stray)

  return new Promise((resolve) => {
    let phase: PhaseName = 'connect'
    let ended = false
    const enter = (next: PhaseName) => {
      watch.lap(phase)
      phase = next
    }
    const body = asking.body === undefined ? undefined : JSON.stringify(asking.body)
    const sent = request(url, {
      method: asking.method,
      headers: { accept: '*/*', ...(body ? { 'content-type': 'application/json' } : {}), ...asking.headers },
      agent: false,
      lookup: pinnedTo(addresses[0] ?? ''),
      signal,
    })
    const failed = (error: Error) => {
      if (ended) return
      ended = true
      watch.lap(phase)
      const stopped = stoppedBy(signal)
      const why = stopped ? `no answer in time: it hung in ${phase}` : inWords(error)
      resolve(halted({ reason: stopped ?? socketReason(error), why, layer: layerOf[phase] ?? layer }))
    }
    sent.on('error', failed)
    sent.on('socket', (socket) => {
      socket.once('connect', () => enter('tls'))
      socket.once('secureConnect', () => {
        enter('first byte')
        if (socket instanceof TLSSocket) trace.push(handshake(socket))
      })
    })
    sent.on('response', (response) => {
      const { statusCode: status = 0, headers } = response
      trace.push(`${status} ${said(headers)}`.trim())
      const requestId = idOf(headers)
      if (requestId) evidence.requestId = requestId
      enter(asking.isFirstToken ? 'first token' : 'rest')
      readBody(response, asking.isFirstToken, () => enter('rest')).then((read) => {
        ended = true
        watch.lap(phase)
        resolve({ is: 'answered', status, headers, ...read, ...evidence })
        sent.destroy()
      }, failed)
    })
    sent.end(body)
  })
}

const pinnedTo =
  (address: string): LookupFunction =>
  (_host, { all }, callback) => {
    const family = address.includes(':') ? 6 : 4
    if (all) callback(null, [{ address, family }])
    else callback(null, address, family)
  }

/** The words of the handshake for the trace: version, and until when the certificate holds. */
export function handshake(socket: TLSSocket): string {
  const { subject, valid_to: until } = socket.getPeerCertificate()
  return `${socket.getProtocol()}, certificate of ${subject?.CN ?? 'nobody'} until ${until ?? 'ever'}`
}

/** Headers that say who answered, and nothing else. */
const telling = ['x-ms-region', 'x-backend-region', 'x-backend-retry', 'x-ms-deployment-name', 'retry-after']
const said = (headers: IncomingHttpHeaders) =>
  telling.flatMap((name) => (headers[name] === undefined ? [] : `${name}: ${headers[name]}`)).join(', ')

const idOf = (headers: IncomingHttpHeaders) =>
  ['apim-request-id', 'x-apim-request-id', 'x-ms-request-id', 'x-request-id', 'request-id']
    .map((name) => headers[name])
    .find((id): id is string => typeof id === 'string')

const carriesSecret = (headers: Record<string, string> = {}) =>
  Object.keys(headers).some((name) => /^(authorization|api-key|ocp-apim-subscription-key)$/i.test(name))
