import dns, { type LookupAddress, type LookupOptions } from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import { isIP } from 'node:net'
import { notFound } from './errors.ts'
import { isThisMachine } from './loopback.ts'

/**
 * Names, for this process, come from the simulated network's DNS: dns.resolve… in all its forms, and dns.lookup, which elsewhere asks the
 * operating system. The DNS server speaks for the app's subnet alone; where this process stands elsewhere, `seenFrom` says which address a name
 * has there. Returns the way back.
 */
export function askNamesOf(server: string, seenFrom?: AddressOf): () => void {
  const before = {
    servers: dns.getServers(),
    lookup: dns.lookup,
    promised: dns.promises.lookup,
    Resolver: dns.Resolver,
    PromisedResolver: dns.promises.Resolver,
  }
  class Resolver extends before.Resolver {
    constructor(...options: ConstructorParameters<typeof before.Resolver>) {
      super(...options)
      this.setServers([server])
    }
  }
  class PromisedResolver extends before.PromisedResolver {
    constructor(...options: ConstructorParameters<typeof before.PromisedResolver>) {
      super(...options)
      this.setServers([server])
    }
  }
  const resolver = new PromisedResolver()
  const resolved: Resolve = seenFrom
    ? async (name) => [await seenFrom(name)].filter((address) => address !== undefined)
    : (name) => resolver.resolve4(name)
  const lookup = (name: string, options: LookupOptions) =>
    isThisMachine(name) || isIP(name)
      ? before.promised(name, { ...options, all: true })
      : addressesOf(name, options, resolved)

  dns.setServers([server])
  dns.promises.setServers([server])
  dns.lookup = calledBack(lookup) as typeof dns.lookup
  dns.promises.lookup = promised(lookup) as typeof dns.promises.lookup
  dns.Resolver = Resolver
  dns.promises.Resolver = PromisedResolver
  syncBuiltinESMExports()
  return () => {
    dns.setServers(before.servers)
    dns.promises.setServers(before.servers)
    dns.lookup = before.lookup
    dns.promises.lookup = before.promised
    dns.Resolver = before.Resolver
    dns.promises.Resolver = before.PromisedResolver
    syncBuiltinESMExports()
  }
}

type AddressOf = (name: string) => Promise<string | undefined>
type Resolve = (name: string) => Promise<string[]>
type Lookup = (name: string, options: LookupOptions) => Promise<LookupAddress[]>

/** The simulated network has no IPv6: who insists on it finds nothing. */
async function addressesOf(
  name: string,
  { family }: LookupOptions,
  resolved: Resolve,
): Promise<LookupAddress[]> {
  if (family === 6 || family === 'IPv6') throw notFound(name)
  try {
    const found = (await resolved(name)).map((address) => ({ address, family: 4 }))
    if (found.length > 0) return found
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOTFOUND' && code !== 'ENODATA') throw error
  }
  throw notFound(name)
}

const read = (given: LookupOptions | number | undefined): LookupOptions =>
  typeof given === 'number' ? { family: given } : (given ?? {})

const promised = (lookup: Lookup) => async (name: string, given?: LookupOptions | number) => {
  const found = await lookup(name, read(given))
  return read(given).all ? found : found[0]
}

type Callback = (error: Error | null, address?: string | LookupAddress[], family?: number) => void

const calledBack =
  (lookup: Lookup) => (name: string, given: LookupOptions | number | Callback, callback?: Callback) => {
    const done = typeof given === 'function' ? given : callback
    if (!done) throw new TypeError('The "callback" argument must be of type function.')
    const options = typeof given === 'function' ? {} : read(given)
    lookup(name, options).then(
      (found) => (options.all ? done(null, found) : done(null, found[0]?.address, found[0]?.family)),
      (error: Error) => done(error),
    )
  }
