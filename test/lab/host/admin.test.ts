import { expect, test, vi } from 'vitest'
import { openHost } from './open-host.ts'

test('the host tells its state, that it is there, and what it runs', async () => {
  const { get, json } = await openHost('web')
  expect(await json('/admin/host/status')).toMatchObject({ id: 'web', state: 'Running' })
  expect((await get('/admin/host/ping')).status).toBe(200)
  const functions =
    await json<{ name: string; config: { bindings: { type: string }[] } }[]>('/admin/functions')
  expect(functions.map(({ name }) => name)).toContain('Health')
  expect(functions[0]?.config.bindings.map(({ type }) => type)).toEqual(['httpTrigger', 'http'])
  expect(await json('/admin/functions/health')).toMatchObject({ name: 'Health' })
  expect(await json('/admin/functions/health/status')).toEqual({})
  expect((await get('/admin/functions/nothing')).status).toBe(404)
})

test('a timer is fired by hand at once, beside its schedule', async () => {
  vi.stubEnv('HOURLY', '0 0 0 1 1 *')
  const { fire, json } = await openHost('timers')
  expect((await fire('hourly')).status).toBe(202)
  expect((await fire('HOURLY', 'ignored')).status).toBe(202)
  const fired = async () => (await json<{ name: string }[]>('/runs')).filter(({ name }) => name === 'hourly')
  await vi.waitFor(async () => expect(await fired()).toHaveLength(2))
  vi.unstubAllEnvs()
})

test('firing an HTTP function, an unknown one, or without an object is refused', async () => {
  const { fire, get } = await openHost('web')
  expect((await fire('Health')).status).toBe(400)
  expect((await fire('nothing')).status).toBe(404)
  const post = (body: string) => get('/admin/functions/Health', { method: 'POST', body })
  expect((await post('"text"')).status).toBe(400)
  expect((await post('{')).status).toBe(400)
})

test('a setting that is not there is named when the host starts', async () => {
  await expect(openHost('timers')).rejects.toThrow('there is no app setting HOURLY')
})
