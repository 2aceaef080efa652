import dns from 'node:dns'
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { createServer } from 'node:http'
import https, { Agent } from 'node:https'
import net, { type AddressInfo, connect } from 'node:net'
import tls from 'node:tls'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { joinNetwork } from '../../../lab/host/network/join.ts'
import { deny, openNetworkAzure } from '../azure/network-world.ts'

// The process side of the simulated network, against a real simulated Azure: this very process stands in a subnet of it.

const VAULT = 'contoso-kv.vault.azure.net'
const ACCOUNT = 'contoso-eus.openai.azure.com'
const GATEWAY = 'contoso-apim.azure-api.net'

async function join(options: { subnet?: string } = {}) {
  const world = await openNetworkAzure()
  const leave = joinNetwork({ azure: world.url, dns: world.dns, ...options })
  onTestFinished(leave)
  return world
}

/** The status of a GET, or the code of what went wrong. */
const fetched = (url: string, init: RequestInit = {}) =>
  fetch(url, init).then(
    async (response) => {
      await response.text()
      return String(response.status)
    },
    (error: Error & { cause?: NodeJS.ErrnoException }) => error.cause?.code ?? error.name,
  )

function failure(host: string, port: number): Promise<NodeJS.ErrnoException> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port })
    socket.once('error', resolve)
    socket.once('connect', () => reject(new Error('connected')))
  })
}

test('fetch reaches private services by their names', async () => {
  await join()
  expect(await fetched(`https://${VAULT}/secrets`)).toBe('401')
  expect(await fetched(`https://${GATEWAY}/status-0123456789abcdef`)).toBe('200')
  expect(await fetched(`https://${ACCOUNT}/openai/models?api-version=2024-10-21`)).toBe('401')
})

test('editing a security group cuts a path that worked, and back', async () => {
  const { arm, at, advance } = await join()
  const rule = at('Network/networkSecurityGroups/nsg-agents/securityRules/Cut')
  const url = `https://${VAULT}/secrets`
  const seen = [await fetched(url)]
  await arm('PUT', rule, { body: { properties: deny('Outbound', '192.168.2.0/26') } })
  seen.push(await fetched(url))
  await advance(60)
  await arm('DELETE', rule)
  await advance(60)
  seen.push(await fetched(url))
  expect(seen).toEqual(['401', 'ETIMEDOUT', '401'])
})

test('a process in another subnet, or on the internet, has other ways', async () => {
  const { arm, at } = await join({ subnet: 'internet' })
  expect(await fetched(`https://${VAULT}/secrets`)).toBe('403')
  expect(await fetched(`https://${GATEWAY}/`)).toBe('ENOTFOUND')
  await expect(lookup(GATEWAY)).rejects.toMatchObject({ code: 'ENOTFOUND' })
  expect((await lookup(VAULT)).address).toMatch(/^240\./)
  await arm('DELETE', at('Network/privateEndpoints/pe-kv'))
})

test('errors have the shape that Node gives them, and come at once', async () => {
  const { arm, at } = await join()
  const { address } = await lookup(VAULT)
  const startedAt = performance.now()
  expect(await failure(VAULT, 8080)).toMatchObject({
    message: `connect ECONNREFUSED ${address}:8080`,
    code: 'ECONNREFUSED',
    errno: -111,
    syscall: 'connect',
    address,
    port: 8080,
  })
  expect(await failure('nobody.vault.azure.net', 443)).toMatchObject({
    message: 'getaddrinfo ENOTFOUND nobody.vault.azure.net',
    code: 'ENOTFOUND',
    errno: -3008,
    syscall: 'getaddrinfo',
    hostname: 'nobody.vault.azure.net',
  })
  await arm('PUT', at('Network/networkSecurityGroups/nsg-agents/securityRules/Cut'), {
    body: { properties: deny('Outbound', '192.168.2.0/26') },
  })
  expect(await failure(address, 443)).toMatchObject({
    message: `connect ETIMEDOUT ${address}:443`,
    code: 'ETIMEDOUT',
    errno: -110,
    syscall: 'connect',
    address,
    port: 443,
  })
  expect(await failure('192.168.9.9', 443)).toMatchObject({ code: 'ETIMEDOUT', address: '192.168.9.9' })
  expect(performance.now() - startedAt).toBeLessThan(5_000)
})

