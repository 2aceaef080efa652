import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { answering } from './answering.ts'
import { issueLeaf } from './certificates.ts'
import { iso } from './clock.ts'
import { type Entrances, openEntrances } from './network/entrances.ts'
import { type Chosen, openSettings } from './settings.ts'
import { openSimulation } from './simulation.ts'
import { openStore } from './store.ts'
import {
  APP_CLIENT_ID,
  APP_PRINCIPAL_ID,
  HOME,
  type Identity,
  SUBSCRIPTION_ID,
  TENANT_ID,
} from './worlds/world.ts'

export type AzureOptions = Chosen & {
  /** 0: any free port. */
  port?: number
  /** Kept and found again; without it a temporary directory, gone at the end. */
  state?: string
  /** The machine's time, for tests of the clock. */
  wall?: () => number
}

export type RunningAzure = {
  url: string
  caPath: string
  ca: string
  /** `127.0.0.1:PORT`: the DNS of the app's network, and the proxy into it. */
  dns: string
  proxy: string
  state: string
  identity: Identity & { endpoint: string }
  tenantId: string
  subscriptionId: string
  close(): Promise<void>
}

/** The simulated Azure: one HTTPS server on the loopback interface, one file of state. */
export async function startAzure(options: AzureOptions = {}): Promise<RunningAzure> {
  const state = options.state ? resolve(options.state) : mkdtempSync(join(tmpdir(), 'lab-azure-'))
  // It holds the lab's private keys.
  mkdirSync(state, { recursive: true, mode: 0o700 })
  const leave = () => {
    if (!options.state) rmSync(state, { recursive: true, force: true })
  }
  try {
    return await serve(state, options, leave)
  } catch (error) {
    leave()
    throw error
  }
}

async function serve(state: string, options: AzureOptions, leave: () => void): Promise<RunningAzure> {
  const store = openStore(join(state, 'azure.sqlite'))
  const kept = store.table<unknown>('settings')
  const settings = await openSettings(kept, options)
  const { authority, identityHeader, world, temper, seed } = settings
  const simulation = await openSimulation(store, kept, settings, options.wall)
  const { clock, timekeeper } = simulation
  store.commit()

  const caPath = join(state, 'ca.pem')
  writeFileSync(caPath, authority.certificate)
  const identity: Identity = {
    clientId: APP_CLIENT_ID,
    principalId: APP_PRINCIPAL_ID,
    header: identityHeader,
  }
  const ids = { tenantId: TENANT_ID, subscriptionId: SUBSCRIPTION_ID }
  const about = (): object => ({
    arm: url,
    identity: { ...identity, endpoint: `${url}/msi/token` },
    ...ids,
    ca: { path: caPath, pem: authority.certificate },
    home: HOME,
    dns: entrances.dns,
    proxy: entrances.proxy,
    clock: { now: iso(clock.now()), offsetMs: clock.offsetMs(), speed: timekeeper.speed() },
    world,
    temper,
    seed,
    pid: process.pid,
    state,
  })

  const answer = answering({
    simulation,
    identity,
    authority,
    about,
    dial: (request) => entrances.dial(request),
  })
  const entrances: Entrances = await openEntrances({ ...simulation, authority, arm: answer, kept })
  store.commit()

  const { privateKey, certificate } = await issueLeaf(authority, ['localhost', '127.0.0.1'])
  const server = createServer(
    // Long, so that a kept connection is dropped by its client and never under a request.
    { key: privateKey, cert: certificate, keepAliveTimeout: 120_000 },
    answer,
  )
  const url = `https://localhost:${await listening(server, options.port ?? 0)}`

  return {
    url,
    caPath,
    ca: authority.certificate,
    dns: entrances.dns,
    proxy: entrances.proxy,
    state,
    identity: { ...identity, endpoint: `${url}/msi/token` },
    ...ids,
    close: async () => {
      timekeeper.close()
      await entrances.close()
      const closed = new Promise((done) => server.close(done))
      server.closeAllConnections()
      await closed
      store.commit()
      store.close()
      leave()
    },
  }
}

async function listening(server: Server, port: number): Promise<number> {
  await new Promise<void>((done, failed) => {
    server.once('error', failed)
    server.listen(port, '127.0.0.1', done)
  })
  return (server.address() as AddressInfo).port
}
