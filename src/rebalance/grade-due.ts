import type { GatewayMinute } from '../azure/gateway-logs.ts'
import type { BalanceWorld } from './deeds.ts'
import type { Sight } from './evidence.ts'
import { dueForGrading, graded, windowsOf } from './grading.ts'
import type { Group } from './group-state.ts'
import { type BalanceRow, decisionsOf } from './rows.ts'
import type { Subject } from './subject.ts'

/**
 * Judges the moves whose time has come, each on its own row. Where the gateway's log is at hand, what callers saw is told beside: breakers and
 * retries hide much of what members answer.
 */
export async function gradeDue(
  { store, logs }: BalanceWorld,
  subject: Subject,
  row: BalanceRow,
  {
    sight,
    groups,
    memories,
    nowMs,
  }: { sight: Sight; groups: Group[]; memories: BalanceRow['memories']; nowMs: number },
): Promise<BalanceRow> {
  const due = sight.unreadable.length > 0 ? [] : dueForGrading(row, nowMs)
  const partition = decisionsOf(row.environment, row.pool)
  for (const { key, atMs } of due) {
    const found = await store.decisions.get(partition, key)
    if (!found) continue
    const grade = graded(found.value, atMs, sight.samples, groups, memories)
    const seen = found.value.state === 'written' ? await callersSaw(logs, subject, atMs) : undefined
    const why = seen === undefined ? grade.why : `${grade.why}; ${seen}`
    await store.decisions.put(partition, key, { ...found.value, grade: { ...grade, why, gradedMs: nowMs } })
  }
  return due.length > 0 ? { ...row, ungraded: row.ungraded.filter((move) => !due.includes(move)) } : row
}

/** Undefined where no log tells. */
async function callersSaw(
  logs: BalanceWorld['logs'],
  { apimId, born }: Subject,
  movedMs: number,
): Promise<string | undefined> {
  const { before, after } = windowsOf(movedMs)
  const told = await logs?.minutes(apimId, { fromMs: before.fromMs, untilMs: after.untilMs })
  if (told?.is !== 'measured') return undefined
  const names = new Set(born.map(({ backend }) => backend))
  const failedIn = ({ fromMs, untilMs }: typeof before) =>
    failedShare(
      told.minutes.filter(
        ({ minuteMs, backend }) =>
          minuteMs >= fromMs && minuteMs < untilMs && names.has(backend?.toLowerCase() ?? ''),
      ),
    )
  const [then, now] = [failedIn(before), failedIn(after)]
  return then === undefined || now === undefined
    ? undefined
    : `by the gateway’s log ${percent(then)} of its callers’ calls failed before, ${percent(now)} after`
}

function failedShare(minutes: GatewayMinute[]): number | undefined {
  const sum = (some: GatewayMinute[]) => some.reduce((total, { count }) => total + count, 0)
  const all = sum(minutes)
  return all > 0 ? sum(minutes.filter(({ status }) => status === 429 || status >= 500)) / all : undefined
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`
