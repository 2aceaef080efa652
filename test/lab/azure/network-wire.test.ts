import { execFile } from 'node:child_process'
import { Resolver } from 'node:dns/promises'
import { writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startAzure } from '../../../lab/azure/server.ts'
import { deny, openNetworkAzure } from './network-world.ts'
import { openAzure } from './open.ts'
import { temporaryDirectory } from './process.ts'

type World = Awaited<ReturnType<typeof openNetworkAzure>>

const VAULT = 'contoso-kv.vault.azure.net'

const resolverOf = ({ dns }: World) => {
  const resolver = new Resolver({ timeout: 2000, tries: 1 })
  resolver.setServers([dns])
  return resolver
}

const dial = ({ lab }: World, host: string, more: object = {}) =>
  lab('POST', 'network/dial', { host, port: 443, ...more })

/** One call to a dialled port, by whatever name: its status and body, or the code of the error. */
function call(
  port: number,
  host: string,
  { ca }: World,
  headers: Record<string, string> = {},
): Promise<string> {
  return new Promise((resolve) => {
    const options = {
      host: '127.0.0.1',
      port,
      servername: host,
      ca,
      agent: false,
      path: '/secrets?api-version=7.4',
    }
    const sent = request({ ...options, headers: { host, ...headers } }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('close', () =>
        resolve(response.complete ? `${response.statusCode} ${text}` : `broken ${text}`),
      )
    })
    sent.on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)))
    sent.end()
  })
}

test('the DNS server answers with aliases and addresses, with empty answers and with NXDOMAIN', async () => {
  const world = await openNetworkAzure()
  const resolver = resolverOf(world)
  const [address] = await resolver.resolve4('contoso-eus.openai.azure.com', { ttl: true })
  expect(address).toEqual({ address: expect.stringMatching(/^192\.168\.2\.\d+$/), ttl: 10 })
  expect(await resolver.resolveCname('contoso-eus.openai.azure.com')).toEqual([
    'contoso-eus.privatelink.openai.azure.com',
  ])
  expect(await resolver.resolve4('contoso-apim.azure-api.net')).toEqual([world.gatewayAddress])
  await expect(resolver.resolve6('contoso-apim.azure-api.net')).rejects.toMatchObject({ code: 'ENODATA' })
  expect(await resolver.resolve6('contoso-eus.openai.azure.com'), 'an alias and nothing behind it').toEqual(
    [],
  )
  await expect(resolver.resolve4('privatelink.openai.azure.com')).rejects.toMatchObject({ code: 'ENODATA' })
  await expect(resolver.resolve4('nobody.openai.azure.com')).rejects.toMatchObject({ code: 'ENOTFOUND' })
})

test('the DNS server follows the records of ARM', async () => {
  const world = await openNetworkAzure()
  const zone = world.at('Network/privateDnsZones/contoso-apim.azure-api.net')
  const body = { properties: { ttl: 5, aRecords: [{ ipv4Address: '192.168.1.30' }] } }
  await world.arm('PUT', `${zone}/A/@`, { body })
  expect(await resolverOf(world).resolve4('contoso-apim.azure-api.net')).toEqual(['192.168.1.30'])
})

test('GET /_lab names the entrances', async () => {
  const world = await openNetworkAzure()
  const about = await world.lab('GET', '')
  expect(about).toMatchObject({ dns: world.dns, proxy: world.proxy })
  expect(about.dns).toMatch(/^127\.0\.0\.1:\d+$/)
})

test('after a restart on the same state the entrances are where they were', async () => {
  const state = temporaryDirectory()
  const first = await startAzure({ state })
  await first.close()
  const second = await startAzure({ state })
  onTestFinished(() => second.close())
  expect([second.dns, second.proxy]).toEqual([first.dns, first.proxy])
  const beside = await startAzure()
  onTestFinished(() => beside.close())
  expect([second.dns, second.proxy]).not.toContain(beside.dns)
})

test('a dial gives a port of this machine for what is reached, and the reason for what is not', async () => {
  const world = await openNetworkAzure()
  const { port, address } = await dial(world, VAULT)
  expect(address).toMatch(/^192\.168\.2\./)
  expect(await dial(world, VAULT)).toEqual({ port, address })
  expect(await dial(world, VAULT, { from: 'internet' })).toMatchObject({
    address: expect.stringMatching(/^240\./),
  })
  expect(await dial(world, VAULT, { port: 80 })).toEqual({
    unreached: 'ECONNREFUSED',
    because: `nothing listens on port 80 of ${address}`,
    address,
  })
  expect(await dial(world, 'nobody.vault.azure.net')).toMatchObject({ unreached: 'ENOTFOUND' })
  expect(await dial(world, VAULT, { from: 'snet-nowhere' })).toMatchObject({ unreached: 'ETIMEDOUT' })
})

