import pLimit from 'p-limit'
import { allEnvironments, type Store } from '../store/store.ts'
import { dayKey, failureKey, hourKey, probeKey, timeOfRound } from './keys.ts'
import { collapsed } from './tally.ts'

/**
 * What probing keeps, and for how long: hours a week, days 90, incidents 90 days and at most 500, failures 30 days and at most 10,000; the failure with
 * which an incident began as long as the incident.
 */

const dayMs = 86_400_000
const kept = { hoursMs: 7 * dayMs, daysMs: 90 * dayMs, failuresMs: 30 * dayMs, incidentsMs: 90 * dayMs }
const mostFailures = 10_000
const mostFailuresOfOne = 1_000
const mostIncidents = 500
const mostRemovalsAtOnce = 8

type Tables = Pick<Store, 'environments' | 'probeStates' | 'verdicts' | 'failures' | 'incidents'>

/**
 * Collapses old hours into days and removes what is older than it is kept, of every environment. May break off and be done again.
 * @returns how many rows went
 */
export const forgetVerdicts = (store: Tables, nowMs: number): Promise<number> =>
  inEach(store, (name) => forgetIn(store, name, nowMs))

/** Removes failures beyond what is kept; to be called every hour, because a bad one brings thousands. */
export const forgetFailures = (store: Tables, nowMs: number): Promise<number> =>
  inEach(store, (name) => dropFailures(store, name, nowMs))

async function inEach(store: Tables, forget: (environment: string) => Promise<number>): Promise<number> {
  let removed = 0
  for (const { name } of await store.environments.list(allEnvironments)) removed += await forget(name)
  return removed
}

async function forgetIn(store: Tables, environment: string, nowMs: number): Promise<number> {
  let removed = 0
  for (const { probe, lastMs } of await store.probeStates.list(environment)) {
    const key = probeKey(probe)
    removed += await collapseHours(store, environment, key, nowMs)
    removed += await dropDays(store, environment, key, nowMs)
    // A probe that has not been asked for as long as its days are kept is no longer derived.
    if (lastMs < nowMs - kept.daysMs) {
      await store.probeStates.remove(environment, key)
      removed++
    }
  }
  return removed + (await dropIncidents(store, environment, nowMs))
}

async function dropIncidents(store: Tables, environment: string, nowMs: number) {
  const over = (await store.incidents.list(environment)).filter(({ state }) => state === 'resolved')
  const old = over.filter(
    ({ resolvedMs = nowMs }, index) =>
      index < over.length - mostIncidents || resolvedMs < nowMs - kept.incidentsMs,
  )
  for (const { id } of old) await store.incidents.remove(environment, id)
  return old.length
}

/** The day's row is written before its hours go: written again from fewer hours it would be wrong, so it is only written while all are there. */
async function collapseHours(store: Tables, environment: string, key: string, nowMs: number) {
  const before = Math.floor((nowMs - kept.hoursMs) / dayMs) * dayMs
  const hours = await store.verdicts.list(environment, {
    from: hourKey(key, 0),
    before: hourKey(key, before),
  })
  const days = Map.groupBy(hours, ({ startMs }) => Math.floor(startMs / dayMs) * dayMs)
  for (const [startMs, ofDay] of days) {
    await store.verdicts.insert(environment, dayKey(key, startMs), collapsed(ofDay, startMs))
    for (const hour of ofDay) await store.verdicts.remove(environment, hourKey(key, hour.startMs))
  }
  return hours.length
}

async function dropDays(store: Tables, environment: string, key: string, nowMs: number) {
  const old = await store.verdicts.list(environment, {
    from: dayKey(key, 0),
    before: dayKey(key, nowMs - kept.daysMs),
  })
  for (const { startMs } of old) await store.verdicts.remove(environment, dayKey(key, startMs))
  return old.length
}

/** Of those probes that fail most, the oldest go first, so that one that fails all the time leaves the others their evidence. */
async function dropFailures(store: Tables, environment: string, nowMs: number) {
  const began = new Set((await store.incidents.list(environment)).map(({ firstFailure }) => firstFailure))
  const rows = (await store.failures.list(environment)).filter(
    ({ probe, round }) => !began.has(failureKey(probe, round)),
  )
  const byProbe = [...Map.groupBy(rows, ({ probe }) => probe).values()]
  const share = Math.min(
    mostFailuresOfOne,
    evenShare(
      byProbe.map(({ length }) => length),
      mostFailures,
    ),
  )
  const old = byProbe.flatMap((ofOne) =>
    ofOne.filter(
      ({ round }, index) => index < ofOne.length - share || timeOfRound(round) < nowMs - kept.failuresMs,
    ),
  )
  await pLimit(mostRemovalsAtOnce).map(old, ({ probe, round }) =>
    store.failures.remove(environment, failureKey(probe, round)),
  )
  return old.length
}

/** The most that each may have, so that all together have no more than `total`. */
function evenShare(counts: number[], total: number): number {
  let left = total
  for (const [index, count] of counts.toSorted((a, b) => a - b).entries()) {
    const share = Math.floor(left / (counts.length - index))
    if (count > share) return share
    left -= count
  }
  return Number.POSITIVE_INFINITY
}
