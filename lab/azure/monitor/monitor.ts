import type { Azure } from '../arm/azure.ts'
import type { Answered } from '../gateway/answer.ts'
import { createTally, type Tally } from '../models/tally.ts'
import { evaluateRules } from './alerts.ts'
import { countAccounts } from './count-accounts.ts'
import { createGatewayCount } from './count-gateways.ts'
import { countHubs } from './count-hubs.ts'
import { createLogs } from './logs/collect.ts'
import { forgetMinutes, keepMinute } from './minutes.ts'
import { watchFrom } from './watch.ts'

/**
 * Azure Monitor: counts what gateways and models answered, minute by minute, and lets it be seen later. A call is counted in memory; at
 * the end of its virtual minute all of it becomes rows of the world. So what a kill can lose is the minute that is running, and never
 * one that was over.
 */
export type Monitor = {
  /** Where models count. */
  tally: Tally
  /** Where gateways tell. */
  answered(answered: Answered): void
  /** The end of a minute, by the agenda. */
  minuteEnds(): void
}

export function createMonitor(azure: Azure): Monitor {
  const opened = () => watchFrom(azure)
  const tally = createTally(opened)
  const gateways = createGatewayCount(azure, opened)
  const logs = createLogs(azure)
  return {
    tally,
    answered: (answered) => {
      gateways.note(answered)
      logs.note(answered)
    },
    minuteEnds: () => {
      const now = azure.clock.now()
      const counted = [...countAccounts(tally.take(now), azure), ...gateways.take(now), ...countHubs(azure)]
      for (const minute of counted) keepMinute(minute, azure)
      logs.keep(now)
      forgetMinutes(azure)
      evaluateRules(azure)
      // A busy minute is seldom the last one.
      if (counted.length > 0) watchFrom(azure)
    },
  }
}
