// A process with a task hub, the real worker and an app, to be killed by tests: node runner.ts '<RunnerOptions as JSON>'.
// It prints its origin when it is up, and ends when its stdin does.

import { existsSync, openSync, readFileSync, writeSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { clockOffsetMs, setClockOffsetMs, wallNowMs } from '../../../../lab/host/clock/shift.ts'
import { openTaskHub, type TaskHub } from '../../../../lab/host/durable/hub.ts'
import { silentLog, stderrLog } from '../../../../lab/host/log.ts'
import { openWorker } from '../../../../lab/host/worker/worker.ts'

export interface RunnerOptions {
  app: string
  file: string
  /** `jump`: when nothing is in flight the clock jumps to the next due moment; it is remembered beside the file. */
  clock: 'jump' | 'wall'
  verbose: boolean
}

const { app, file, clock, verbose } = JSON.parse(process.argv[2] ?? '{}') as RunnerOptions
const mount = '/durabletask/'
const clockFile = `${file}.clock`
if (existsSync(clockFile)) setClockOffsetMs(Number(readFileSync(clockFile, 'utf8')))
const clockMemory = openSync(clockFile, existsSync(clockFile) ? 'r+' : 'w')

const log = verbose ? stderrLog('information') : silentLog
let hub: TaskHub | undefined
const server = createServer(async (request, response) => {
  const reply = await hub?.handle(await managementRequest(request))
  response.writeHead(reply?.status ?? 503, { 'content-type': 'application/json', ...reply?.headers })
  response.end(reply?.body === undefined ? undefined : JSON.stringify(reply.body))
})
await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
process.env['WEBSITE_HOSTNAME'] = new URL(origin).host

const worker = openWorker({ log })
await worker.load(app)
let open = true
hub = openTaskHub({
  file,
  worker,
  gate: { open: () => open },
  hubName: 'TestHub',
  origin,
  log,
  onChange: considerJump,
})
hub.start()
console.log(origin)
process.stdin.resume().on('end', () => process.exit())

async function managementRequest(request: IncomingMessage) {
  const url = new URL(request.url ?? '/', origin)
  return {
    method: request.method ?? 'GET',
    path: url.pathname.slice(mount.length),
    query: url.searchParams,
    headers: request.headers,
    body: await text(request),
    origin,
    url: url.href,
  }
}

function considerJump() {
  const idleUntilMs = !hub || hub.busy() || !open ? null : hub.nextDueMs()
  if (clock === 'wall' || idleUntilMs === null) return
  open = false
  setImmediate(() => {
    setClockOffsetMs(Math.max(clockOffsetMs(), idleUntilMs - wallNowMs()))
    // Always of one length, so that it can be written over in place.
    writeSync(clockMemory, String(clockOffsetMs()).padStart(16), 0)
    open = true
    hub?.wake()
  })
}
