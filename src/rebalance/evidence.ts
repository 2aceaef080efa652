import type { Measured } from '../azure/metrics.ts'
import { type DeploymentMinute, samplesOf } from '../balance/from-metrics.ts'
import type { Sample } from '../balance/index.ts'
import type { Evidence, Totals } from './rows.ts'
import { minuteMs } from './rows.ts'
import type { Subject } from './subject.ts'

/** What was measured of a pool. Pure. */
export interface Sight {
  /** Of all minutes read that are old enough, oldest first. */
  samples: Sample[]
  /** Those the law has not had. */
  fresh: Sample[]
  /** Rows newer than what the law has had that contradict themselves, in words. */
  contradictions: string[]
  /** Accounts that could not be read, in words. */
  unreadable: string[]
}

/** The law takes nothing older; what could not be read for so long is lost. */
const oldestFreshMinutes = 30

/** @param measured by account id, for all accounts of the pool */
export function sightOf(
  subject: Pick<Subject, 'sources'>,
  measured: Map<string, Measured>,
  consumed: Record<string, number>,
  nowMs: number,
): Sight {
  const minutes: Record<string, DeploymentMinute[]> = {}
  const unreadable: string[] = []
  for (const { accountId, account } of subject.sources) {
    const told = measured.get(accountId)
    if (told?.is === 'measured') minutes[accountId] = told.minutes
    else unreadable.push(`${account}: ${told ? told.failure.message || told.failure.code : 'not asked'}`)
  }
  const members = subject.sources.map(({ backend, accountId, deployment }) => ({
    backend,
    account: accountId,
    deployment,
  }))
  const { samples, dropped } = samplesOf(new Date(nowMs), members, minutes)
  const isFresh = ({ backend, minute }: { backend: string; minute: string }) =>
    Date.parse(minute) > (consumed[backend] ?? 0) &&
    Date.parse(minute) >= nowMs - oldestFreshMinutes * minuteMs
  return {
    samples,
    fresh: samples.filter(isFresh),
    contradictions: dropped
      .filter(isFresh)
      .map(({ backend, minute, why }) => `${backend} at ${minute.slice(11, 16)}: ${why}`),
    unreadable: [...new Set(unreadable)],
  }
}

/** The newest minute of each backend, where that is newer than what was known. */
export const consumedWith = (consumed: Record<string, number>, fresh: Sample[]): Record<string, number> => {
  const newest = { ...consumed }
  for (const { backend, minute } of fresh)
    newest[backend] = Math.max(newest[backend] ?? 0, Date.parse(minute))
  return newest
}

export function evidenceOf(samples: Sample[]): Evidence | undefined {
  const moments = samples.map(({ minute }) => Date.parse(minute))
  if (moments.length === 0) return undefined
  const totals: Record<string, Totals> = {}
  for (const { backend, total, ok, throttled, errors, tokens } of samples) {
    const sum = totals[backend] ?? { total: 0, ok: 0, throttled: 0, errors: 0, tokens: 0 }
    totals[backend] = {
      total: sum.total + total,
      ok: sum.ok + ok,
      throttled: sum.throttled + throttled,
      errors: sum.errors + errors,
      tokens: sum.tokens + tokens,
    }
  }
  return { fromMs: Math.min(...moments), untilMs: Math.max(...moments) + minuteMs, totals }
}

/** More 429s than a stray one. @param saturatedShare the law's rule */
export const isBusy = (samples: Sample[], saturatedShare: number): boolean =>
  samples.some(({ throttled, total }) => throttled > 0 && throttled >= saturatedShare * total)

/** The newest minute in which anything was turned away or failed. */
export function newestTroubleMs(samples: Sample[]): number | undefined {
  const moments = samples
    .filter(({ throttled, errors }) => throttled + errors > 0)
    .map(({ minute }) => Date.parse(minute))
  return moments.length > 0 ? Math.max(...moments) : undefined
}
