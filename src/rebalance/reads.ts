import type { Listed } from '../azure/arm.ts'
import type { Account, Measured } from '../azure/metrics.ts'
import { once } from '../once.ts'
import { pool as poolKind } from '../resources/backend.ts'
import type { BalanceWorld } from './deeds.ts'
import { lookBackMinutes } from './grading.ts'
import { minuteMs, minuteOf } from './rows.ts'
import type { Subject } from './subject.ts'

/** What Azure says in one round of turns, asked once however many pools want to know. */
export interface Reads {
  /** Every backend of a service: pools with their weights, members with their breakers. */
  backends(apimId: string): Promise<Listed>
  /** By account id. */
  minutes(): Promise<Map<string, Measured>>
}

/** @param subjects whose accounts are measured, all at once when the first of them asks */
export function openReads(
  { arm, metrics }: Pick<BalanceWorld, 'arm' | 'metrics'>,
  subjects: Subject[],
  nowMs: number,
): Reads {
  const lists = new Map<string, () => Promise<Listed>>()
  const span = { fromMs: minuteOf(nowMs) - lookBackMinutes * minuteMs, untilMs: minuteOf(nowMs) }
  return {
    backends(apimId) {
      const list = lists.get(apimId) ?? once(() => arm.list(poolKind, `${apimId}/backends`))
      lists.set(apimId, list)
      return list()
    },
    minutes: once(() => metrics.minutes(accountsOf(subjects), span)),
  }
}

/** Each account once, whichever pools it is in. */
function accountsOf(subjects: Subject[]): Account[] {
  const accounts = new Map(
    subjects.flatMap(({ sources }) =>
      sources.map(({ accountId, location }) => [accountId, { id: accountId, location }]),
    ),
  )
  return [...accounts.values()]
}
