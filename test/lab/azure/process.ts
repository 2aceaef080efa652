import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { onTestFinished } from 'vitest'
import { clientsOf } from './open.ts'

const MAIN = resolve(import.meta.dirname, '../../../lab/azure/main.ts')

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'lab-azure-test-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

export async function killed(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = once(child, 'exit')
    child.kill(signal)
    await exit
  }
  return child.exitCode
}

/** The simulated Azure as a process of its own, ready; ended with the test whatever happens. */
export async function spawnAzure(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, '--port', '0', '--speed', 'max', '--json', ...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  onTestFinished(async () => {
    await killed(child, 'SIGKILL')
  })
  const [line] = await once(createInterface({ input: child.stdout as Readable }), 'line')
  const ready: { azure: string; ca: string; pid: number; state: string } = JSON.parse(line)
  const ca = readFileSync(ready.ca, 'utf8')
  const boot = clientsOf({ url: ready.azure, ca, identity: NOBODY, subscriptionId: '', tenantId: '' })
  const about = await boot.lab('GET', '')
  const { identity, subscriptionId, tenantId } = about
  return { child, ready, about, ...clientsOf({ url: ready.azure, ca, identity, subscriptionId, tenantId }) }
}

const NOBODY = { clientId: '', principalId: '', header: '', endpoint: '' }