test('a service whose data is not played refuses as its front does: by way, by token, by role', async () => {
  const world = await openNetworkAzure()
  const inside = await dial(world, VAULT)
  const outside = await dial(world, VAULT, { from: 'internet' })
  const { token } = await world.lab('POST', 'tokens', {
    audience: 'https://vault.azure.net',
    objectId: 'a9940000-1111-4222-8333-444444444444',
  })
  const authorization = `Bearer ${token}`
  expect(await call(outside.port, VAULT, world)).toMatch(/^403 .*Public network access is disabled/)
  expect(await call(inside.port, VAULT, world)).toMatch(/^401 .*AKV10000/)
  expect(await call(inside.port, VAULT, world, { authorization })).toMatch(/^403 .*ForbiddenByRbac/)
  await world.arm('PUT', `${world.at('KeyVault/vaults/contoso-kv')}${SECRETS_USER}`, {
    apiVersion: '2022-04-01',
    body: {
      properties: {
        roleDefinitionId:
          '/providers/Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6',
        principalId: 'a9940000-1111-4222-8333-444444444444',
        principalType: 'ServicePrincipal',
      },
    },
  })
  await world.advance(600)
  expect(await call(inside.port, VAULT, world, { authorization })).toMatch(/^501 The lab has no data plane/)
})

const SECRETS_USER = '/providers/Microsoft.Authorization/roleAssignments/11111111-1111-4111-8111-111111111111'

test('a name that does not live at an address meets a certificate for somebody else', async () => {
  const world = await openNetworkAzure()
  const { port } = await dial(world, VAULT)
  expect(await call(port, 'contosodata.blob.core.windows.net', world)).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
})

test('the name of a private link is no name to call a service by', async () => {
  const world = await openNetworkAzure()
  const alias = 'contoso-kv.privatelink.vaultcore.azure.net'
  for (const from of ['snet-agents-ops', 'internet']) {
    const { port } = await dial(world, alias, { from })
    expect(await call(port, alias, world)).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
  }
})

test('in a world without a home the app stands on the internet', async () => {
  const { lab } = await openAzure({ world: 'empty' })
  const { dns } = await lab('GET', '')
  const resolver = new Resolver({ timeout: 2000, tries: 1 })
  resolver.setServers([dns])
  expect(await resolver.resolve4('login.microsoftonline.com')).toEqual([expect.stringMatching(/^240\./)])
  expect(await lab('POST', 'network/dial', { host: '192.168.2.4', port: 443 })).toMatchObject({
    unreached: 'ETIMEDOUT',
    because: expect.stringContaining('internet has no way there'),
  })
})

test('calls are in the journal with host, caller, and what they asked', async () => {
  const world = await openNetworkAzure()
  const { access_token: token } = await world.tokenFor('https://vault.azure.net')
  const { port } = await dial(world, VAULT)
  await call(port, VAULT, world, { authorization: `Bearer ${token}` })
  expect((await world.journal()).at(-1)).toMatchObject({
    plane: 'other',
    method: 'GET',
    url: `${VAULT}/secrets?api-version=7.4`,
    apiVersion: '7.4',
    status: 403,
    caller: world.identity.principalId,
  })
})

test('ARM answers at its public name, too', async () => {
  const world = await openNetworkAzure()
  const { port } = await dial(world, 'management.azure.com')
  expect(await call(port, 'management.azure.com', world)).toMatch(/^404 /)
  expect(await call(port, 'login.microsoftonline.com', world)).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
})

test('faults strike data planes by host and path, in the ways of a network, too', async () => {
  const world = await openNetworkAzure()
  const { port } = await dial(world, VAULT)
  const struck = async (does: object, match: object = {}) => {
    const { id } = await world.fault({ path: `^${VAULT}/secrets`, ...match }, does)
    const answer = await call(port, VAULT, world)
    await world.lab('DELETE', `faults/${id}`)
    return answer
  }
  expect(await struck({ status: 503, body: 'away' })).toBe('503 away')
  expect(await struck({ status: 429, headers: { 'Retry-After': '7' } })).toMatch(/^429 .*Injected/)
  expect(await struck({ reset: true })).toBe('ECONNRESET')
  expect(await struck({ loseResponse: true })).toBe('ECONNRESET')
  expect(await struck({ status: 200, body: 'abcdefgh', breakAfterBytes: 3 })).toBe('broken abc')
  const askedMs = performance.now()
  expect(await struck({ slowSeconds: 1.5 })).toMatch(/^401/)
  expect(performance.now() - askedMs, 'over the wire a slow answer is waited for').toBeGreaterThan(1500)
  expect((await world.journal()).at(-1)).toMatchObject({ ms: 1500, fault: expect.any(String) })
  expect(await struck({ status: 500 }, { plane: 'model' })).toMatch(/^401/)
  expect(await call(port, VAULT, world)).toMatch(/^401/)
})

