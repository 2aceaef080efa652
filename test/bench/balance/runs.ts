import type { Rules } from '../../../src/balance/index.ts'
import { arrivalsOf, isBursty } from './arrivals.ts'
import type { Controller } from './controller.ts'
import { type Family, scenarioOf } from './families.ts'
import { type Preset, presets } from './gateway.ts'
import { lawAsWritten } from './law-as-written.ts'
import { ours } from './ours.ts'
import type { How } from './outcome.ts'
import { peers } from './peers.ts'
import { play } from './play.ts'
import { recoveryMinutes } from './recovery.ts'
import { delayedOracle, equal, perfectStatic, staticQuota, withoutDelay } from './references.ts'
import type { LimiterKind, Scenario } from './scenario.ts'
import { type Watch, watched } from './watched.ts'

/** Everything that is played in one scenario, on the same calls. */
export interface Task {
  family: Family
  trace: string
  limiter: LimiterKind
  seed: number
  subject: string
  /** Tried instead of the usual ones. */
  rules: Partial<Rules>
  settledSeconds: number
}

export interface Run {
  failed: number
  attempts: number
  throttledAttempts: number
  writesPerHour: number
  recoveryMinutes?: number
}

export interface Result extends Task {
  isBursty: boolean
  requests: number
  runs: Record<string, Run>
  steps: number
  faults: Record<string, number>
}

const subjectsWith = (rules: Partial<Rules>): Controller[] => [ours(rules), lawAsWritten]
const references = [withoutDelay, delayedOracle, perfectStatic, staticQuota, equal]

export function carryOut(task: Task): Result {
  const bursty = isBursty(task.trace)
  const scenario = scenarioOf(task.family, task.trace, bursty, task.seed, task.limiter)
  const { requests, runs, watches } = playAll(
    scenario,
    subjectOf(task.subject, task.rules),
    task.settledSeconds,
  )
  const faults: Record<string, number> = {}
  for (const watch of watches)
    for (const [what, times] of Object.entries(watch.faults)) faults[what] = (faults[what] ?? 0) + times
  const steps = watches.reduce((sum, watch) => sum + watch.steps, 0)
  return { ...task, isBursty: bursty, requests, runs, steps, faults }
}

function subjectOf(name: string, rules: Partial<Rules>): Controller {
  const subjects = subjectsWith(rules)
  const subject = subjects.find((each) => each.name === name)
  if (!subject) throw new Error(`no law is called ${name}: ${subjects.map((each) => each.name).join(', ')}`)
  return subject
}

function playAll(scenario: Scenario, subject: Controller, settledSeconds: number) {
  const arrivals = arrivalsOf(scenario)
  const best = play(scenario, arrivals, { preset: presets.bare, controller: withoutDelay })
  const watches: Watch[] = []
  const watch = () => {
    const made = watched(subject)
    watches.push(made)
    return made.controller
  }
  const runs = Object.entries(planOf(scenario, subject, watch)).map(([key, { of = scenario, ...how }]) => {
    const outcome = play(of, arrivals, { settledSeconds, ...how })
    const recovered = recoveryMinutes(of, outcome, best)
    const run: Run = {
      failed: outcome.failed,
      attempts: outcome.attempts,
      throttledAttempts: outcome.throttledAttempts,
      writesPerHour: outcome.writes.length / of.hours,
      ...(recovered === undefined ? {} : { recoveryMinutes: recovered }),
    }
    return [key, run] as const
  })
  return { requests: arrivals.count, runs: Object.fromEntries(runs), watches }
}

/** @param watch the subject, each time with eyes of its own on it */
function planOf(
  scenario: Scenario,
  subject: Controller,
  watch: () => Controller,
): Record<string, How & { of?: Scenario }> {
  const { bare, retry, lab } = presets
  const others = [...references, ...peers, ...subjectsWith({}).filter(({ name }) => name !== subject.name)]
  const behind = (name: string, preset: Preset) =>
    [delayedOracle, staticQuota, equal].map((controller) => [
      `${name}/${controller.name}`,
      { preset, controller },
    ])
  return {
    'bare/router': { preset: bare, controller: 'router' },
    ...Object.fromEntries(
      others.map((controller) => [`bare/${controller.name}`, { preset: bare, controller }]),
    ),
    'bare/subject': { preset: bare, controller: watch() },
    'bare/unknown quotas': { preset: bare, controller: watch(), knowsQuotas: false },
    'bare/missing': { preset: bare, controller: watch(), defect: 'missing' },
    'bare/partial': { preset: bare, controller: watch(), defect: 'partial' },
    'bare/blackout': { preset: bare, controller: watch(), defect: 'blackout' },
    'bare/bounded': { preset: bare, controller: watch(), of: bounded(scenario) },
    ...Object.fromEntries([...behind('retry', retry), ...behind('lab', lab)]),
    'retry/subject': { preset: retry, controller: watch() },
    'lab/subject': { preset: lab, controller: watch() },
    'lab/subject, PUT resets breakers': { preset: lab, controller: watch(), resetsBreakers: true },
  }
}

/** From a third of the quota's share to half as much again, so that the bounds bite. */
function bounded(scenario: Scenario): Scenario {
  const whole = scenario.members.reduce((sum, { quotaTokensPerMinute }) => sum + quotaTokensPerMinute, 0)
  return {
    ...scenario,
    bounds: scenario.members.map(({ quotaTokensPerMinute }) => {
      const percent = (100 * quotaTokensPerMinute) / whole
      return [Math.floor(percent / 3), Math.ceil(Math.min(100, 5 + 1.5 * percent))]
    }),
  }
}
