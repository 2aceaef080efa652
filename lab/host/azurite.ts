// The app's own storage: Azurite as a child process, tables, blobs and queues over HTTPS with OAuth, on free ports of 127.0.0.1.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const startWithinMs = 30_000
const endWithinMs = 10_000

export interface Azurite {
  tables: string
  blobs: string
  queues: string
  pid: number
  /** Ends it gently, so that everything written is saved. */
  stop(): Promise<void>
}

export async function startAzurite(options: {
  dir: string
  certificate: string
  privateKey: string
  /** It ended although nobody asked it to. */
  onLost(why: string): void
}): Promise<Azurite> {
  const { dir } = options
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, 'cert.pem'), options.certificate)
  writeFileSync(join(dir, 'key.pem'), options.privateKey, { mode: 0o600 })
  // Detached: Ctrl-C on the terminal must reach the host alone, whose running invocations still need their tables.
  const child = fork(join(import.meta.dirname, 'azurite-child.ts'), [dir], {
    detached: true,
    env: {},
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let said = ''
  child.stderr?.on('data', (chunk) => {
    said = (said + chunk).slice(-4_000)
  })
  const ended = once(child, 'exit')
  const ready = once(child, 'message', { signal: AbortSignal.timeout(startWithinMs) })
  const first = await Promise.race([ready, ended.then(() => null)]).catch(() => undefined)
  if (!first) {
    child.kill('SIGKILL')
    throw new Error(
      `Azurite ${first === null ? 'ended at its start' : `was not up within ${startWithinMs} ms (is another host using ${dir}?)`}: ${said}`,
    )
  }
  let asked = false
  void ended.then(([code, signal]) => asked || options.onLost(`Azurite ended (${signal ?? code}): ${said}`))
  const [services] = first as [{ Blob: string; Queue: string; Table: string }]
  const account = (url: string) => `${url}/devstoreaccount1`
  return {
    tables: account(services.Table),
    blobs: account(services.Blob),
    queues: account(services.Queue),
    pid: child.pid ?? 0,
    async stop() {
      asked = true
      if (child.connected) child.disconnect()
      const late = setTimeout(() => child.kill('SIGKILL'), endWithinMs)
      await ended
      clearTimeout(late)
    },
  }
}
