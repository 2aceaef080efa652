import { allEnvironments, type Store } from '../store/store.ts'
import { dayKey, hourKey, probeKey, timeOfRound } from './keys.ts'
import { collapsed } from './tally.ts'

/** What probing keeps, and for how long: hours a week, days 90, failures 30 days and at most a thousand per probe, incidents 90 days. */

const dayMs = 86_400_000
const kept = { hoursMs: 7 * dayMs, daysMs: 90 * dayMs, failuresMs: 30 * dayMs, incidentsMs: 90 * dayMs }
const mostFailures = 1_000

type Tables = Pick<Store, 'environments' | 'probeStates' | 'verdicts' | 'failures' | 'incidents'>

/**
 * Collapses old hours into days and removes what is older than it is kept, of every environment. May break off and be done again.
 * @returns how many rows went
 */
export async function forgetVerdicts(store: Tables, nowMs: number): Promise<number> {
  let removed = 0
  for (const { name } of await store.environments.list(allEnvironments))
    removed += await forgetIn(store, name, nowMs)
  return removed
}

async function forgetIn(store: Tables, environment: string, nowMs: number): Promise<number> {
  let removed = 0
  for (const { probe, lastMs } of await store.probeStates.list(environment)) {
    const key = probeKey(probe)
    removed += await collapseHours(store, environment, key, nowMs)
    removed += await dropDays(store, environment, key, nowMs)
    removed += await dropFailures(store, environment, key, nowMs)
    // A probe that has not been asked for as long as its days are kept is no longer derived.
    if (lastMs < nowMs - kept.daysMs) {
      await store.probeStates.remove(environment, key)
      removed++
    }
  }
  for (const { id, state, resolvedMs = nowMs } of await store.incidents.list(environment))
    if (state === 'resolved' && resolvedMs < nowMs - kept.incidentsMs) {
      await store.incidents.remove(environment, id)
      removed++
    }
  return removed
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

async function dropFailures(store: Tables, environment: string, key: string, nowMs: number) {
  const rows = await store.failures.list(environment, { from: `${key}-`, before: `${key}.` })
  const tooMany = Math.max(0, rows.length - mostFailures)
  const old = rows.filter(
    ({ round }, index) => index < tooMany || timeOfRound(round) < nowMs - kept.failuresMs,
  )
  for (const { round } of old) await store.failures.remove(environment, `${key}-${round}`)
  return old.length
}