test('names are asked of the simulated network, in every form Node has', async () => {
  await join()
  const found = { address: expect.stringMatching(/^192\.168\.2\.\d+$/), family: 4 }
  expect(await lookup(ACCOUNT)).toEqual(found)
  expect(await lookup(ACCOUNT, { all: true })).toEqual([found])
  expect(await promisify(dns.lookup)(ACCOUNT, { all: true })).toEqual([found])
  expect(await promisify(dns.resolveCname)(ACCOUNT)).toEqual(['contoso-eus.privatelink.openai.azure.com'])
  expect(await new dns.promises.Resolver().resolve4(ACCOUNT)).toEqual([found.address])
  await expect(lookup(ACCOUNT, { family: 6 })).rejects.toMatchObject({
    code: 'ENOTFOUND',
    syscall: 'getaddrinfo',
  })
  await expect(lookup('example.com')).rejects.toMatchObject({ code: 'ENOTFOUND', hostname: 'example.com' })
  expect((await lookup('localhost')).address).toMatch(/^(127\.0\.0\.1|::1)$/)
  expect(await lookup('10.9.8.7')).toEqual({ address: '10.9.8.7', family: 4 })
})

test('this machine stays as it was', async () => {
  await join()
  const server = createServer((_, response) => response.end('here'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
  })
  const { port } = server.address() as AddressInfo
  for (const host of ['127.0.0.1', 'localhost'])
    expect(await (await fetch(`http://${host}:${port}/`)).text()).toBe('here')
  const socket = connect(port)
  await once(socket, 'connect')
  expect(socket.remoteAddress).toMatch(/127\.0\.0\.1$/)
  socket.destroy()
  expect(await failure('127.0.0.1', 1)).toMatchObject({ code: 'ECONNREFUSED', address: '127.0.0.1' })
})

test('a TLS connection tells its name, its certificate and its far end', async () => {
  await join()
  const seen: unknown[] = []
  const socket = tls.connect({ host: VAULT, port: 443, servername: VAULT })
  socket.on('lookup', (error, address, family, host) => seen.push([error, address, family, host]))
  await once(socket, 'secureConnect')
  const { address } = await lookup(VAULT)
  expect(seen).toEqual([[null, address, 4, VAULT]])
  expect(socket.authorized).toBe(true)
  expect(socket.getPeerCertificate().subject.CN).toBe(VAULT)
  expect([socket.remoteAddress, socket.remotePort]).toEqual([address, 443])
  socket.destroy()
})

test('a name whose record leads to somebody else meets the wrong certificate', async () => {
  const { arm, at } = await join()
  const { address } = await lookup(VAULT)
  const record = at('Network/privateDnsZones/privatelink.openai.azure.com/A/contoso-eus')
  await arm('PUT', record, { body: { properties: { ttl: 1, aRecords: [{ ipv4Address: address }] } } })
  expect(await fetched(`https://${ACCOUNT}/openai/models`)).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
  expect(await fetched(`https://${address}/`)).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
})

test('each call has a connection of its own, whatever its agent would keep: an edit is felt by the next one', async () => {
  const { arm, at } = await join()
  const agent = new Agent({ keepAlive: true })
  onTestFinished(() => agent.destroy())
  const get = () =>
    new Promise<string>((resolve) => {
      const sent = https.get({ host: VAULT, path: '/secrets', agent }, (response) => {
        response.resume().on('end', () => resolve(`${response.statusCode} ${sent.reusedSocket}`))
      })
      sent.on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)))
    })
  expect([await get(), await get()]).toEqual(['401 false', '401 false'])
  await arm('PUT', at('Network/networkSecurityGroups/nsg-agents/securityRules/Cut'), {
    body: { properties: deny('Outbound', '192.168.2.0/26') },
  })
  expect(await get()).toBe('ETIMEDOUT')
})

test('a signal ends a connection that is being made, and a socket destroyed meanwhile stays so', async () => {
  await join()
  expect(await fetched(`https://${VAULT}/`, { signal: AbortSignal.abort() })).toBe('AbortError')
  const socket = new net.Socket()
  socket.connect(443, VAULT)
  socket.destroy()
  await once(socket, 'close')
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect([socket.destroyed, socket.connecting]).toEqual([true, false])
})

test('a lookup of the caller’s own is asked first', async () => {
  await join()
  const { address } = await lookup(VAULT)
  const asked: string[] = []
  const answer = await new Promise<number | undefined>((resolve, reject) => {
    https
      .get(
        {
          host: 'vault.example',
          servername: VAULT,
          headers: { host: VAULT },
          path: '/secrets',
          agent: false,
          lookup: (name, _options, done) => {
            asked.push(name)
            done(null, [{ address, family: 4 }])
          },
        },
        (response) => {
          response.resume()
          resolve(response.statusCode)
        },
      )
      .on('error', reject)
  })
  expect([asked, answer]).toEqual([['vault.example'], 401])
})

test('whoever leaves is out', async () => {
  const world = await openNetworkAzure()
  const before = [net.Socket.prototype.connect, dns.lookup, dns.Resolver, ...dns.getServers()]
  const leave = joinNetwork({ azure: world.url, dns: world.dns })
  leave()
  expect([net.Socket.prototype.connect, dns.lookup, dns.Resolver, ...dns.getServers()]).toEqual(before)
})
