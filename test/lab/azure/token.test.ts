import { ManagedIdentityCredential } from '@azure/identity'
import { decodeJwt } from 'jose'
import { expect, test } from 'vitest'
import { ARM_SCOPE, openAzure } from './open.ts'

test('ManagedIdentityCredential gets a token as in App Service', async () => {
  const lab = await openAzure()
  process.env['IDENTITY_ENDPOINT'] = lab.identity.endpoint
  process.env['IDENTITY_HEADER'] = lab.identity.header
  const { token, expiresOnTimestamp } = await new ManagedIdentityCredential().getToken(ARM_SCOPE)
  const claims = decodeJwt(token)
  expect(claims).toMatchObject({
    aud: 'https://management.azure.com',
    iss: `https://sts.windows.net/${lab.tenantId}/`,
    tid: lab.tenantId,
    oid: lab.identity.principalId,
    appid: lab.identity.clientId,
  })
  // The client may count from its own clock: the two read it a moment apart.
  expect(Math.abs(expiresOnTimestamp - Number(claims.exp) * 1000)).toBeLessThanOrEqual(2000)
  expect(Number(claims.nbf)).toBeLessThan(Date.now() / 1000)
  const byClientId = new ManagedIdentityCredential({ clientId: lab.identity.clientId })
  expect((await byClientId.getToken(ARM_SCOPE)).token).toBeTruthy()
})

test('expiry is virtual, issue time is a little in the past of the machine', async () => {
  const lab = await openAzure()
  await lab.advance(10 * 24 * 3600)
  const { access_token, expires_on } = await lab.tokenFor('https://storage.azure.com/')
  const { exp, nbf, iat, aud } = decodeJwt(access_token)
  const wall = Date.now() / 1000
  expect(aud).toBe('https://storage.azure.com/')
  expect(String(exp)).toBe(expires_on)
  expect(Number(exp) - wall).toBeGreaterThan(10.9 * 24 * 3600)
  expect([Number(nbf) < wall, Number(iat) < wall]).toEqual([true, true])
})

test.each([
  ['the header is wrong', 401, { header: 'guess' }],
  ['the api-version is another', 400, { 'api-version': '2017-09-01' }],
  ['no resource is named', 400, { resource: '' }],
  [
    'the resource is the lab itself, as when a client derives its scope from its endpoint',
    400,
    { resource: 'https://localhost:8443' },
  ],
  ['the client id is a stranger', 400, { client_id: 'a9990000-1111-4222-8333-444444444444' }],
])('no token when %s', async (_why, status, { header, ...changed }: Record<string, string>) => {
  const lab = await openAzure()
  const query = new URLSearchParams({
    resource: 'https://management.azure.com',
    'api-version': '2019-08-01',
    ...changed,
  })
  const answer = await fetch(`${lab.identity.endpoint}?${query}`, {
    headers: { 'X-IDENTITY-HEADER': header ?? lab.identity.header },
  })
  expect(answer.status).toBe(status)
})

test('a fault shortens the life of a token', async () => {
  const lab = await openAzure()
  await lab.fault({ plane: 'token' }, { expiresInSeconds: 60 })
  expect((await lab.arm('GET', lab.group)).status).toBe(200)
  await lab.advance(61)
  expect((await lab.arm('GET', lab.group)).body.error.code).toBe('ExpiredAuthenticationToken')
})
