import type { Probe } from '../probes/probe.ts'
import type { States } from './count.ts'

/** Of what a person would say works or does not: how much of the last 30 days it did. Pure. */

/** Of a hundred answers, so many must be right: 3.6 hours of a month may fail. */
const objectivePercent = 99.5

const dayMs = 86_400_000
const windowDays = 30

export interface ServiceLevel {
  journey: string
  objectivePercent: number
  /** Of the rounds that said something; absent before the first. */
  availabilityPercent?: number
  /** What is left of the failures that the objective allows; below zero when it is broken. */
  errorBudgetPercent?: number
  rounds: number
  failed: number
}

export function serviceLevels(probes: Probe[], states: States, nowMs: number): ServiceLevel[] {
  const from = Math.floor(nowMs / dayMs) - windowDays + 1
  const journeys = Map.groupBy(
    probes.filter(({ journey, vantage }) => journey !== undefined && vantage === 'inside'),
    ({ journey }) => journey ?? '',
  )
  return [...journeys].map(([journey, among]) => {
    const days = among.flatMap(({ id }) => states.get(id)?.days ?? []).filter(([day]) => day >= from)
    const failed = days.reduce((sum, [, , fail]) => sum + fail, 0)
    const rounds = days.reduce((sum, [, pass, fail]) => sum + pass + fail, 0)
    if (rounds === 0) return { journey, objectivePercent, rounds, failed }
    const share = failed / rounds
    return {
      journey,
      objectivePercent,
      availabilityPercent: rounded(100 * (1 - share)),
      errorBudgetPercent: rounded(100 * (1 - share / (1 - objectivePercent / 100))),
      rounds,
      failed,
    }
  })
}

const rounded = (percent: number) => Math.round(percent * 1000) / 1000
