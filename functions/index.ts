import { app as host, type InvocationContext } from '@azure/functions'
import * as df from 'durable-functions'
import { agentProbe } from '../orchestrations/agent-probe.ts'
import { rebalance } from '../orchestrations/rebalance.ts'
import { reconcile } from '../orchestrations/reconcile.ts'
import { createActivities } from '../src/activities.ts'
import { forget } from '../src/alerts/forget.ts'
import { openArm } from '../src/azure/arm.ts'
import { openCredential, openPipelines } from '../src/azure/clients.ts'
import { openGatewayLogs } from '../src/azure/gateway-logs.ts'
import { openMetrics } from '../src/azure/metrics.ts'
import { readSettings } from '../src/azure/settings.ts'
import { once } from '../src/once.ts'
import { auditGateway } from '../src/operations/audit.ts'
import type { Orders, Run } from '../src/operations/deeds.ts'
import { importGroup } from '../src/operations/import.ts'
import { preflight } from '../src/operations/preflight.ts'
import { preview } from '../src/operations/preview.ts'
import { repairUnasked } from '../src/operations/repair-unasked.ts'
import { sweep } from '../src/operations/sweep.ts'
import { openCredentials } from '../src/probes/tokens.ts'
import { type AgentRun, agentRun } from '../src/probing/agent-run.ts'
import { openProbes } from '../src/probing/probes.ts'
import type { BalanceWorld, Order, Watched } from '../src/rebalance/deeds.ts'
import { openStore } from '../src/store/store.ts'
import { receiveAlerts } from './alerts.ts'
import type { App } from './app.ts'
import { now } from './clock.ts'
import { openDoor } from './door.ts'
import { orchestrations } from './orchestrations.ts'
import { forgetOldFailures, forgetOldVerdicts, probeEveryMinute } from './probing.ts'
import { forgetOldDecisions, readQuotas, sweepBalance, watchClosely } from './rebalance.ts'
import { routes } from './routes.ts'

/** The composition root, and the only place that registers anything: settings → credential → clients → activities → doors. */
const settings = readSettings(process.env)
const credential = once(() => openCredential(settings))
const store = openStore(settings.tablesUrl, credential)
const arm = openArm(settings.resourceManager.endpoint, openPipelines(settings, credential))
const metrics = openMetrics(settings, credential)
const logs = openGatewayLogs(settings, credential)
const { surroundings, resourceGroups, autoBalance } = settings

const open = (log: BalanceWorld['log']) => ({ store, arm, surroundings, metrics, logs, autoBalance, log })
const probes = openProbes({ store, arm, surroundings, credentials: openCredentials(settings) })
const activities = createActivities(open, (run) =>
  agentRun(store, probes, run, { nowMs: Date.now, random: () => now().random }),
)
const logOf = (context: InvocationContext) => (line: string) => context.log(line)
df.app.activity('look', { handler: (run: Run, context) => activities.look(run, logOf(context)) })
df.app.activity('act', { handler: (orders: Orders, context) => activities.act(orders, logOf(context)) })
df.app.activity('decideWeights', {
  handler: (watched: Watched, context) => activities.decideWeights(watched, logOf(context)),
})
df.app.activity('setWeights', {
  handler: (order: Order, context) => activities.setWeights(order, logOf(context)),
})
df.app.activity('askAgent', {
  handler: (run: AgentRun, context) => activities.askAgent(run, logOf(context)),
})
df.app.orchestration('agentProbe', agentProbe)
df.app.orchestration('reconcile', reconcile)
df.app.orchestration('rebalance', rebalance)

const app: App = {
  store,
  surroundings,
  resourceGroups,
  autoBalance,
  orchestrations,
  probes,
  plan: (document) => preview({ arm, surroundings, store }, document),
  preflight: (document) => preflight({ arm, surroundings }, document),
  audit: (document) => auditGateway({ arm, surroundings, metrics, gatewayLogs: logs }, document, Date.now()),
  importGroup: (resourceGroup, wishes) => importGroup({ arm, surroundings, store }, resourceGroup, wishes),
}
host.timer('driftSweep', {
  // Every quarter of an hour, and between the minutes at which everybody's schedules fire.
  schedule: '30 7-59/15 * * * *',
  extraInputs: [df.input.durableClient()],
  handler: async (_timer, context) => {
    const log = logOf(context)
    for (const found of await sweep({ store, arm, surroundings, log })) {
      if (found.findings.length === 0) continue
      const decision = await repairUnasked(store, orchestrations(context), found, settings, now())
      log(`${found.environment}: ${decision.is === 'repair' ? 'repairing unasked' : decision.why}`)
    }
  },
})
if (settings.alertsHub)
  host.eventHub('alerts', {
    connection: 'AlertsHub',
    eventHubName: settings.alertsHub.name,
    consumerGroup: settings.alertsHub.consumerGroup,
    cardinality: 'many',
    extraInputs: [df.input.durableClient()],
    // Only a table out of reach fails a batch, and a batch that is given up is lost: the checkpoint moves on all the same.
    retry: {
      strategy: 'exponentialBackoff',
      maxRetryCount: -1,
      minimumInterval: { seconds: 5 },
      maximumInterval: { minutes: 2 },
    },
    handler: receiveAlerts(store, watchClosely(open)),
  })
host.timer('forgetAlerts', {
  schedule: '0 41 3 * * *',
  handler: async (_timer, context) =>
    context.log(`${await forget(store, Date.now())} old rows of alerts removed`),
})
host.timer('balanceSweep', {
  schedule: '20 2-59/5 * * * *',
  extraInputs: [df.input.durableClient()],
  handler: sweepBalance(open),
})
host.timer('readQuotas', { schedule: '50 4 * * * *', handler: readQuotas(open) })
host.timer('forgetDecisions', { schedule: '0 47 3 * * *', handler: forgetOldDecisions(open) })
if (settings.probing)
  host.timer('probe', {
    schedule: '0 * * * * *',
    extraInputs: [df.input.durableClient()],
    handler: probeEveryMinute(store, probes, settings),
  })
host.timer('forgetFailures', { schedule: '0 23 * * * *', handler: forgetOldFailures(store) })
host.timer('forgetVerdicts', { schedule: '0 53 3 * * *', handler: forgetOldVerdicts(store) })
for (const route of routes) openDoor(route, app)
