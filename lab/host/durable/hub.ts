// The Durable extension of the embedded Functions host: a task hub that the `durable-functions` SDK 3.5 finds as it would find Azure's,
// over the v3 protocol (docs/reference/functions-host.md, e). Orchestrations, activities, timers, continue-as-new, custom status,
// start, status, terminate and purge; nothing else of Durable, and whoever uses something else is told so by name.
//
// An instance has a history and an inbox. Whatever arrives (a start, a completed activity, a timer that fired) is a message with a
// due time; when one is due the instance takes a turn (turn.ts): the orchestrator runs over the whole history and returns every
// action since the beginning, and replay.ts finds what of it is new. Every turn and every completion is one transaction.
//
// It is not distributed: one process, one file, no partitions, no leases, and a message is never delivered twice.
import { availableParallelism } from 'node:os'
import type { Agenda, Gate } from '../clock/agenda.ts'
import type { Log } from '../log.ts'
import type { Worker } from '../worker/worker.ts'
import { durableApp } from './app.ts'
import { clientBinding } from './client.ts'
import { dispatcher, type Limits } from './dispatch.ts'
import { type ManagementReply, type ManagementRequest, manage } from './management.ts'
import { openStore } from './store.ts'

export { systemKey } from './client.ts'

export interface TaskHubOptions {
  /** A SQLite file; made if it is not there. */
  file: string
  worker: Worker
  gate: Gate
  hubName: string
  /** Where the host listens, without a slash at its end. */
  origin: string
  log: Log
  /** `busy()` or `nextDueMs()` may say something else now. */
  onChange(): void
  limits?: Limits
}

export interface TaskHub extends Agenda {
  start(): void
  /** Waits for nothing that cannot end, and commits nothing afterwards. */
  stop(): Promise<void>
  /** The value of a durableClient input binding. */
  clientBinding(): string
  handle(request: ManagementRequest): Promise<ManagementReply>
}

const perCore = 10 * availableParallelism()
const usualLimits: Limits = { maxConcurrentActivities: perCore, maxConcurrentOrchestrators: perCore }

export function openTaskHub(options: TaskHubOptions): TaskHub {
  const { file, worker, hubName, origin, gate, log, onChange, limits = usualLimits } = options
  const store = openStore(file)
  const binding = clientBinding({ hubName, origin })
  const app = durableApp(worker, binding)
  let isStopped = false
  const stopped = () => isStopped
  const { wake, nextDueMs, busy, ...dispatch } = dispatcher({
    store,
    app,
    gate,
    limits,
    log,
    stopped,
    onChange,
  })

  return {
    wake,
    nextDueMs,
    busy,
    start: dispatch.start,
    async stop() {
      if (isStopped) return
      isStopped = true
      dispatch.stop()
      store.close()
    },
    clientBinding: () => binding,
    async handle(request) {
      if (isStopped) return { status: 503, body: { Message: 'The task hub has stopped.' } }
      return manage(request, { store, app, hubName, wake })
    },
  }
}
