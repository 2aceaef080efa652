// Begins what is due: turns (one at a time per instance) and activities, each up to a limit, and nothing while the gate is closed.
import { setTimeout as delay } from 'node:timers/promises'
import type { Agenda, Gate } from '../clock/agenda.ts'
import type { Log } from '../log.ts'
import { runActivity } from './activity.ts'
import type { QueuedActivity } from './activity-queue.ts'
import { type TurnServices, takeTurn } from './turn.ts'

export interface Limits {
  maxConcurrentActivities: number
  maxConcurrentOrchestrators: number
}

export interface DispatchOptions extends TurnServices {
  gate: Gate
  limits: Limits
  log: Log
  onChange(): void
}

/** The fallback for when the clock runs at wall speed; whoever moves it calls `wake()`. */
const longestSleepMs = 60_000
const afterDefectMs = 1_000

export function dispatcher(options: DispatchOptions): Agenda & { start(): void; stop(): void } {
  const { store, gate, limits, log, stopped, onChange } = options
  const turns = new Set<string>()
  const activities = new Set<number>()
  let started = false
  let waking = false
  let alarm: NodeJS.Timeout | undefined

  function wake() {
    if (waking || !started || stopped()) return
    waking = true
    setImmediate(() => {
      waking = false
      if (stopped()) return
      if (gate.open()) beginDue()
      setAlarm()
      onChange()
    })
  }

  function beginDue() {
    for (const id of store.inbox.instancesDue(Date.now())) {
      if (turns.size >= limits.maxConcurrentOrchestrators) break
      if (!turns.has(id)) inFlight(turns, id, turn(id))
    }
    const fits = limits.maxConcurrentActivities - activities.size
    if (fits <= 0) return
    const waiting = store.activities
      .first(limits.maxConcurrentActivities + activities.size)
      .filter(({ seq }) => !activities.has(seq))
    for (const queued of waiting.slice(0, fits)) inFlight(activities, queued.seq, activity(queued))
  }

  async function inFlight<Key>(running: Set<Key>, key: Key, work: Promise<void>) {
    running.add(key)
    try {
      await work
    } catch (error) {
      if (!stopped()) log('critical', `Durable cannot go on with ${key}: ${(error as Error).stack}`)
      await delay(afterDefectMs, undefined, { ref: false })
    }
    running.delete(key)
    wake()
  }

  async function turn(id: string) {
    const ending = await takeTurn(id, options)
    if (ending?.status === 'Failed') log('error', `orchestration ${id} failed: ${ending.output}`)
  }

  async function activity(queued: QueuedActivity) {
    const failure = await runActivity(queued, options)
    if (failure) log('warning', `orchestration ${queued.instance}: ${failure}`, { functionName: queued.name })
  }

  function setAlarm() {
    clearTimeout(alarm)
    const nowMs = Date.now()
    const nextMs = store.inbox.nextDueAfterMs(nowMs)
    if (nextMs !== null) alarm = setTimeout(wake, Math.min(nextMs - nowMs, longestSleepMs)).unref()
  }

  function nextDueMs(): number | null {
    if (stopped()) return null
    return store.activities.isEmpty() ? store.inbox.nextDueMs() : Date.now()
  }

  return {
    wake,
    nextDueMs,
    busy() {
      if (stopped()) return false
      if (turns.size > 0 || activities.size > 0) return true
      // Behind a closed gate what is due has to wait, and nothing is in flight.
      return gate.open() && (nextDueMs() ?? Number.POSITIVE_INFINITY) <= Date.now()
    },
    start() {
      started = true
      wake()
    },
    stop: () => clearTimeout(alarm),
  }
}
