import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Half, startHalf } from './half.ts'

/** Both halves of the lab. Neither is restarted by itself; either may be killed and started again on the same state. */

export interface LabOptions {
  /** 0: a free one. */
  port?: number
  azurePort?: number
  /** Kept across runs; without it a temporary folder that goes with the lab. */
  state?: string
  temper?: string
  seed?: string
  /** Virtual seconds per second, or `max`. */
  speed?: string
  world?: string
  app?: string
  auth?: boolean
}

interface AzureReady {
  azure: string
  ca: string
  dns: string
  proxy: string
}
interface HostReady {
  app: string
}

export interface Lab {
  app: string
  azure: string
  /** Path of the certificate of the lab's authority. */
  ca: string
  /** `127.0.0.1:PORT` each: the DNS of the app's network, and the HTTP proxy into it. Other ones after a restart of the Azure half. */
  dns: string
  proxy: string
  state: string
  halves: { azure: Half<AzureReady>; host: Half<HostReady> }
  /** Starts a killed half again, on the same ports and state. */
  restart(half: 'azure' | 'host'): Promise<void>
  /** Ends both halves gently and removes temporary state. */
  stop(): Promise<void>
}

export async function startLab(options: LabOptions): Promise<Lab> {
  const temporary = options.state === undefined
  const state = options.state === undefined ? mkdtempSync(join(tmpdir(), 'ops-lab-')) : resolve(options.state)
  const folders = { azure: join(state, 'azure'), host: join(state, 'host') }
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true })

  const startAzure = (port: number) =>
    startHalf<AzureReady>(
      'azure',
      [
        ...flags({ port, state: folders.azure, temper: options.temper, seed: options.seed }),
        ...flags({ speed: options.speed, world: options.world }),
      ],
      state,
    )
  const startHost = (azure: string, port: number) =>
    startHalf<HostReady>(
      'host',
      [...flags({ azure, port, state: folders.host, app: options.app }), ...(options.auth ? ['--auth'] : [])],
      state,
    )

  const forget = () => {
    if (temporary) rmSync(state, { recursive: true, force: true })
  }
  await using started = new AsyncDisposableStack()
  started.defer(forget)
  const azure = await startAzure(options.azurePort ?? 0)
  started.defer(() => azure.stop())
  const host = await startHost(azure.ready.azure, options.port ?? 0)
  // Up: from here on it is the caller who ends it.
  started.move()
  const halves = { azure, host }
  return {
    app: host.ready.app,
    azure: azure.ready.azure,
    ca: azure.ready.ca,
    dns: azure.ready.dns,
    proxy: azure.ready.proxy,
    state,
    halves,
    async restart(half) {
      if (half === 'azure') halves.azure = await startAzure(portOf(azure.ready.azure))
      else halves.host = await startHost(azure.ready.azure, portOf(host.ready.app))
    },
    async stop() {
      await halves.host.stop()
      await halves.azure.stop()
      forget()
    },
  }
}

const portOf = (url: string): number => Number(new URL(url).port)

const flags = (values: Record<string, string | number | undefined>): string[] =>
  Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)]))
