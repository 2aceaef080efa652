import dns from 'node:dns'
import ipaddr from 'ipaddr.js'
import { heeding, stoppedBy } from './phases.ts'
import type { Layer } from './probe.ts'
import type { Reason } from './reason.ts'
import { inWords, socketReason } from './socket-reason.ts'

/** It went no further, for this reason, in this layer. */
export interface Halt {
  reason: Reason
  why: string
  layer: Layer
}

/** What the operating system's resolver says of a name, as every program on this machine is told. */
export async function lookUp(host: string, signal: AbortSignal): Promise<string[] | Halt> {
  try {
    const found = await heeding(signal, dns.promises.lookup(host, { all: true }))
    return found.map(({ address }) => address)
  } catch (error) {
    return notResolved(host, error, signal)
  }
}

/** The aliases a name leads through (CNAME after CNAME), asked of the DNS servers themselves. */
export async function aliasesOf(host: string, signal: AbortSignal): Promise<string[] | Halt> {
  const resolver = new dns.promises.Resolver({ timeout: 5000, tries: 1 })
  const aliases: string[] = []
  try {
    for (let name: string | undefined = host; name !== undefined && aliases.length < mostAliases; ) {
      const next: string | undefined = (await heeding(signal, aliasOf(resolver, name)))[0]
      if (next !== undefined) aliases.push(next.toLowerCase())
      name = next
    }
    return aliases
  } catch (error) {
    return notResolved(host, error, signal)
  } finally {
    resolver.cancel()
  }
}

/** As many as resolvers follow. */
const mostAliases = 8

/** No alias is an answer, too. */
const aliasOf = (resolver: dns.promises.Resolver, name: string): Promise<string[]> =>
  resolver.resolveCname(name).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENODATA' || error.code === 'ENOTFOUND') return []
    throw error
  })

function notResolved(host: string, error: unknown, signal: AbortSignal): Halt {
  const stopped = stoppedBy(signal)
  if (stopped) return { reason: stopped, why: `no answer to the name ${host} in time`, layer: 'dns' }
  const reason = socketReason(error)
  return {
    // To a resolver that cannot be reached, connections are refused, too.
    reason: reason === 'NameNotFound' ? reason : 'ResolverFailed',
    why: reason === 'NameNotFound' ? `${host} has no address here` : inWords(error),
    layer: 'dns',
  }
}

/**
 * The first address outside all of these ranges, and what it is; undefined when none is. It is asked before anything is sent: a token must never
 * leave for an address that is not the environment's.
 */
export function outside(host: string, addresses: string[], ranges: string[]): Halt | undefined {
  const stray = addresses.find((address) => !ranges.some((range) => contains(range, address)))
  if (stray === undefined) return undefined
  const isPublic = isPublicAddress(stray)
  return {
    reason: isPublic ? 'PublicAddress' : 'WrongAddress',
    why: `${host} leads to ${stray}, ${isPublic ? 'a public address' : 'a private address'}, and not into ${ranges.join(', ') || 'any range of the environment'}: nothing was sent`,
    layer: 'dns',
  }
}

export function contains(range: string, address: string): boolean {
  const [network, prefix] = ipaddr.parseCIDR(range)
  const parsed = ipaddr.process(address)
  return parsed.kind() === network.kind() && parsed.match(network, prefix)
}

/** Where only this network leads: private, shared and link-local ranges, and this machine. */
const isPublicAddress = (address: string) =>
  !['private', 'loopback', 'linkLocal', 'uniqueLocal', 'carrierGradeNat'].includes(
    ipaddr.process(address).range(),
  )
