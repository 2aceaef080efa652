// The embedded Functions host in one process: a worker that loads the app, and around it what Azure would put there: an HTTP front with
// Easy Auth, timers, Event Hubs and Durable. It is all wired here. It knows no simulated Azure: a clock keeper and a token check are
// given to it, or not. main.ts is the command.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openAlarms } from './clock/alarms.ts'
import { openIdleClock } from './clock/idle.ts'
import type { ClockKeeper } from './clock/question.ts'
import { clientInputs } from './durable/client.ts'
import { openTaskHub } from './durable/hub.ts'
import { openCheckpoints } from './events/checkpoints.ts'
import type { EventSource } from './events/source.ts'
import { openEasyAuth, type TokenCheck } from './http/easy-auth.ts'
import { listen } from './http/front.ts'
import { masterKey, presentsKey } from './http/keys.ts'
import { mounts } from './http/mounts.ts'
import { type Log, stderrLog } from './log.ts'
import { readHostJson, withSettings } from './settings.ts'
import { openTimerStatuses } from './timers/status.ts'
import { type Inputs, openTriggers } from './triggers.ts'
import { openWorker, type Worker } from './worker/worker.ts'

const endWithinMs = 5_000
const usualEventBatchSize = 100

export interface HostOptions {
  /** Where package.json and host.json are. */
  appDir: string
  /** Made if it is not there; the same one after a restart resumes. */
  stateDir: string
  /** 0, and by default: a free one. */
  port?: number
  log?: Log
  /** Absent: every caller is the local operator, and keys are not asked for. */
  tokens?: TokenCheck | undefined
  /** Absent: the clock stands at wall time. */
  keeper?: ClockKeeper
  /** Absent: events come by hand alone. It takes a keeper to say when there are any. */
  events?: EventSource
}

export interface Host {
  port: number
  origin: string
  worker: Worker
  /** Takes no more requests, lets what runs end for up to five seconds, and closes everything. */
  stop(): Promise<void>
}

export async function startHost(options: HostOptions): Promise<Host> {
  const { appDir, stateDir, tokens, keeper, log = stderrLog() } = options
  const { extensions = {} } = readHostJson(appDir)
  await using open = new AsyncDisposableStack()

  const front = await listen(options.port ?? 0)
  open.defer(() => front.close())
  const origin = `http://127.0.0.1:${front.port}`
  if (process.env['WEBSITE_HOSTNAME'] === undefined) {
    process.env['WEBSITE_HOSTNAME'] = `127.0.0.1:${front.port}`
    open.defer(() => void delete process.env['WEBSITE_HOSTNAME'])
  }
  const hubName = taskHubName(extensions.durableTask?.hubName)

  const clock = openIdleClock({ keeper, log })
  const worker = openWorker({ log, enter: clock.enter })
  await worker.load(appDir)
  open.defer(() => worker.terminate())

  mkdirSync(stateDir, { recursive: true })
  const statuses = open.adopt(openTimerStatuses(join(stateDir, 'timers.sqlite')), (file) => file.close())
  const checkpoints = open.adopt(openCheckpoints(join(stateDir, 'events.sqlite')), (file) => file.close())
  const alarms = open.adopt(openAlarms(clock, clock.changed), (all) => all.close())
  const hub = openTaskHub({
    file: join(stateDir, 'durable.sqlite'),
    worker,
    gate: clock,
    hubName,
    origin,
    log,
    onChange: clock.changed,
  })
  open.defer(() => hub.stop())

  const binding = hub.clientBinding()
  const inputs: Inputs = (fn, input) => ({ [fn.trigger.name]: input, ...clientInputs(fn, binding) })
  const { timers, eventHubs, fire } = openTriggers({
    worker,
    inputs,
    alarms,
    statuses,
    checkpoints,
    source: options.events,
    maxEventBatchSize: extensions.eventHubs?.maxEventBatchSize ?? usualEventBatchSize,
    log,
    gate: clock,
    onChange: clock.changed,
  })
  open.defer(timers.stop)
  open.defer(eventHubs.stop)

  front.serve({
    admin: { worker, hostId: hubName.toLowerCase(), fire },
    easyAuth: openEasyAuth(tokens),
    functions: worker.ofType('httpTrigger'),
    routePrefix: extensions.http?.routePrefix ?? 'api',
    customHeaders: extensions.http?.customHeaders ?? {},
    mounts: mounts({ hub, eventHubs, origin, keysRequired: tokens !== undefined }),
    mayAdminister: (request) => tokens === undefined || presentsKey(request, masterKey),
    admit: clock.admit,
    run: (fn, input) => worker.invoke(fn, inputs(fn, input)),
    log,
  })
  for (const agenda of [alarms, eventHubs, hub]) clock.add(agenda)
  clock.listen(eventHubs)
  timers.start()
  hub.start()
  await clock.start()
  log('information', `${worker.functions.size} functions are up on ${origin}`)

  open.defer(async () => {
    front.refuse()
    clock.shut()
    if (!(await clock.drained(endWithinMs)))
      log('warning', `what still runs after ${endWithinMs} ms is abandoned`)
  })
  const opened = open.move()
  return { port: front.port, origin, worker, stop: () => opened.disposeAsync() }
}

function taskHubName(inHostJson: string | undefined): string {
  const { TASKHUB_NAME, WEBSITE_SITE_NAME } = process.env
  return withSettings(inHostJson ?? TASKHUB_NAME ?? WEBSITE_SITE_NAME ?? 'TestHubName')
}
