// For tests: a host in this process, with an app of test/lab/host/apps, gone when the test is.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { setClockOffsetMs } from '../../../lab/host/clock/shift.ts'
import { type HostOptions, startHost } from '../../../lab/host/host.ts'
import { silentLog } from '../../../lab/host/log.ts'

export const appDir = (app: string) => join(import.meta.dirname, 'apps', app)

export function temporaryDirectory() {
  const directory = mkdtempSync(join(tmpdir(), 'ops-host-test-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** What the functions of apps/web answer. */
export interface Told {
  route: string
  method: string
  params: Record<string, string>
  query: Record<string, string>
  headers: Record<string, string>
}

export async function openHost(app: string, options: Partial<HostOptions> = {}) {
  const stateDir = options.stateDir ?? temporaryDirectory()
  const host = await startHost({ appDir: appDir(app), stateDir, log: silentLog, ...options })
  onTestFinished(async () => {
    await host.stop()
    setClockOffsetMs(0)
  })
  const get = (path: string, init?: RequestInit) => fetch(host.origin + path, init)
  return {
    ...host,
    stateDir,
    get,
    json: async <T>(path: string, init?: RequestInit) => (await (await get(path, init)).json()) as T,
    fire: (name: string, input?: unknown) =>
      get(`/admin/functions/${name}`, { method: 'POST', body: JSON.stringify({ input }) }),
  }
}
