import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openHost, type Told } from './open-host.ts'

const tenantId = '11111111-2222-4333-8444-555555555555'
const issuer = `https://login.microsoftonline.com/${tenantId}/v2.0`
const forged = {
  'x-ms-client-principal': 'forged',
  'X-MS-CLIENT-PRINCIPAL-ID': 'me',
  'x-ms-client-principal-x': 'y',
}

interface Principal {
  auth_typ: string
  name_typ: string
  role_typ: string
  claims: { typ: string; val: string }[]
}

const principalOf = (headers: Record<string, string>): Principal =>
  JSON.parse(Buffer.from(headers['x-ms-client-principal'] ?? '', 'base64').toString())

const valuesOf = (principal: Principal, typ: string) =>
  principal.claims.filter((claim) => claim.typ === typ).map(({ val }) => val)

test('without --auth every caller is the local operator, whatever it says it is', async () => {
  const { json } = await openHost('web')
  const { headers } = await json<Told>('/items/1', { headers: forged })
  const principal = principalOf(headers)
  expect(principal).toMatchObject({ auth_typ: 'aad', role_typ: 'roles' })
  expect(valuesOf(principal, principal.name_typ)).toEqual(['local operator'])
  expect(valuesOf(principal, 'roles')).toEqual(['Ops.Read', 'Ops.Operate', 'Ops.Approve'])
  expect(headers['x-ms-client-principal-name']).toBe('local operator')
  expect(headers['x-ms-client-principal-id']).toMatch(/^[0-9a-f-]{36}$/)
  expect(headers['x-ms-client-principal-idp']).toBe('aad')
  expect(headers['x-ms-client-principal-x']).toBeUndefined()
})

/** A tenant of its own: publishes its key, and signs what it is told to. */
async function tenant() {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256' }
  const server = createServer((_, response) => response.end(JSON.stringify({ keys: [jwk] })))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const sign = (claims: object, seconds = 600) =>
    new SignJWT({ iss: issuer, aud: 'api://foundry-gateway-ops', oid: 'object-1', name: 'Ada', ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setExpirationTime(Math.floor(Date.now() / 1000) + seconds)
      .sign(privateKey)
  return { jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, tenantId, sign }
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}`, ...forged } })

test('with --auth the claims of a valid token are the principal', async () => {
  const tokens = await tenant()
  const { json } = await openHost('web', { tokens })
  const { headers } = await json<Told>('/items/1', bearer(await tokens.sign({ roles: ['Ops.Read'] })))
  expect(valuesOf(principalOf(headers), 'roles')).toEqual(['Ops.Read'])
  expect(headers['x-ms-client-principal-id']).toBe('object-1')
  expect(headers['x-ms-client-principal-name']).toBe('Ada')
})

test('with --auth no token, an expired one, or one for somebody else is 401', async () => {
  const tokens = await tenant()
  const { get } = await openHost('web', { tokens })
  const refused = [
    {},
    { headers: forged },
    bearer('nonsense'),
    bearer(await tokens.sign({}, -10)),
    bearer(await tokens.sign({ aud: 'https://management.azure.com' })),
    bearer(await tokens.sign({ iss: 'https://login.microsoftonline.com/other/v2.0' })),
  ]
  for (const init of refused) expect((await get('/items/1', init)).status).toBe(401)
  expect((await get('/items/1', bearer(await tokens.sign({})))).status).toBe(200)
})

test('with --auth excluded paths pass without a principal', async () => {
  const tokens = await tenant()
  const { json, get } = await openHost('web', { tokens })
  const { headers } = await json<Told>('/api/health', { headers: forged })
  expect(Object.keys(headers).filter((name) => name.startsWith('x-ms-client-principal'))).toEqual([])
  vi.stubEnv('LAB_AUTH_EXCLUDED_PATHS', '/items/*')
  expect((await get('/items/9')).status).toBe(200)
  expect((await get('/api/health')).status).toBe(401)
  vi.unstubAllEnvs()
})

test('with --auth webhooks and admin endpoints want a key, the loopback client does not', async () => {
  const tokens = await tenant()
  const { get } = await openHost('web', { tokens })
  const statusOf = async (path: string) => (await get(path)).status
  expect(await statusOf('/admin/host/status')).toBe(401)
  expect(await statusOf('/admin/host/status?code=lab-master-key')).toBe(200)
  expect((await get('/admin/functions', { headers: { 'x-functions-key': 'wrong' } })).status).toBe(401)
  expect(await statusOf('/runtime/webhooks/durabletask/instances/')).toBe(401)
  expect(await statusOf('/runtime/webhooks/durabletask/instances/?code=lab-durable-key')).toBe(200)
  expect(await statusOf('/durabletask/instances/')).toBe(200)
})
