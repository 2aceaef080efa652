import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createAgenda } from './agenda.ts'
import { answering } from './answering.ts'
import { createAzure } from './arm/azure.ts'
import { settleOperation } from './arm/operations.ts'
import { createThrottle } from './arm/throttle.ts'
import { createAuthority, issueLeaf, type KeyPair } from './certificates.ts'
import { createClock, iso } from './clock.ts'
import { createDraw } from './draw.ts'
import { createFaults } from './faults.ts'
import { createJournal, type Row } from './journal.ts'
import { type TemperName, tempers } from './lifecycles/index.ts'
import { createArm } from './planes/arm.ts'
import type { LabParts } from './planes/lab.ts'
import { providers } from './providers/index.ts'
import { restore, snapshot } from './snapshot.ts'
import { openStore } from './store.ts'
import { createTimekeeper, type SpeedLimit } from './timekeeper.ts'
import { createTokens } from './tokens.ts'
import { openWorld } from './world.ts'
import { type WorldName, worlds } from './worlds/index.ts'
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
  state: string
  identity: Identity & { endpoint: string }
  tenantId: string
  subscriptionId: string
  close(): Promise<void>
}

/** The simulated Azure: one HTTPS server on the loopback interface, one file of state. */
export async function startAzure(options: AzureOptions = {}): Promise<RunningAzure> {
  const state = options.state ? resolve(options.state) : mkdtempSync(join(tmpdir(), 'lab-azure-'))
  mkdirSync(state, { recursive: true })
  const store = openStore(join(state, 'azure.sqlite'))
  const kept = store.table<unknown>('settings')
  const { temper, seed, authority, identityHeader, ...settings } = await openSettings(kept, options)

  const clock = createClock(kept, options.wall)
  const world = openWorld(store)
  const draw = createDraw(seed)
  const foundation = { tenantId: TENANT_ID, subscriptionId: SUBSCRIPTION_ID, world, clock, draw, providers }
  const azure = createAzure({ ...foundation, temper: tempers[temper], agenda: () => agenda })
  const agenda = createAgenda(world.agenda, clock, {
    settle: (id) => settleOperation(id, azure),
    vanish: (id) => azure.erase(id),
    registered: (namespace) => world.registrations.put(namespace, 'Registered'),
  })
  if (settings.isNew) worlds[settings.world](azure)

  const tokens = await createTokens(kept, clock, TENANT_ID)
  const caPath = join(state, 'ca.pem')
  writeFileSync(caPath, authority.certificate)
  const leaf = await issueLeaf(authority, ['localhost', '127.0.0.1'])
  store.commit()

  const faults = createFaults(world.faults)
  const journal = createJournal(store.table<Row>('journal', { keptOnRefusal: true }))
  const timekeeper = createTimekeeper(clock, agenda, kept, store)
  const arm = createArm(azure, tokens, createThrottle(world.buckets, clock), store)
  const parts: LabParts = {
    azure,
    authority,
    faults,
    journal,
    timekeeper,
    tokens,
    about: () => ({
      arm: url,
      identity: { ...identity, endpoint: `${url}/msi/token` },
      tenantId: TENANT_ID,
      subscriptionId: SUBSCRIPTION_ID,
      ca: { path: caPath, pem: authority.certificate },
      home: HOME,
      clock: { now: iso(clock.now()), offsetMs: clock.offsetMs(), speed: timekeeper.speed() },
      world: settings.world,
      temper,
      seed,
      pid: process.pid,
      state,
    }),
    snapshot: () => snapshot(store, clock),
    restore: (given) => restore(given, store, clock),
    commit: store.commit,
  }

  const server = createServer(
    { key: leaf.privateKey, cert: leaf.certificate, keepAliveTimeout: 30_000 },
    answering({ arm, parts, identity, store }),
  )
  await new Promise<void>((listening, failed) => {
    server.once('error', failed)
    server.listen(options.port ?? 0, '127.0.0.1', listening)
  })
  const url = `https://localhost:${(server.address() as AddressInfo).port}`

  return {
    url,
    caPath,
    ca: authority.certificate,
    state,
    identity: { ...identity, endpoint: `${url}/msi/token` },
    tenantId: TENANT_ID,
    subscriptionId: SUBSCRIPTION_ID,
    close: async () => {
      timekeeper.close()
      const closed = new Promise((done) => server.close(done))
      server.closeAllConnections()
      await closed
      store.commit()
      store.close()
      if (!options.state) rmSync(state, { recursive: true, force: true })
    },
  }
}
