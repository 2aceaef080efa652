import { InvocationContext } from '@azure/functions'
import { receiveAlerts } from '../../../functions/alerts.ts'
import { rebalance } from '../../../orchestrations/rebalance.ts'
import { reconcile } from '../../../orchestrations/reconcile.ts'
import { createActivities } from '../../../src/activities.ts'
import { openGatewayLogs } from '../../../src/azure/gateway-logs.ts'
import { openMetrics } from '../../../src/azure/metrics.ts'
import { repairUnasked } from '../../../src/operations/repair-unasked.ts'
import { sweep } from '../../../src/operations/sweep.ts'
import type { BalanceWorld, Episodes, Watched } from '../../../src/rebalance/deeds.ts'
import { forgetDecisions } from '../../../src/rebalance/forget-decisions.ts'
import { openEpisodes } from '../../../src/rebalance/open-episode.ts'
import { refreshQuotas } from '../../../src/rebalance/refresh-quotas.ts'
import { sweepPools } from '../../../src/rebalance/sweep-pools.ts'
import { everything, type Here } from '../../histories/world.ts'
import { openPlots } from './plots.ts'

/**
 * The product as its host runs it, in this process and on the virtual clock: its timers at the moments of their schedules, its plots, and the
 * alerts that came to the simulated hub. Only the host itself is not there.
 */
export interface App {
  world: BalanceWorld
  /** Lets virtual time go by, with everything that falls due. */
  runUntil(endMs: number): Promise<void>
  /** How often each timer fired and each activity was called. */
  called: Record<string, number>
  /** How many episodes have begun. */
  episodes(): number
  log: string[]
}

const hub = '/_lab/eventhubs/evhns-ops/alerts'
const minuteMs = 60_000

/** @param repairs whether the drift engine runs beside the rebalancer */
export async function openApp(here: Here, { repairs }: { repairs: boolean }): Promise<App> {
  const settings = { ...here.lab.settings, surroundings: everything }
  const log: string[] = []
  const note = (line: string) => void log.push(`${new Date().toISOString()} ${line}`)
  const store = here.store()
  const world: BalanceWorld = {
    store,
    arm: here.arm,
    surroundings: everything,
    metrics: openMetrics(settings, here.lab.credential),
    logs: openGatewayLogs(settings, here.lab.credential),
    autoBalance: true,
    log: note,
  }
  const deeds = createActivities(
    () => world,
    () => Promise.reject(new Error('no probe runs here')),
  )
  const plots = openPlots({
    look: (input) => deeds.look(input as never, note),
    act: (input) => deeds.act(input as never, note),
    decideWeights: (input) => deeds.decideWeights(input as never, note),
    setWeights: (input) => deeds.setWeights(input as never, note),
  })
  let begun = 0
  const episodes: Episodes = {
    status: async (id) => plots.status(id),
    async start(id, watched: Watched) {
      begun++
      plots.start(id, rebalance, watched)
    },
  }
  const operations = {
    status: async (id: string) => plots.status(id),
    start: async (id: string, run: unknown) => plots.start(id, reconcile, run),
  }

  let heard = (await eventsSince(here, 0)).at(-1)?.number ?? 0
  const receive = receiveAlerts(store, (alerts, nowMs) => openEpisodes(world, episodes, alerts, nowMs))
  async function fetchAlerts() {
    const events = await eventsSince(here, heard)
    const first = events[0]
    if (!first) return
    heard = events.at(-1)?.number ?? heard
    await receive(
      events.map(({ body }) => bodyOf(body)),
      batch(events),
    )
  }

  let random = 0
  async function repairDrift() {
    for (const found of await sweep(world)) {
      const clock = { nowMs: Date.now(), random: String(random++).padStart(4, '0') }
      if (found.findings.length > 0)
        await repairUnasked(store, operations, found, { autoRepair: true, surroundings: everything }, clock)
    }
  }

  const timers = [
    every(1 / 2, 0, 'alerts', fetchAlerts),
    every(5, 2 * minuteMs + 20_000, 'sweep', () => sweepPools(world, episodes)),
    every(60, 4 * minuteMs + 50_000, 'quotas', () => refreshQuotas(world)),
    every(24 * 60, (3 * 60 + 47) * minuteMs, 'forget', () => forgetDecisions(store, Date.now())),
    ...(repairs ? [every(15, 7 * minuteMs + 30_000, 'drift', repairDrift)] : []),
  ]
  return {
    world,
    log,
    called: plots.called,
    episodes: () => begun,
    async runUntil(endMs) {
      for (;;) {
        await plots.wake()
        const nowMs = Date.now()
        for (const timer of timers) if (timer.dueMs <= nowMs) await fire(timer, plots.called)
        const nextMs = Math.min(endMs, plots.nextMs(), ...timers.map(({ dueMs }) => dueMs))
        if (nextMs > Date.now()) await here.advance((nextMs - Date.now()) / 1000)
        else if (Date.now() >= endMs) return
      }
    },
  }
}

interface Timer {
  name: string
  everyMs: number
  offsetMs: number
  dueMs: number
  run(): Promise<unknown>
}

function every(minutes: number, offsetMs: number, name: string, run: Timer['run']): Timer {
  const timer = { name, everyMs: minutes * minuteMs, offsetMs, dueMs: 0, run }
  return { ...timer, dueMs: nextOf(timer) }
}

const nextOf = ({ everyMs, offsetMs }: Pick<Timer, 'everyMs' | 'offsetMs'>): number =>
  (Math.floor((Date.now() - offsetMs) / everyMs) + 1) * everyMs + offsetMs

async function fire(timer: Timer, called: Record<string, number>) {
  called[timer.name] = (called[timer.name] ?? 0) + 1
  await timer.run()
  timer.dueMs = nextOf(timer)
}

interface HubEvent {
  number: number
  at: string
  body: string
}

async function eventsSince(here: Here, number: number): Promise<HubEvent[]> {
  const response = await fetch(new URL(`${hub}?since=${number}`, here.lab.azure.url))
  return (await response.json()) as HubEvent[]
}

/** What the host makes of an event: JSON as a value, anything else as a text. */
function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const batch = (events: HubEvent[]) =>
  new InvocationContext({
    functionName: 'alerts',
    invocationId: 'alerts',
    logHandler: () => {},
    triggerMetadata: {
      partitionContext: { partitionId: '0' },
      sequenceNumberArray: events.map(({ number }) => number),
      enqueuedTimeUtcArray: events.map(({ at }) => at),
    },
  })
