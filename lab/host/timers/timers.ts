// Timer triggers. A timer's next occurrence is an alarm of the virtual clock; the following one is set when its run has ended, so runs
// of one timer never overlap, and one that was due meanwhile follows at once. Status is kept across restarts: what was missed while the
// host was down is made up for once, as past due, however many were missed.
import type { Alarms } from '../clock/alarms.ts'
import type { Log } from '../log.ts'
import { isDisabled, withSettings } from '../settings.ts'
import type { Invocation, LoadedFunction, TypedData } from '../worker/contract.ts'
import { parseSchedule, type Schedule } from './schedule.ts'
import type { TimerStatus, TimerStatuses } from './status.ts'

export interface Timers {
  start(): void
  /** A run that is still going on is neither followed by another nor kept in the status. */
  stop(): void
  /** Runs it now, once, by hand: outside its schedule and beside a run that is going on. */
  fire(fn: LoadedFunction): Promise<Invocation>
}

interface Timer {
  fn: LoadedFunction
  schedule: Schedule
  monitored: boolean
  status: TimerStatus
}

const never = '0001-01-01T00:00:00+00:00'
const iso = (ms: number | null) => (ms === null ? never : new Date(ms).toISOString())

export function openTimers(options: {
  functions: LoadedFunction[]
  alarms: Alarms
  statuses: TimerStatuses
  run(fn: LoadedFunction, input: TypedData, metadata: Record<string, TypedData>): Promise<Invocation>
  log: Log
}): Timers {
  const { alarms, statuses, log } = options
  let stopped = false
  const timers = options.functions.filter((fn) => !isDisabled(fn)).map(readTimer)

  function readTimer(fn: LoadedFunction): Timer {
    const schedule = parseSchedule(withSettings(String(fn.trigger['schedule'])))
    const monitored = fn.trigger['useMonitor'] !== false && !schedule.frequent
    const now = Date.now()
    return { fn, schedule, monitored, status: { last: null, next: schedule.next(now), updated: now } }
  }

  function begin(timer: Timer) {
    const { fn, schedule } = timer
    const now = Date.now()
    const stored = timer.monitored ? statuses.read(fn.name) : undefined
    if (stored) {
      const expected = schedule.next(stored.last ?? stored.updated)
      // A changed schedule is not a missed occurrence.
      if (expected === stored.next) timer.status = stored
      else timer.status = { last: null, next: expected > now ? expected : schedule.next(now), updated: now }
    }
    keep(timer)
    if (timer.status.next < now) alarms.at(now, () => void occur(timer, { isPastDue: true }))
    else if (fn.trigger['runOnStartup'] === true)
      alarms.at(now, () => void occur(timer, { isPastDue: false }))
    else arm(timer)
  }

  const arm = (timer: Timer) => alarms.at(timer.status.next, () => void occur(timer, { isPastDue: false }))

  async function occur(timer: Timer, { isPastDue }: { isPastDue: boolean }) {
    const begun = Date.now()
    await invoke(timer.fn, isPastDue, timer.monitored ? timer.status : null)
    if (stopped) return
    timer.status = { last: begun, next: timer.schedule.next(begun), updated: begun }
    keep(timer)
    arm(timer)
  }

  function keep(timer: Timer) {
    if (timer.monitored) statuses.write(timer.fn.name, timer.status)
  }

  async function invoke(fn: LoadedFunction, isPastDue: boolean, status: TimerStatus | null) {
    const info = {
      Schedule: { AdjustForDST: true },
      ScheduleStatus: status && {
        Last: iso(status.last),
        Next: iso(status.next),
        LastUpdated: iso(status.updated),
      },
      IsPastDue: isPastDue,
    }
    const outcome = await options.run(fn, { json: JSON.stringify(info) }, {})
    if (!outcome.ok) log('error', `failed: ${outcome.error.stack}`, { functionName: fn.name })
    return outcome
  }

  return {
    start: () => timers.forEach(begin),
    stop() {
      stopped = true
    },
    fire: (fn) =>
      invoke(fn, false, timers.find((timer) => timer.fn === fn && timer.monitored)?.status ?? null),
  }
}
