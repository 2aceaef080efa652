import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { fakeAzure } from './fake-azure.ts'
import { temporaryDirectory } from './open-host.ts'
import { spawnHost } from './spawn-host.ts'

/** Processes whose command line has that text: the Azurite of a state directory. */
const running = (text: string) =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text)
    } catch {
      return false
    }
  })

const write = (host: { get(path: string, init: RequestInit): Promise<Response> }, name: string) =>
  host.get(`/notes/${name}`, { method: 'POST' }).then(({ status }) => status)

test('the app finds its settings, its identity and its storage; values already set win', async () => {
  const { origin } = await fakeAzure()
  const host = await spawnHost('storage', { azure: origin, env: { TASKHUB_NAME: 'Mine' } })
  expect(host).toMatchObject({ ready: true, pid: host.child.pid })
  const settings = await host.json<Record<string, string>>('/settings')
  expect(settings).toMatchObject({
    AZURE_SUBSCRIPTION_ID: 'subscription',
    AZURE_TENANT_ID: 'tenant',
    AZURE_CLIENT_ID: 'client-1',
    IDENTITY_ENDPOINT: `${origin}/msi/token`,
    IDENTITY_HEADER: 'secret',
    AZURE_RESOURCE_MANAGER_ENDPOINT: origin,
    AZURE_RESOURCE_MANAGER_AUDIENCE: 'https://management.azure.com',
    OPS_RESOURCE_GROUPS: 'rg-home',
    WEBSITE_AUTH_ENABLED: 'True',
    WEBSITE_HOSTNAME: host.app.replace('http://', ''),
    WEBSITE_SITE_NAME: 'ops-lab',
    TASKHUB_NAME: 'Mine',
    FUNCTIONS_WORKER_RUNTIME: 'node',
    OPS_ALERTS_HUB: 'alerts-home',
    AlertsHub__fullyQualifiedNamespace: 'evhns-home.servicebus.windows.net',
    AzureWebJobsStorage__credential: 'managedidentity',
    AzureWebJobsStorage__clientId: 'client-1',
    NO_PROXY: '127.0.0.1,localhost',
  })
  for (const service of ['table', 'blob', 'queue'])
    expect(settings[`AzureWebJobsStorage__${service}ServiceUri`]).toMatch(
      /^https:\/\/127\.0\.0\.1:\d+\/devstoreaccount1$/,
    )
  expect(await write(host, 'a')).toBe(204)
  expect(await host.json('/notes')).toEqual(['a'])
  expect(host.stderr()).toContain('the app prints')
})

test('SIGTERM lets a running request end, exits 0 and leaves nothing behind', async () => {
  const { origin } = await fakeAzure()
  const host = await spawnHost('storage', { azure: origin })
  const slow = host.get('/slow')
  await delay(100)
  host.child.kill('SIGTERM')
  expect((await slow).status).toBe(204)
  expect(await host.exited).toEqual([0, null])
  expect(existsSync(host.state)).toBe(false)
  expect(running(host.state)).toEqual([])
})

test('with --auth a caller without a token is turned away, and Ctrl-C ends it', async () => {
  const { origin } = await fakeAzure()
  const host = await spawnHost('storage', { azure: origin, args: ['--auth'] })
  expect((await host.get('/settings')).status).toBe(401)
  expect((await host.get('/admin/host/status')).status).toBe(401)
  host.child.kill('SIGINT')
  expect(await host.exited).toEqual([0, null])
})

test('it goes with the parent that started it', async () => {
  const { origin } = await fakeAzure()
  const host = await spawnHost('storage', { azure: origin, ipc: true })
  host.child.disconnect()
  expect(await host.exited).toEqual([0, null])
  expect(running(host.state)).toEqual([])
})

test('what was written survives a SIGKILL of the host, and Azurite does not stay behind', async () => {
  const { origin } = await fakeAzure()
  const state = temporaryDirectory()
  const names: string[] = []
  for (const round of [1, 2, 3]) {
    const host = await spawnHost('storage', { azure: origin, args: ['--state', state] })
    if (round > 1) expect(await host.json('/notes')).toEqual(names)
    for (const each of [1, 2, 3]) {
      names.push(`${round}-${each}`)
      expect(await write(host, `${round}-${each}`)).toBe(204)
    }
    host.child.kill('SIGKILL')
    await host.exited
  }
  await vi.waitFor(() => expect(running(state)).toEqual([]), 5_000)
})

test('a host that has lost its storage ends with 1 and says so', async () => {
  const { origin } = await fakeAzure()
  const state = temporaryDirectory()
  const host = await spawnHost('storage', { azure: origin, args: ['--state', state] })
  const [azurite] = running(`${state}/azurite`)
  process.kill(Number(azurite), 'SIGKILL')
  expect(await host.exited).toEqual([1, null])
  expect(host.stderr()).toContain('Azurite ended (SIGKILL)')
})

test('a jump of the clock renews the token of the real credential, and Azurite goes on taking it', async () => {
  const { origin, state } = await fakeAzure()
  const host = await spawnHost('storage', { azure: origin })
  expect(await write(host, 'before')).toBe(204)
  expect(state.tokens).toBe(1)
  const { now } = await host.json<{ now: number }>('/settings')
  state.offsetMs = 90 * 60_000
  await vi.waitFor(async () => {
    const later = (await host.json<{ now: number }>('/settings')).now
    expect(later - now).toBeGreaterThanOrEqual(90 * 60_000)
  })
  expect(await write(host, 'after')).toBe(204)
  expect(state.tokens).toBe(2)
  expect(state.statements.at(-1)).toMatchObject({ host: expect.any(String), until: null })
})

test('it starts at the virtual time of the simulated Azure', async () => {
  const { origin, state } = await fakeAzure()
  state.offsetMs = 7 * 86_400_000
  const host = await spawnHost('storage', { azure: origin })
  const { now } = await host.json<{ now: number }>('/settings')
  expect(now - Date.now()).toBeGreaterThan(6.9 * 86_400_000)
})

test('an app that cannot be loaded, or an address that is not this machine, ends it with 1 and a reason', async () => {
  const { origin } = await fakeAzure()
  await expect(spawnHost('no-such-app', { azure: origin })).rejects.toThrow('it has no host.json')
  await expect(spawnHost('storage', { azure: 'https://example.com' })).rejects.toThrow('on this machine')
})
