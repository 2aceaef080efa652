import type { LookupAddress } from 'node:dns'
import net, { isIP, type Socket, type TcpSocketConnectOpts } from 'node:net'
import type { Dial, Dialled } from './dial.ts'
import { connectFailed, connectionReset, notFound } from './errors.ts'
import { isThisMachine } from './loopback.ts'

type Options = Partial<TcpSocketConnectOpts> & { path?: string | null }

/**
 * Connections of this process to anything but this machine are dialled in the simulated network, and made to the port that stands for
 * the destination. Everything above sockets (TLS, HTTP, fetch) stays as it is. Returns the way back.
 */
export function carryConnections(dial: Dial): () => void {
  const connect = net.Socket.prototype.connect
  net.Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
    const [options, callback] = read(args)
    const host = options.host ?? 'localhost'
    if (options.path || isThisMachine(host)) return Reflect.apply(connect, this, args)
    if (callback) this.once('connect', callback)
    // Until the answer is there, what is written waits as in any socket that is connecting.
    Object.assign(this, { connecting: true })
    follow(this, options, host, dial, (there) => Reflect.apply(connect, this, [there])).catch(
      (error: Error) => this.destroy(error),
    )
    return this
  } as typeof connect
  return () => {
    net.Socket.prototype.connect = connect
  }
}

async function follow(
  socket: Socket,
  options: Options,
  host: string,
  dial: Dial,
  connect: (there: TcpSocketConnectOpts) => void,
): Promise<void> {
  const port = Number(options.port)
  const sought = isIP(host) ? host : await soughtBy(options, host)
  if (isThisMachine(sought)) {
    if (!socket.destroyed) connect({ ...without(options), host: sought, port })
    return
  }
  const end = await dial(sought, port)
  if (socket.destroyed) return
  if (!isIP(host)) emitLookup(socket, host, end)
  if ('unreached' in end) throw errorOf(end, host, port)
  pretend(socket, end.address, port)
  connect({ ...without(options), host: '127.0.0.1', port: end.port })
}

/** Callers may bring their own lookup; then it is an address that is dialled. Otherwise the dial finds the name's. */
function soughtBy({ lookup, family = 0, hints = 0 }: Options, host: string): Promise<string> {
  if (!lookup) return Promise.resolve(host)
  return new Promise((resolve, reject) => {
    lookup(host, { family, hints, all: true }, (error, found: string | LookupAddress[]) => {
      const first = typeof found === 'string' ? found : found?.[0]?.address
      if (error || !first) reject(error ?? notFound(host))
      else resolve(first)
    })
  })
}

/** Of what was asked only how the socket behaves counts further on, not where it goes. */
function without(options: Options): Omit<Options, 'host' | 'port' | 'path'> {
  const {
    host: _h,
    port: _p,
    path: _s,
    lookup: _l,
    family: _f,
    hints: _i,
    localAddress: _a,
    ...rest
  } = options
  return { ...rest, autoSelectFamily: false }
}

function emitLookup(socket: Socket, host: string, end: Dialled): void {
  if (end.address) socket.emit('lookup', null, end.address, 4, host)
  else socket.emit('lookup', notFound(host), undefined, undefined, host)
}

function errorOf(end: Extract<Dialled, { unreached: string }>, host: string, port: number): Error {
  const address = end.address ?? host
  const error =
    end.unreached === 'ENOTFOUND'
      ? notFound(host)
      : end.unreached === 'ECONNREFUSED' || end.unreached === 'ETIMEDOUT'
        ? connectFailed(end.unreached, address, port)
        : connectionReset()
  // For whoever looks at a log in the lab; nothing in Azure says why.
  return Object.defineProperty(error, 'labBecause', { value: end.because, enumerable: false })
}

function pretend(socket: Socket, address: string, port: number): void {
  for (const [name, value] of Object.entries({
    remoteAddress: address,
    remotePort: port,
    remoteFamily: 'IPv4',
  }))
    Object.defineProperty(socket, name, { value, configurable: true })
}

type Callback = () => void

/** `connect(options)`, `connect(port, host)`, `connect(path)`, or all of that already read by net.connect. */
function read(args: unknown[]): [Options, Callback | undefined] {
  const [first, second] = args
  if (Array.isArray(first)) return [first[0] as Options, (first[1] as Callback | null) ?? undefined]
  const last = args.at(-1)
  const callback = typeof last === 'function' ? (last as Callback) : undefined
  if (typeof first === 'object' && first !== null) return [first as Options, callback]
  if (typeof first === 'string' && !/^\d+$/.test(first)) return [{ path: first }, callback]
  return [{ port: Number(first), ...(typeof second === 'string' ? { host: second } : {}) }, callback]
}
