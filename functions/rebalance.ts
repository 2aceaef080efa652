import type { InvocationContext, TimerHandler } from '@azure/functions'
import type { World } from '../src/operations/deeds.ts'
import type { BalanceWorld } from '../src/rebalance/deeds.ts'
import { forgetDecisions } from '../src/rebalance/forget-decisions.ts'
import { openEpisodes } from '../src/rebalance/open-episode.ts'
import { refreshQuotas } from '../src/rebalance/refresh-quotas.ts'
import { sweepPools } from '../src/rebalance/sweep-pools.ts'
import type { Alarmed } from './alerts.ts'
import { episodes } from './orchestrations.ts'

/** The rebalancer's beats: timers, and what alerts set off. */
type Open = (log: World['log']) => BalanceWorld

const logOf = (context: InvocationContext) => (line: string) => context.log(line)

export const sweepBalance =
  (open: Open): TimerHandler =>
  (_timer, context) =>
    sweepPools(open(logOf(context)), episodes(context))

export const readQuotas =
  (open: Open): TimerHandler =>
  (_timer, context) =>
    refreshQuotas(open(logOf(context)))

export const forgetOldDecisions =
  (open: Open): TimerHandler =>
  async (_timer, context) =>
    context.log(`${await forgetDecisions(open(logOf(context)).store, Date.now())} old decisions removed`)

/** Throttling alerts open episodes. */
export const watchClosely =
  (open: Open): Alarmed =>
  (alerts, nowMs, context) =>
    openEpisodes(open(logOf(context)), episodes(context), alerts, nowMs)
