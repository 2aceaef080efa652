import net from 'node:net'
import tls from 'node:tls'
import { type Halt, lookUp, outside } from './addresses.ts'
import { handshake } from './exchange.ts'
import { stoppedBy, stopwatch } from './phases.ts'
import type { Evidence } from './probe.ts'
import { inWords, socketReason } from './socket-reason.ts'

export interface Destination {
  host: string
  port: number
  /** Ranges in one of which every address must lie, or nothing is sent; none: anywhere. */
  within: string[]
}

export interface Certificate {
  validUntilMs: number
  /** What is wrong with it, as TLS says it. */
  trouble?: Error
}

export type Connected = Evidence &
  ({ is: 'connected'; certificate?: Certificate } | ({ is: 'halted' } & Halt))

/**
 * A connection that is made and closed again, with a TLS handshake where asked. The handshake goes on whatever the certificate is, so that it
 * can be looked at; nothing is ever sent over it.
 */
export async function connect(
  { host, port, within }: Destination,
  secure: boolean,
  signal: AbortSignal,
): Promise<Connected> {
  const watch = stopwatch()
  const trace: string[] = []
  const evidence: Evidence = { phases: watch.phases, trace }
  const halted = (halt: Halt): Connected => {
    trace.push(halt.why)
    return { is: 'halted', ...halt, ...evidence }
  }
  const addresses = await lookUp(host, signal)
  watch.lap('lookup')
  if ('reason' in addresses) return halted(addresses)
  trace.push(`${host} is ${addresses.join(', ')}`)
  const stray = within.length === 0 ? undefined : outside(host, addresses, within)
  if (stray) return halted(stray)

  return new Promise((resolve) => {
    let phase: 'connect' | 'tls' = 'connect'
    const socket = net.connect({ host: addresses[0] ?? host, port, signal })
    let ended = false
    const end = (connected: Connected) => {
      ended = true
      resolve(connected)
      socket.destroy()
    }
    const failed = (error: Error) => {
      if (ended) return
      watch.lap(phase)
      const stopped = stoppedBy(signal)
      const why = stopped ? `no answer in time: it hung in ${phase}` : inWords(error)
      end(
        halted({
          reason: stopped ?? socketReason(error),
          why,
          layer: phase === 'tls' ? 'tls' : 'tcp',
        }),
      )
    }
    socket.once('error', failed)
    socket.once('connect', () => {
      watch.lap('connect')
      trace.push(`port ${port} accepts`)
      if (!secure) return end({ is: 'connected', ...evidence })
      phase = 'tls'
      const secured = tls.connect({
        socket,
        host,
        servername: net.isIP(host) ? '' : host,
        rejectUnauthorized: false,
      })
      secured.once('error', failed)
      secured.once('secureConnect', () => {
        watch.lap('tls')
        trace.push(handshake(secured))
        const certificate = certificateOf(secured)
        end({ is: 'connected', certificate, ...evidence })
      })
      // A peer that hangs up in the middle of a handshake ends it without an error.
      secured.once('close', () =>
        failed(Object.assign(new Error('closed during the handshake'), { code: 'ECONNRESET' })),
      )
    })
  })
}

function certificateOf(socket: tls.TLSSocket): Certificate {
  const validUntilMs = Date.parse(socket.getPeerCertificate().valid_to)
  if (socket.authorized) return { validUntilMs }
  // Typed as an error, in truth its code.
  const code = String(socket.authorizationError)
  return { validUntilMs, trouble: Object.assign(new Error(code), { code }) }
}
