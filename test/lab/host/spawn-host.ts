// For tests: `node lab/host/main.ts` as a process of its own.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import { appDir } from './open-host.ts'

const main = join(import.meta.dirname, '../../../lab/host/main.ts')

interface Options {
  azure: string
  args?: string[]
  env?: Record<string, string>
  ipc?: boolean
}

export async function spawnHost(app: string, options: Options) {
  const args = [main, '--azure', options.azure, '--port', '0', '--app', appDir(app), '--json']
  const child = spawn(process.execPath, [...args, ...(options.args ?? [])], {
    stdio: ['ignore', 'pipe', 'pipe', ...(options.ipc ? (['ipc'] as const) : [])],
    env: { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'], ...options.env },
  })
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  onTestFinished(async () => {
    child.kill()
    await exited
  })
  let stderr = ''
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  if (!child.stdout) throw new Error('no stdout')
  const lines = createInterface({ input: child.stdout })
  const first = await Promise.race([once(lines, 'line'), exited])
  if (typeof first[0] !== 'string') throw new Error(`the host ended (${first}): ${stderr}`)
  const ready = JSON.parse(first[0]) as { ready: boolean; app: string; pid: number; state: string }
  return {
    ...ready,
    child,
    exited,
    stderr: () => stderr,
    get: (path: string, init?: RequestInit) => fetch(ready.app + path, init),
    json: async <T>(path: string) => (await (await fetch(ready.app + path)).json()) as T,
  }
}
