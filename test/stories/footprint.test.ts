import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, test } from 'vitest'

/** What the lab leaves open while it runs, and behind when it ends. Read from /proc, so on Linux only. */
describe.skipIf(process.platform !== 'linux')('the lab', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'listens on loopback only, and %s leaves nothing behind',
    async (signal) => {
      const lab = spawn(process.execPath, ['lab/main.ts', '--json', '--port', '0', '--azure-port', '0'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const [line] = (await once(createInterface({ input: lab.stdout }), 'line')) as [string]
      const ready = JSON.parse(line) as {
        ready: boolean
        app: string
        azure: string
        ca: string
        state: string
        pids: { host: number; azure: number }
      }
      expect(ready.ready).toBe(true)
      expect(new URL(ready.app).hostname).toBe('127.0.0.1')

      const family = [lab.pid ?? 0, ...descendants(lab.pid ?? 0)]
      expect(family).toEqual(expect.arrayContaining([ready.pids.host, ready.pids.azure]))
      expect(family.length, 'Azurite is a process of its own').toBeGreaterThanOrEqual(4)
      const listening = family.flatMap(listeners)
      expect(listening.length).toBeGreaterThanOrEqual(3)
      for (const address of listening) expect(address).toMatch(/^127\.|^::1$/)

      lab.kill(signal)
      const [code] = (await once(lab, 'exit')) as [number]
      expect(code).toBe(0)
      expect(family.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([])
      expect(existsSync(ready.state), 'temporary state').toBe(false)
    },
  )

  test('a lab that cannot start says why, and leaves nothing behind', async () => {
    const temporary = mkdtempSync(join(tmpdir(), 'ops-failed-'))
    const lab = spawn(
      process.execPath,
      ['lab/main.ts', '--app', '/nowhere', '--port', '0', '--azure-port', '0'],
      { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, TMPDIR: temporary } },
    )
    let said = ''
    lab.stderr.on('data', (chunk) => {
      said += chunk
    })
    const [code] = (await once(lab, 'close')) as [number]
    expect(code).toBe(1)
    expect(said).toContain('/nowhere is not a Functions app')
    expect(readdirSync(temporary).filter((name) => name.startsWith('ops-'))).toEqual([])
    rmSync(temporary, { recursive: true })
  })

  test('a lab whose parent is killed ends by itself', async () => {
    const lab = spawn(process.execPath, ['lab/main.ts', '--json', '--port', '0', '--azure-port', '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(createInterface({ input: lab.stdout }), 'line')) as [string]
    const children = descendants(lab.pid ?? 0)
    lab.kill('SIGKILL')
    await expect
      .poll(() => children.filter((pid) => existsSync(`/proc/${pid}`)), { timeout: 10_000 })
      .toEqual([])
    rmSync((JSON.parse(line) as { state: string }).state, { recursive: true })
  })
})

/** Process ids below `pid`. */
function descendants(pid: number): number[] {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((it) => parentOf(it) === pid)
  return children.flatMap((child) => [child, ...descendants(child)])
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  } catch {
    return undefined
  }
}

/** Addresses on which a process listens. */
function listeners(pid: number): string[] {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? []
      } catch {
        return []
      }
    }),
  )
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((row) => row.trim().split(/\s+/))
      .filter((row) => row[3] === '0A' && sockets.has(row[9] ?? ''))
      .map((row) => address(row[1]?.split(':')[0] ?? '')),
  )
}

/** `0100007F` is 127.0.0.1; the kernel writes each 32 bits in the machine's order. */
function address(hexadecimal: string): string {
  const words = hexadecimal.match(/.{8}/g) ?? []
  const bytes = words.flatMap((word) =>
    (word.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).toReversed(),
  )
  if (bytes.length === 4) return bytes.join('.')
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255
  if (mapped) return bytes.slice(12).join('.')
  return bytes.every((byte, index) => byte === (index === 15 ? 1 : 0)) ? '::1' : bytes.join(':')
}
