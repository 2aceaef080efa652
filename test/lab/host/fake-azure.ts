// For tests: as much of the simulated Azure as the host half needs to start, and tokens that Azurite takes. Not lab/azure: these tests
// hold the host to lab/README.md alone; only its certificates come from there.
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { SignJWT } from 'jose'
import { onTestFinished } from 'vitest'
import { createAuthority, issueLeaf } from '../../../lab/azure/certificates.ts'
import type { Statement } from '../../../lab/host/clock/question.ts'

const tokenLifeSeconds = 3_600

export async function fakeAzure() {
  const ca = await createAuthority('test lab')
  const names = ['localhost', '127.0.0.1']
  const state = { offsetMs: 0, tokens: 0, statements: [] as Statement[], events: [] as string[] }
  const nowSeconds = () => Math.floor((Date.now() + state.offsetMs) / 1000)

  async function token(resource: string) {
    state.tokens++
    const expires = nowSeconds() + tokenLifeSeconds
    const jwt = await new SignJWT({ aud: resource, iss: 'https://sts.windows.net/tenant/' })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuedAt(0)
      // Azurite's clock is the wall clock, which may be far behind the virtual one.
      .setNotBefore(0)
      .setExpirationTime(expires)
      .sign(Buffer.alloc(32))
    return { access_token: jwt, expires_on: String(expires), resource, token_type: 'Bearer' }
  }

  const routes: Record<string, (url: URL, body: string) => unknown> = {
    '/_lab': () => ({
      arm: origin,
      identity: { endpoint: `${origin}/msi/token`, header: 'secret', clientId: 'client-1', principalId: 'p' },
      tenantId: 'tenant',
      subscriptionId: 'subscription',
      ca: { pem: ca.certificate },
      home: {
        resourceGroup: 'rg-home',
        actionGroup: 'ag-home',
        workspace: 'log-home',
        eventHub: { namespace: 'evhns-home', hub: 'hub-home' },
        alertsHub: 'alerts-home',
        probe: { principalId: 'probe-principal', clientId: 'probe-client' },
        nobody: { principalId: 'nobody-principal', clientId: 'nobody-client' },
      },
      clock: { offsetMs: state.offsetMs },
      seed: 1,
      dns: '127.0.0.1:9',
    }),
    '/_lab/certificates': () => issueLeaf(ca, names),
    '/_lab/clock/idle': (_, body) => {
      state.statements.push(JSON.parse(body))
      return {
        offsetMs: state.offsetMs,
        askAgainMs: 20,
        events: { 'evhns-home/alerts': state.events.length },
      }
    },
    '/_lab/eventhubs/evhns-home/alerts': (url) => {
      const since = Number(url.searchParams.get('since'))
      return state.events.slice(since).map((body, index) => ({
        hub: 'alerts',
        number: since + index + 1,
        at: new Date().toISOString(),
        body,
      }))
    },
    '/msi/token': (url) => token(url.searchParams.get('resource') ?? ''),
  }

  const { certificate, privateKey } = await issueLeaf(ca, names)
  const server = createServer({ cert: certificate, key: privateKey }, async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const url = new URL(request.url ?? '/', origin)
    const answer = await routes[url.pathname]?.(url, body)
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer ?? {}))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`
  return { origin, state }
}
