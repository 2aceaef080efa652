import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { KeyPair } from '../certificates.ts'
import { Broken } from '../data/call.ts'
import type { Data } from '../data/plane.ts'
import type { Faults } from '../faults.ts'
import type { Timekeeper } from '../timekeeper.ts'
import { certificates } from './leaves.ts'
import type { Destination } from './network.ts'
import { exchange, hostOf } from './wire.ts'

/** The wire side of the data planes: for each destination that was dialled a TLS server on the loopback interface. */
export type Fronts = {
  /** The port of the server that stands for a destination. */
  open(destination: Destination): Promise<number>
  close(): void
}

type Parts = {
  authority: KeyPair
  receive: Data['receive']
  timekeeper: Timekeeper
  flaw: Faults['flaw']
  /** ARM answers at its public name, too. */
  arm: RequestListener
}

type Front = { server: Server; port: number; fronts: Destination['fronts']; usedAt: number }

const ARM_HOST = 'management.azure.com'
const UNUSED_MS = 60_000
const SWEEP_MS = 10_000

export function createFronts({ authority, receive, timekeeper, flaw, arm }: Parts): Fronts {
  const open = new Map<string, Promise<Front>>()
  const certificateFor = certificates(authority)

  async function start({ fronts }: Destination): Promise<Front> {
    const names = fronts[0]?.names ?? []
    // A name that is nobody's at this address, or none, is shown the certificate of whoever lives here.
    const shown = (name: string) =>
      front.fronts.some((one) => one.names.includes(name))
        ? certificateFor([name], flaw(name))
        : certificateFor(names)
    const server = createServer({
      SNICallback: (name, done) => {
        shown(name.toLowerCase()).then(({ context }) => done(null, context), done)
      },
      ...(await certificateFor(names)).pair,
    })
    // A call, a connection: rules and routes are asked when one is made, so an edit is felt by the next call, whoever keeps what
    // and however far the clock has jumped meanwhile.
    server.maxRequestsPerSocket = 1
    server.on('request', (request, response) => answer(front, request, response))
    // A client that does not like the certificate hangs up: that is its right.
    server.on('tlsClientError', () => undefined)
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    server.unref()
    const front = {
      server,
      port: (server.address() as AddressInfo).port,
      fronts,
      usedAt: performance.now(),
    }
    return front
  }

  function answer({ fronts }: Front, request: IncomingMessage, response: ServerResponse): void {
    const host = hostOf(request)
    if (host === ARM_HOST && fronts.some(({ names }) => names.includes(host))) {
      arm(request, response)
      return
    }
    timekeeper.enter()
    exchange(request, response, (call) => receive(call, fronts))
      .catch((error: unknown) => {
        if (!(error instanceof Broken) && !request.destroyed) console.error(error)
        request.socket.destroy()
      })
      .finally(timekeeper.leave)
  }

  const closeUnused = async () => {
    for (const [key, starting] of open) {
      const front = await starting
      const connections = await new Promise<number>((done) =>
        front.server.getConnections((_, count) => done(count)),
      )
      if (connections > 0) front.usedAt = performance.now()
      if (performance.now() - front.usedAt < UNUSED_MS) continue
      open.delete(key)
      front.server.close()
    }
  }
  const sweep = setInterval(closeUnused, SWEEP_MS).unref()

  return {
    open: async (destination) => {
      const key = JSON.stringify(destination)
      const starting = open.get(key) ?? start(destination)
      open.set(key, starting)
      const front = await starting
      front.usedAt = performance.now()
      return front.port
    },
    close: () => {
      clearInterval(sweep)
      for (const starting of open.values())
        starting.then(({ server }) => {
          server.closeAllConnections()
          server.close()
        })
      open.clear()
    },
  }
}
