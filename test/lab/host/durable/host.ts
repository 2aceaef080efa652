// Starts runner.ts in a process of its own and talks to it over Durable's management API.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import type { RunnerOptions } from './runner.ts'

export interface Status {
  name: string
  instanceId: string
  runtimeStatus: string
  input: unknown
  output: unknown
  customStatus: unknown
  createdTime: string
  lastUpdatedTime: string
  historyEvents?: Record<string, unknown>[]
}

export interface Reply {
  status: number
  headers: Headers
  body: unknown
}

export interface Host {
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>
  start(orchestrator: string, id: string, input?: unknown): Promise<Reply>
  status(id: string, query?: string): Promise<Status>
  /** Waits until the instance has ended. */
  ended(id: string): Promise<Status>
  run(orchestrator: string, id: string, input?: unknown): Promise<Status>
  kill(): Promise<void>
}

export const appDir = (name: 'behaviours' | 'program') => join(import.meta.dirname, 'apps', name)

export function temporaryDir() {
  const dir = mkdtempSync(join(tmpdir(), 'durable-'))
  return { dir, file: join(dir, 'hub.sqlite'), [Symbol.dispose]: () => rmSync(dir, { recursive: true }) }
}

/** Wall time, for one instance. */
const patienceMs = 60_000

type StartOptions = Pick<RunnerOptions, 'app' | 'file'> &
  Partial<RunnerOptions> & { env?: Record<string, string> }

export async function startHost({ env, ...options }: StartOptions): Promise<Host> {
  const all: RunnerOptions = { clock: 'jump', verbose: process.env['VERBOSE'] !== undefined, ...options }
  const runner = join(import.meta.dirname, 'runner.ts')
  const child = spawn(process.execPath, [runner, JSON.stringify(all)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  const origin = await firstLine(child)

  async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(`${origin}/durabletask/${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined }
  }
  const status = async (id: string, query = '') =>
    (await call('GET', `instances/${encodeURIComponent(id)}?${query}`)).body as Status

  async function ended(id: string) {
    const untilMs = performance.now() + patienceMs
    for (;;) {
      const seen = await status(id)
      if (['Completed', 'Failed', 'Terminated'].includes(seen.runtimeStatus)) return seen
      if (performance.now() > untilMs) throw new Error(`${id} does not end: ${JSON.stringify(seen)}`)
      await delay(10)
    }
  }

  async function start(orchestrator: string, id: string, input?: unknown) {
    return call('POST', `orchestrators/${orchestrator}/${encodeURIComponent(id)}`, input)
  }

  return {
    call,
    status,
    ended,
    start,
    async run(orchestrator, id, input) {
      const { status: code, body } = await start(orchestrator, id, input)
      if (code !== 202) throw new Error(`start of ${id} answered ${code}: ${JSON.stringify(body)}`)
      return ended(id)
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the runner has no stdout')
  for await (const line of createInterface({ input: child.stdout })) return line
  throw new Error('the runner ended before it was up')
}
