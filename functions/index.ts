import { app as host, type InvocationContext } from '@azure/functions'
import * as df from 'durable-functions'
import { reconcile } from '../orchestrations/reconcile.ts'
import { createActivities } from '../src/activities.ts'
import { forget } from '../src/alerts/forget.ts'
import { openArm } from '../src/azure/arm.ts'
import { openCredential, openPipelines } from '../src/azure/clients.ts'
import { readSettings } from '../src/azure/settings.ts'
import { once } from '../src/once.ts'
import type { Orders, Run } from '../src/operations/deeds.ts'
import { importGroup } from '../src/operations/import.ts'
import { preflight } from '../src/operations/preflight.ts'
import { preview } from '../src/operations/preview.ts'
import { repairUnasked } from '../src/operations/repair-unasked.ts'
import { sweep } from '../src/operations/sweep.ts'
import { openStore } from '../src/store/store.ts'
import { receiveAlerts } from './alerts.ts'
import type { App } from './app.ts'
import { now } from './clock.ts'
import { openDoor } from './door.ts'
import { orchestrations } from './orchestrations.ts'
import { routes } from './routes.ts'

/** The composition root, and the only place that registers anything: settings → credential → clients → activities → doors. */
const settings = readSettings(process.env)
const credential = once(() => openCredential(settings))
const store = openStore(settings.tablesUrl, credential)
const arm = openArm(settings.resourceManager.endpoint, openPipelines(settings, credential))
const { surroundings, resourceGroups } = settings

const activities = createActivities((log) => ({ store, arm, surroundings, log }))
const logOf = (context: InvocationContext) => (line: string) => context.log(line)
df.app.activity('look', { handler: (run: Run, context) => activities.look(run, logOf(context)) })
df.app.activity('act', { handler: (orders: Orders, context) => activities.act(orders, logOf(context)) })
df.app.orchestration('reconcile', reconcile)

const app: App = {
  store,
  surroundings,
  resourceGroups,
  orchestrations,
  plan: (document) => preview({ arm, surroundings, store }, document),
  preflight: (document) => preflight({ arm, surroundings }, document),
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
    // Only a table out of reach fails a batch, and a batch that is given up is lost: the checkpoint moves on all the same.
    retry: {
      strategy: 'exponentialBackoff',
      maxRetryCount: -1,
      minimumInterval: { seconds: 5 },
      maximumInterval: { minutes: 2 },
    },
    handler: receiveAlerts(store),
  })
host.timer('forgetAlerts', {
  schedule: '0 41 3 * * *',
  handler: async (_timer, context) =>
    context.log(`${await forget(store, Date.now())} old rows of alerts removed`),
})
for (const route of routes) openDoor(route, app)
