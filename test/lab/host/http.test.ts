import { request as rawRequest } from 'node:http'
import { networkInterfaces } from 'node:os'
import { expect, test, vi } from 'vitest'
import { openHost, type Told } from './open-host.ts'

test('routes are tried in order of function name, whatever is more literal', async () => {
  const { json } = await openHost('web')
  expect(await json<Told>('/items/search')).toMatchObject({ route: 'anItem', params: { id: 'search' } })
})

test('a constraint that is not met is no match', async () => {
  const { get, json } = await openHost('web')
  expect(await json<Told>('/numbers/3')).toMatchObject({ route: 'byNumber', params: { n: '3' } })
  expect((await get('/numbers/0')).status).toBe(404)
  expect((await get('/numbers/three')).status).toBe(404)
})

test('a parameter without a value is absent', async () => {
  const { json } = await openHost('web')
  expect((await json<Told>('/maybe/a')).params).toEqual({ first: 'a' })
  expect((await json<Told>('/Maybe/a/b/')).params).toEqual({ first: 'a', second: 'b' })
})

test('a wrong verb is 404, and GET does not imply HEAD', async () => {
  const { get } = await openHost('web')
  expect((await get('/items/1', { method: 'DELETE' })).status).toBe(404)
  expect((await get('/items/1', { method: 'HEAD' })).status).toBe(404)
  expect((await get('/items/1')).status).toBe(200)
})

test('query, headers and body arrive as the real host sends them', async () => {
  const { json, origin } = await openHost('web')
  const told = await json<Told>('/maybe/x?a=1&b=2&a=3', {
    method: 'POST',
    body: 'hello',
    headers: { 'X-Thing': 'one' },
  })
  expect(told).toMatchObject({ method: 'POST', url: `${origin}/maybe/x?a=1&b=2&a=3`, body: 'hello' })
  expect(told.query).toEqual({ a: '1,3', b: '2' })
  expect(told.headers['x-thing']).toBe('one')
})

test('a path that begins with two slashes stays a path', async () => {
  const { origin } = await openHost('web')
  const { hostname, port } = new URL(origin)
  const status = await new Promise((resolve) =>
    rawRequest({ hostname, port, path: '//evil.example/items/1' }, (response) => {
      response.resume()
      resolve(response.statusCode)
    }).end(),
  )
  expect(status).toBe(404)
})

test('no answer is 204; a handler that throws, or answers nonsense, is 500 without a word', async () => {
  const log = vi.fn()
  const { get } = await openHost('web', { log })
  const silence = await get('/silence')
  expect([silence.status, await silence.text()]).toEqual([204, ''])
  for (const path of ['/fails', '/text']) {
    const failure = await get(path)
    expect([failure.status, await failure.text()]).toEqual([500, ''])
  }
  expect(log).toHaveBeenCalledWith('error', expect.stringContaining('a secret'), { functionName: 'fails' })
})

test('status, headers, body and cookies are given as the handler says', async () => {
  const { get } = await openHost('web')
  const response = await get('/cookies')
  expect(response.status).toBe(201)
  expect(await response.text()).toBe('häppy')
  expect(response.headers.get('x-own')).toBe('yes')
  expect(response.headers.getSetCookie()).toEqual([
    'a=b%20c; max-age=10; httponly; samesite=lax',
    'd=e; path=/; expires=Thu, 01 Jan 1970 00:00:01 GMT; secure; samesite=none',
  ])
})

test('custom headers of host.json are on every answer of the app', async () => {
  const { get } = await openHost('web')
  expect((await get('/items/1')).headers.get('x-content-type-options')).toBe('nosniff')
  expect((await get('/nothing')).headers.get('x-content-type-options')).toBe('nosniff')
})

test('the root is the landing page until it is switched off', async () => {
  const { get, json } = await openHost('web')
  expect(await (await get('/')).text()).toContain('up and running')
  vi.stubEnv('AzureWebJobsDisableHomepage', 'true')
  expect(await json<Told>('/')).toMatchObject({ route: 'root' })
  vi.unstubAllEnvs()
})

test('reserved prefixes never reach a function, and a disabled function is not there', async () => {
  const { get } = await openHost('web')
  expect((await get('/admin/nothing')).status).toBe(404)
  expect((await get('/runtime/webhooks/nothing')).status).toBe(404)
  vi.stubEnv('AzureWebJobs.Health.Disabled', 'true')
  expect((await get('/api/health')).status).toBe(404)
  vi.unstubAllEnvs()
})

const outside = Object.values(networkInterfaces())
  .flat()
  .find((address) => address?.family === 'IPv4' && !address.internal)?.address

test.skipIf(!outside)('it listens on loopback only', async () => {
  const { port } = await openHost('web')
  await expect(fetch(`http://${outside}:${port}/items/1`)).rejects.toThrow()
})

test('stopping lets a running request end and takes no other', async () => {
  const { get, stop } = await openHost('web')
  const slow = get('/slow/300')
  await new Promise((resolve) => setTimeout(resolve, 100))
  const stopped = stop()
  await expect(get('/items/1')).rejects.toThrow()
  expect((await slow).status).toBe(200)
  await stopped
})