test('a fault may forbid the connection itself, or show a strange certificate', async () => {
  const world = await openNetworkAzure()
  const { id } = await world.fault({ path: '^contoso-kv', count: 'all' }, { unreached: 'ETIMEDOUT' })
  expect(await dial(world, VAULT)).toMatchObject({ unreached: 'ETIMEDOUT', because: 'injected by the lab' })
  expect(await dial(world, 'contosodata.blob.core.windows.net')).toMatchObject({ port: expect.any(Number) })
  await world.lab('DELETE', `faults/${id}`)
  await world.fault({ path: '^contoso-kv' }, { unreached: 'CERT' })
  const { port } = await dial(world, VAULT)
  expect(await call(port, VAULT, world)).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
  const healed = await dial(world, VAULT)
  expect(await call(healed.port, VAULT, world)).toMatch(/^401/)
})

test('a certificate may be bad in each of its ways, for a host alone and until it is healed', async () => {
  const world = await openNetworkAzure()
  const { port } = await dial(world, VAULT)
  const shown = async (certificate: string) => {
    const { id } = await world.fault({ path: `^${VAULT}/` }, { certificate })
    const answer = await call(port, VAULT, world)
    await world.lab('DELETE', `faults/${id}`)
    return answer
  }
  expect(await shown('expired')).toBe('CERT_HAS_EXPIRED')
  expect(await shown('wrong-name')).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
  expect(await shown('untrusted')).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  expect(await shown('expires-soon')).toMatch(/^401/)
  expect(await call(port, VAULT, world)).toMatch(/^401/)
})

test('a fault that forbids a connection is felt by whoever dials the address, too', async () => {
  const world = await openNetworkAzure()
  const { address } = await dial(world, VAULT)
  await world.fault({ path: `^${VAULT}/`, count: 'all' }, { unreached: 'ECONNREFUSED' })
  expect(await dial(world, address)).toMatchObject({ unreached: 'ECONNREFUSED' })
})

test('the DNS server may fail, say nothing, or answer as the internet does', async () => {
  const world = await openNetworkAzure()
  const resolver = resolverOf(world)
  const asked = async (trouble: string, name = VAULT) => {
    const { id } = await world.fault({ path: '^contoso-kv' }, { dns: trouble })
    const answer = await resolver.resolve4(name).catch(({ code }) => code)
    await world.lab('DELETE', `faults/${id}`)
    return answer
  }
  expect(await asked('fails')).toBe('ESERVFAIL')
  expect(await asked('silent')).toBe('ETIMEOUT')
  expect(await asked('public')).toEqual([expect.stringMatching(/^240\./)])
  expect(await asked('fails', 'contoso-eus.openai.azure.com')).toEqual([expect.stringMatching(/^192\./)])
})

test('a fault may strike a share of the calls, the same ones for the same seed', async () => {
  const pattern = async () => {
    const world = await openNetworkAzure()
    const { port } = await dial(world, VAULT)
    await world.fault({ path: VAULT, count: 'all', share: 0.5 }, { status: 503 })
    const seen: string[] = []
    for (let turn = 0; turn < 20; turn++) seen.push((await call(port, VAULT, world)).slice(0, 3))
    return seen.join(' ')
  }
  const first = await pattern()
  expect(first).toContain('401')
  expect(first).toContain('503')
  expect(await pattern()).toBe(first)
})

/** curl through the proxy: exit code, and the answers' status and body. */
function curl(world: World, url: string, user?: string): Promise<{ exit: number; text: string }> {
  const ca = join(temporaryDirectory(), 'ca.pem')
  writeFileSync(ca, world.ca)
  const proxy = `http://${user ? `${user}@` : ''}${world.proxy}`
  const args = ['--silent', '--show-error', '--max-time', '20', '--proxy', proxy, '--cacert', ca]
  return new Promise((resolve) => {
    execFile('curl', [...args, '--write-out', ' %{http_code}', url], { env: {} }, (error, out, err) =>
      resolve({ exit: Number(error?.code ?? 0), text: out + err }),
    )
  })
}

test('curl gets in by the proxy, from where its user name says', async () => {
  const world = await openNetworkAzure()
  const url = `https://${VAULT}/secrets`
  expect(await curl(world, url)).toMatchObject({ exit: 0, text: expect.stringMatching(/AKV10000.* 401$/) })
  expect(await curl(world, url, 'internet')).toMatchObject({
    text: expect.stringMatching(/Public network.* 403$/),
  })
  expect(await curl(world, url, 'snet-apim')).toMatchObject({
    text: expect.stringMatching(/AKV10000.* 401$/),
  })
  expect(await curl(world, url, 'snet-nowhere')).toMatchObject({
    exit: 56,
    text: expect.stringContaining('407'),
  })
  expect(await curl(world, 'https://nobody.vault.azure.net/')).toMatchObject({
    exit: 56,
    text: expect.stringContaining('response 502'),
  })
  await world.arm('PUT', world.at('Network/networkSecurityGroups/nsg-agents/securityRules/Cut'), {
    body: { properties: deny('Outbound', '192.168.2.0/26') },
  })
  expect(await curl(world, url)).toMatchObject({ exit: 56, text: expect.stringContaining('response 504') })
})
