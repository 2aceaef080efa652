import type { Azure } from '../arm/azure.ts'
import type { Faults, Flaw, Injected } from '../faults.ts'
import type { Journal } from '../journal.ts'
import type { Destination, Network } from '../network/network.ts'
import { isAddressV4 } from '../network/prefixes.ts'
import type { Store } from '../store.ts'
import type { Tokens } from '../tokens.ts'
import { jsonOf } from './bodies.ts'
import {
  type Arrival,
  type DataAnswer,
  type DataCall,
  isUnreached,
  type Send,
  type Service,
  type Unreached,
  type Vantage,
} from './call.ts'
import { struck, unreachedBy } from './struck.ts'
import { writeRow } from './written.ts'

export type DataService = {
  plane: 'gateway' | 'model' | 'monitor' | 'other'
  /** Whether the host is one of its names. */
  owns(host: string): boolean
  answer: Service
  /** Told of what a fault answered in its place. */
  injected?(call: DataCall, status: number): void
}

/** The data planes: everything that is called by its own host name and not through ARM. */
export type Data = {
  /** From a vantage to whichever service a call's host names. */
  send: Send
  /** A connection that is only being made; a fault may forbid it. */
  dial(from: Vantage, host: string, port: number): Destination | Unreached
  /** A call that came in over a connection to that destination. */
  receive(call: DataCall, fronts: Destination['fronts']): Promise<DataAnswer | Unreached>
}

type Parts = {
  azure: Azure
  network: Network
  faults: Faults
  journal: Journal
  tokens: Tokens
  store: Store
  /** The first that owns a host answers for it. */
  services: DataService[]
}

export function createData(parts: Parts): Data {
  const { azure, network, faults, services, store } = parts
  const serviceOf = (host: string) => services.find(({ owns }) => owns(host))

  /** Faults, the service, the journal. */
  async function carry(
    call: DataCall,
    arrival: Arrival,
    isOverWire = false,
  ): Promise<DataAnswer | Unreached> {
    azure.agenda.settle(azure.clock.now())
    const service = serviceOf(call.host)
    const plane = service?.plane ?? 'other'
    const startedAt = azure.clock.now()
    const fault = faults.strike(plane, call.method, call.host + call.path)
    const result = await struck(fault, () => (service?.answer ?? nobody)(call, arrival), isOverWire)
    const instead = fault?.do.status
    if (instead !== undefined && !isUnreached(result)) service?.injected?.(call, instead)
    if (call.journalled !== false) await writeRow(parts, { call, plane, startedAt, fault, result })
    return result
  }

  /** The first fault that forbids a connection to one of these names. */
  function struckDial(names: string[]): Injected | undefined {
    for (const name of names) {
      const fault = faults.strikeDial(serviceOf(name)?.plane ?? 'other', name)
      if (fault) return fault
    }
    return undefined
  }

  return {
    send: async (call, from) => {
      const end = network.dial(from, call.host, 443)
      if (isUnreached(end)) return end
      const front = end.fronts.find(({ names }) => names.includes(call.host))
      if (!front) return misnamed(call.host, end)
      const flaw = faults.flaw(call.host)
      return flaw && flaw !== 'expires-soon' ? flawed(call.host, flaw) : carry(call, front.arrival)
    },
    dial: (from, host, port) => {
      const end = network.dial(from, host, port)
      if (isUnreached(end)) return end
      const fault = struckDial(namesAt(host, end))
      if (fault) store.commit()
      if (!fault?.do.unreached) return end
      return fault.do.unreached === 'CERT' ? strangeAt(end) : unreachedBy(fault.do.unreached)
    },
    receive: async (call, fronts) => {
      const front = fronts.find(({ names }) => names.includes(call.host))
      if (!front) return notHere(call)
      const { arrival } = front
      if (arrival.by === 'private-endpoint' && !azure.find(arrival.endpointId))
        return { unreached: 'ECONNRESET', because: `${arrival.endpointId} is gone` }
      return carry(call, arrival, true)
    },
  }
}

/** A name that leads to somebody else's front: its certificate is for other names. */
const misnamed = (host: string, { address, fronts }: Destination): Unreached => ({
  unreached: 'CERT',
  because: `the certificate at ${address} is for ${fronts[0]?.names.join(', ')}, not for ${host}`,
})

/** Whoever dials an address has looked its name up before: then it is any of those that are called there. */
const namesAt = (host: string, { fronts }: Destination): string[] =>
  isAddressV4(host) ? fronts.flatMap(({ names }) => names) : [host]

const flawed = (host: string, flaw: Flaw): Unreached => ({
  unreached: 'CERT',
  because: `the certificate of ${host} is ${flaw}: injected by the lab`,
})

/** The same place with a certificate for somebody else. */
const strangeAt = ({ address, fronts }: Destination): Destination => ({
  address,
  fronts: fronts.map(({ arrival }) => ({ arrival, names: ['injected.invalid'] })),
})

const nobody: Service = async (call) => notHere(call)

const notHere = ({ host, path }: DataCall): DataAnswer => ({
  status: 404,
  headers: { 'content-type': 'application/json' },
  body: jsonOf({ error: { code: 'NotFound', message: `Nothing answers ${path} of ${host} here.` } }),
  tookMs: 0,
})
