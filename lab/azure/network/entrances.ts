import type { RequestListener } from 'node:http'
import { z } from 'zod'
import type { KeyPair } from '../certificates.ts'
import { isUnreached, type Unreached } from '../data/call.ts'
import type { Data } from '../data/plane.ts'
import type { Faults } from '../faults.ts'
import type { Table } from '../store.ts'
import type { Timekeeper } from '../timekeeper.ts'
import { startDns } from './dns-server.ts'
import { createFronts } from './fronts.ts'
import type { Network } from './network.ts'
import { startProxy } from './proxy.ts'

export const DialRequest = z.strictObject({
  /** A subnet by name or id, or `internet`; default: where the app stands. */
  from: z.string().min(1).optional(),
  host: z.string().min(1),
  port: z.int().min(1).max(65_535),
})

/** A port of this machine that stands for the destination, and the address it has in the simulated network. */
type Dialled = { port: number; address: string } | (Unreached & { address?: string })

/** How processes of this machine get into the simulated network, all of it on the loopback interface. */
export type Entrances = {
  dial(request: z.infer<typeof DialRequest>): Promise<Dialled>
  /** `127.0.0.1:PORT` each. */
  dns: string
  proxy: string
  close(): Promise<void>
}

type Parts = {
  network: Network
  data: Data
  timekeeper: Timekeeper
  faults: Faults
  authority: KeyPair
  arm: RequestListener
  /** Where the ports are remembered: whoever was told them finds them again after a restart. */
  kept: Table<unknown>
}

export async function openEntrances({
  network,
  data,
  timekeeper,
  faults,
  authority,
  arm,
  kept,
}: Parts): Promise<Entrances> {
  const fronts = createFronts({ authority, receive: data.receive, timekeeper, flaw: faults.flaw, arm })
  const dns = await onKeptPort('dnsPort', kept, (port) => startDns(network, faults.dnsTrouble, port))
  const proxy = await onKeptPort('proxyPort', kept, (port) => startProxy(network, data.dial, fronts, port))
  return {
    dial: async ({ from, host, port }) => {
      const vantage = network.vantage(from)
      if (!vantage) return { unreached: 'ETIMEDOUT', because: `there is no subnet ${from}` }
      const end = data.dial(vantage, host.toLowerCase(), port)
      if (!isUnreached(end)) return { port: await fronts.open(end), address: end.address }
      const address = network.addressOf(vantage, host.toLowerCase())
      return { ...end, ...(address && end.unreached !== 'ENOTFOUND' ? { address } : {}) }
    },
    dns: `127.0.0.1:${dns.port}`,
    proxy: `127.0.0.1:${proxy.port}`,
    close: async () => {
      fronts.close()
      proxy.close()
      await dns.close()
    },
  }
}

async function onKeptPort<T extends { port: number }>(
  name: string,
  kept: Table<unknown>,
  start: (port: number) => Promise<T>,
): Promise<T> {
  const before = Number(kept.get(name) ?? 0)
  const started = await start(before).catch((error: NodeJS.ErrnoException) => {
    if (before === 0 || error.code !== 'EADDRINUSE') throw error
    return start(0)
  })
  kept.put(name, started.port)
  return started
}
