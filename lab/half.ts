import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

/** One half of the lab as a child process. It goes when it is told to, and also when this process is gone (IPC channel). */
export interface Half<Ready> {
  ready: Ready
  pid: number
  /** Resolves when the process has ended, however. */
  ended: Promise<void>
  /** SIGTERM, and waits. */
  stop(): Promise<void>
  /** SIGKILL, and waits. */
  kill(): Promise<void>
}

/**
 * Starts `lab/{name}/main.ts` and waits for its ready line.
 * @param logDir where its stderr goes, as `{name}.log`
 * @throws Error with the end of its stderr when it ends before it is ready
 */
export async function startHalf<Ready>(
  name: 'azure' | 'host',
  options: string[],
  logDir: string,
): Promise<Half<Ready>> {
  const child = spawn(process.execPath, [join(import.meta.dirname, name, 'main.ts'), ...options, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const { stdout, stderr } = child
  if (!stdout || !stderr) throw new Error(`lab/${name} has no output to read`)
  const log = createWriteStream(join(logDir, `${name}.log`), { flags: 'a' })
  const lastLines: string[] = []
  createInterface({ input: stderr }).on('line', (line) => {
    log.write(`${line}\n`)
    if (lastLines.push(line) > 20) lastLines.shift()
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => log.end(resolve)))
  const ready = await Promise.race([firstLine(stdout), ended.then(() => undefined)])
  if (ready === undefined) throw new Error(`lab/${name} ended before it was up:\n${lastLines.join('\n')}`)
  return {
    ready: JSON.parse(ready) as Ready,
    pid: child.pid ?? 0,
    ended,
    stop: () => end(child, 'SIGTERM', ended),
    kill: () => end(child, 'SIGKILL', ended),
  }
}

async function firstLine(stdout: Readable): Promise<string | undefined> {
  const [line] = (await once(createInterface({ input: stdout }), 'line')) as [string | undefined]
  return line
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL', ended: Promise<void>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal)
  await ended
}
