import type { InvocationContext, TimerHandler } from '@azure/functions'
import type { Settings } from '../src/azure/settings.ts'
import type { AgentRun } from '../src/probing/agent-run.ts'
import { openAsking } from '../src/probing/ask-all.ts'
import { forgetFailures, forgetVerdicts } from '../src/probing/forget.ts'
import { probeKey } from '../src/probing/keys.ts'
import { repairIncident } from '../src/probing/repair.ts'
import { tick } from '../src/probing/tick.ts'
import { openWebhook } from '../src/probing/webhook.ts'
import type { Probes } from '../src/probing/world.ts'
import type { Store } from '../src/store/store.ts'
import { now } from './clock.ts'
import { agentRuns, orchestrations } from './orchestrations.ts'

/** The timers of probing: the minute's, the hour's and the night's. What still runs when a minute ends is remembered here, by environment, for the next. */
export function probeEveryMinute(
  store: Store,
  probes: Probes,
  settings: Pick<Settings, 'autoRepair' | 'surroundings' | 'alertWebhook'>,
): TimerHandler {
  const askings = new Map<string, ReturnType<typeof openAsking>>()
  let log = (_line: string) => {}
  const asking = (environment: string) => {
    const found =
      askings.get(environment) ??
      openAsking(({ id }, error) => log(`${environment}: ${id} ended without a verdict: ${error}`))
    askings.set(environment, found)
    return found
  }
  const { alertWebhook } = settings
  return async (_timer, context) => {
    log = (line) => context.warn(line)
    await tick({
      store,
      probes,
      asking,
      log,
      channels: {
        log: (record) => context.warn(record),
        ...(alertWebhook === undefined ? {} : { post: openWebhook(alertWebhook) }),
      },
      startAgentRun: (environment, { id }) => startAgentRun(context, { environment, probe: id }),
      repair: (document, incident) =>
        repairIncident(store, orchestrations(context), settings, document, incident, now()),
      clock: { nowMs: Date.now, random: () => now().random },
    })
  }
}

/** One instance per probe: while it runs, it is not begun again. */
const startAgentRun = (context: InvocationContext, run: AgentRun) =>
  agentRuns(context).start(`${run.environment}-probe-${probeKey(run.probe)}`, run)

export const forgetOldVerdicts =
  (store: Store): TimerHandler =>
  async (_timer, context) =>
    context.log(`${await forgetVerdicts(store, Date.now())} old rows of probing removed`)

export const forgetOldFailures =
  (store: Store): TimerHandler =>
  async (_timer, context) =>
    context.log(`${await forgetFailures(store, Date.now())} failures of probing removed`)
