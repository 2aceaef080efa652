// `npm run lab:host`: the Functions host of the lab as a command. It meets the simulated Azure, gives the app its settings and its
// storage, starts the host, says so in one line, and goes when it is told to, or when whoever started it with an IPC channel has gone.
import './clock/shift.ts' // first: SDKs keep `Date` for themselves when they are loaded
import { Console } from 'node:console'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { applySettings, appSettings } from './app-settings.ts'
import { startAzurite } from './azurite.ts'
import { clockKeeperAt } from './clock/question.ts'
import { setClockOffsetMs } from './clock/shift.ts'
import { eventSourceAt } from './events/source.ts'
import { startHost } from './host.ts'
import { stderrLog } from './log.ts'
import { certificateFor, meet } from './meet.ts'
import { joinNetwork } from './network/join.ts'

const { values: given } = parseArgs({
  options: {
    azure: { type: 'string' },
    port: { type: 'string', default: '7071' },
    state: { type: 'string' },
    app: { type: 'string', default: resolve(import.meta.dirname, '../../dist') },
    auth: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})

// stdout is for the ready line; what the app prints is log.
globalThis.console = new Console(process.stderr, process.stderr)
const log = stderrLog()
const state = given.state ? resolve(given.state) : mkdtempSync(join(tmpdir(), 'ops-lab-host-'))
mkdirSync(state, { recursive: true })

const open = new AsyncDisposableStack()
if (!given.state) open.defer(() => rmSync(state, { recursive: true, force: true }))

const ending = new AbortController()
const ended = once(ending.signal, 'abort')
function end(exitCode: number, why: string) {
  if (ending.signal.aborted) return
  log('information', `ending: ${why}`)
  process.exitCode = exitCode
  ending.abort()
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => end(0, signal))
process.on('disconnect', () => end(0, 'whoever started this host has gone'))

async function start(azure: string) {
  const lab = await meet(azure, log, ending.signal)
  setClockOffsetMs(lab.clock.offsetMs)
  const storage = await startAzurite({
    dir: join(state, 'azurite'),
    ...(await certificateFor(azure, ['localhost', '127.0.0.1'])),
    onLost: (why) => {
      log('critical', why)
      end(1, why)
    },
  })
  open.defer(() => storage.stop())
  applySettings(appSettings(lab, storage))
  // A function app in Azure has none, and through one nobody gets into the simulated network.
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'])
    for (const spelt of [name, name.toLowerCase()]) delete process.env[spelt]
  joinNetwork({ azure, dns: lab.dns })
  const host = await startHost({
    appDir: resolve(given.app),
    stateDir: state,
    port: Number(given.port),
    log,
    keeper: clockKeeperAt(azure),
    events: eventSourceAt(azure, lab.seed),
    tokens: given.auth ? { jwksUrl: new URL('/_lab/jwks', azure).href, tenantId: lab.tenantId } : undefined,
  })
  open.defer(() => host.stop())
  return host.origin
}

function sayReady(app: string) {
  const ready = { ready: true, app, pid: process.pid, state }
  const text = given.json ? JSON.stringify(ready) : `The Functions host is up: ${app} (state in ${state})`
  process.stdout.write(`${text}\n`)
}

try {
  if (!given.azure) throw new Error('say where the simulated Azure is: --azure https://localhost:8443')
  sayReady(await start(given.azure))
  await ended
} catch (error) {
  if (!ending.signal.aborted) {
    log('critical', `the host cannot start: ${error instanceof Error ? error.message : error}`)
    process.exitCode = 1
  }
}
await open.disposeAsync()
process.exit()
