import type { JournalRow } from '../../../lab/azure-client.ts'
import { openMetrics } from '../../../src/azure/metrics.ts'
import { sharesOf, type Weights } from '../../../src/gateway/shares.ts'
import type { BalanceRow, DecisionRow } from '../../../src/rebalance/rows.ts'
import { everything, type Here, openHere } from '../../histories/world.ts'
import { documentOf, eus, eus2 } from '../world.ts'
import { type App, openApp } from './app.ts'
import { happens } from './happen.ts'
import { bornWeights, putsOf } from './puts.ts'
import type { Scenario } from './scenarios.ts'

/**
 * Plays scenarios, each on a simulated Azure of its own that goes on from one provisioned environment: real policies, real clients, Azure's own
 * delays, and the same calls to the moment.
 */
export type Stage = (scenario: Scenario, mode: Mode, options?: { repairs?: boolean }) => Promise<Played>

export type Mode = 'off' | 'shadow' | 'auto'

export interface Played {
  scenario: Scenario
  mode: Mode
  beganMs: number
  minutes: Minute[]
  calls: Calls
  /** What ARM and Azure Monitor were asked meanwhile, strangers' calls too. */
  journal: Asked[]
  decisions: DecisionRow[]
  row: BalanceRow | undefined
  app: App
}

/** How the pool stands at a minute's end, and what happened in it. */
export interface Minute {
  shares: Weights
  calls: Calls
  /** Answers 429 of the members themselves, as the metric has them in the end. */
  throttled: Record<string, number>
}

export interface Calls {
  sent: number
  succeeded: number
  failed: number
}

export type Asked = JournalRow & { path: string; atMs: number }

const minuteMs = 60_000

/**
 * The first play is on the Azure of the provision itself, the others on new ones. Only the first can last longer than a token does: the identity
 * SDK asks the endpoint it met first in this process, for ever.
 */
export async function openStage(): Promise<Stage> {
  const here = await openHere({ temper: 'fast', surroundings: everything })
  await here.reset(documentOf('auto'))
  const from = await here.fork()
  let first: Here | undefined = here
  return async (scenario, mode, { repairs = false } = {}) => {
    const place = first ?? (await openHere({ surroundings: everything, from }))
    first = undefined
    return play(place, scenario, mode, repairs).finally(() => place.close())
  }
}

async function play(here: Here, scenario: Scenario, mode: Mode, repairs: boolean): Promise<Played> {
  const safely: [string, string][] = repairs ? [['repair: { auto: []', 'repair: { auto: [safe]']] : []
  const stored = await here.store().environments.get('environment', 'contoso')
  if (!stored) throw new Error('the environment is not there')
  const document = documentOf(mode, ...safely)
  await here.store().environments.put('environment', 'contoso', { ...stored.value, document })
  const app = await openApp(here, { repairs })
  // A whole minute, so that one of a scenario is one of Azure's, and all runs begin at the same moment.
  await app.runUntil(Math.ceil(Date.now() / minuteMs + 1) * minuteMs)
  const since = (await journal(here, 0)).at(-1)?.seq ?? 0
  const beganMs = Math.floor(Date.now() / minuteMs) * minuteMs
  const minutes: Minute[] = []
  let before = noCalls
  for (let minute = 0; minute < scenario.minutes; minute++) {
    if (minute % longestTrace === 0) await startCalls(here, scenario, minute)
    for (const happening of scenario.happenings) await happens(here, happening, minute)
    await app.runUntil(beganMs + (minute + 1) * minuteMs)
    const total = await callsOf(here)
    minutes.push({ shares: {}, calls: less(total, before), throttled: {} })
    before = total
  }
  const rows = await journal(here, since)
  tellShares(rows, beganMs, minutes)
  await here.clearFaults()
  await here.advance(10 * 60)
  await tellThrottled(here, beganMs, minutes)
  return {
    scenario,
    mode,
    beganMs,
    minutes,
    calls: await callsOf(here),
    journal: rows,
    decisions: await app.world.store.decisions.list('contoso:gpt-4o'),
    row: (await app.world.store.balance.get('contoso', 'gpt-4o'))?.value,
    app,
  }
}

/** The lab's traces end after a day. */
const longestTrace = 24 * 60

const startCalls = (here: Here, { minutes, scale, seed }: Scenario, minute: number) =>
  here.lab.post('/_lab/traffic', {
    start: {
      name: `calls-${minute}`,
      gateway: 'contoso-apim',
      deployment: 'gpt-4o',
      trace: { synthetic: 'conversation', minutes: Math.min(longestTrace, minutes - minute), seed },
      scale,
    },
  })

const noCalls: Calls = { sent: 0, succeeded: 0, failed: 0 }
const less = (one: Calls, other: Calls): Calls => ({
  sent: one.sent - other.sent,
  succeeded: one.succeeded - other.succeeded,
  failed: one.failed - other.failed,
})

async function callsOf(here: Here): Promise<Calls> {
  const response = await fetch(new URL('/_lab/traffic', here.lab.azure.url))
  const runs = (await response.json()) as {
    sent: number
    succeeded: number
    failed: Record<string, number>
  }[]
  const sum = (of: (run: (typeof runs)[number]) => number) => runs.reduce((total, run) => total + of(run), 0)
  return {
    sent: sum(({ sent }) => sent),
    succeeded: sum(({ succeeded }) => succeeded),
    failed: sum(({ failed }) => Object.values(failed).reduce((total, count) => total + count, 0)),
  }
}

async function journal(here: Here, since: number): Promise<Asked[]> {
  return (await here.journal(since)).map((row) => ({
    ...row,
    path: decodeURIComponent(row.url.split('?')[0] ?? ''),
    atMs: Date.parse(row.at),
  }))
}

async function tellThrottled(here: Here, beganMs: number, minutes: Minute[]): Promise<void> {
  const ids = (await here.resources())
    .filter(({ type }) => type.toLowerCase() === 'microsoft.cognitiveservices/accounts')
    .map(({ id, ['location']: location }) => ({ id, location: String(location) }))
  const span = { fromMs: beganMs, untilMs: beganMs + minutes.length * minuteMs }
  const settings = { ...here.lab.settings, surroundings: everything }
  for (const [id, told] of await openMetrics(settings, here.lab.credential).minutes(ids, span)) {
    if (told.is !== 'measured') throw new Error(`${id}: ${told.failure.message}`)
    const backend = id.endsWith('contoso-eus2') ? eus2 : eus
    for (const { minuteMs: atMs, byStatus } of told.minutes) {
      const minute = minutes[Math.floor((atMs - beganMs) / minuteMs)]
      if (minute) minute.throttled[backend] = byStatus[429] ?? 0
    }
  }
}

function tellShares(rows: Asked[], beganMs: number, minutes: Minute[]): void {
  const puts = putsOf({ journal: rows })
  for (const [minute, told] of minutes.entries()) {
    const endMs = beganMs + (minute + 1) * minuteMs
    told.shares = sharesOf(puts.findLast(({ atMs }) => atMs < endMs)?.weights ?? bornWeights)
  }
}
