import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { ask } from '../../src/probes/modules/index.ts'
import type { Probe } from '../../src/probes/probe.ts'
import { mostAtOnce, mostPerLimit, openAsking } from '../../src/probing/ask-all.ts'
import { countRound } from '../../src/probing/count.ts'
import { forgetVerdicts } from '../../src/probing/forget.ts'
import { waitingRounds, writeAhead } from '../../src/probing/round.ts'
import { type Kept, memoryStore } from '../memory-store.ts'
import { closeServers, serve } from '../probes/modules/servers.ts'
import { toolsWith } from '../probes/modules/tools.ts'
import { document, probe } from '../probing/fakes.ts'
import { bytesOfMonth } from '../probing/month.ts'

/**
 * A round over 300 probes of 20 HTTPS servers, whose answers take drawn times: how much longer it takes than its slowest probe and the queueing that
 * its limits impose; what it costs to count it; what a month of such rounds keeps.
 */
const count = 300
const hosts = 20

/** mulberry32. */
function random(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Most answer within half a second, one in thirty takes up to five, and one host is slow altogether. */
function latencyMs(host: number, draw: () => number): number {
  const usual = 50 + 450 * draw() ** 2
  if (draw() < 1 / 30) return 1_000 + 4_000 * draw()
  return host === 0 ? usual + 500 : usual
}

async function openProbesOf(draw: () => number): Promise<Probe[]> {
  const ports = await Promise.all(
    Array.from({ length: hosts }, () =>
      serve(async ({ url }, response) => {
        await sleep(Number(url?.replace(/^\D*/, '')))
        response.end('up')
      }),
    ),
  )
  return Array.from({ length: count }, (_, index): Probe => {
    const host = index % hosts
    const url = `https://127.0.0.1:${ports[host]}/${Math.round(latencyMs(host, draw))}`
    const shared = probe(`page/${index}`, { layer: 'gateway', limit: `host ${host}` })
    return { ...shared, module: 'page', target: { url, within: ['127.0.0.0/8'], statuses: [200] } }
  })
}

/** When the last of these ends if each begins as soon as the limits let it, in their order. */
function boundMs(took: { limit: string; ms: number }[]): number {
  const waiting = [...took]
  const running: { limit: string; endMs: number }[] = []
  let nowMs = 0
  const next = () =>
    running.length < mostAtOnce
      ? waiting.findIndex(({ limit }) => running.filter((it) => it.limit === limit).length < mostPerLimit)
      : -1
  while (waiting.length + running.length > 0) {
    for (let index = next(); index >= 0; index = next())
      for (const { limit, ms } of waiting.splice(index, 1)) running.push({ limit, endMs: nowMs + ms })
    nowMs = Math.min(...running.map(({ endMs }) => endMs))
    running.splice(
      running.findIndex(({ endMs }) => endMs === nowMs),
      1,
    )
  }
  return nowMs
}

export async function run(json: boolean): Promise<void> {
  const seed = 7
  const probes = await openProbesOf(random(seed))
  const tools = toolsWith()
  const ms = new Map<string, number>()
  const broken: string[] = []
  const asking = openAsking(({ id }, error) => broken.push(`${id}: ${error}`))
  const begunMs = performance.now()
  const taken = await asking.ask(
    probes,
    async (one) => {
      const fromMs = performance.now()
      const verdict = await ask(one, tools, new AbortController().signal)
      ms.set(one.id, performance.now() - fromMs)
      return verdict
    },
    Date.now() + 60_000,
  )
  const wallMs = performance.now() - begunMs
  closeServers()
  const failed = taken.filter(({ verdict }) => verdict.result !== 'pass')
  if (taken.length !== count || failed.length > 0)
    throw new Error(JSON.stringify([taken.length, broken, failed.slice(0, 3)]))

  const kept: Kept = {}
  const store = memoryStore(kept)
  const nowMs = Date.now()
  const countBegunMs = performance.now()
  await writeAhead(store, document.name, taken, { nowMs, random: 'abcd' })
  for (const round of await waitingRounds(store, document.name))
    await countRound(store, document, probes, round, nowMs)
  const countMs = performance.now() - countBegunMs

  const month: Kept = {}
  const monthStore = memoryStore(month)
  const bytes = await bytesOfMonth(monthStore, month, count, (ms) => forgetVerdicts(monthStore, ms))
  const took = probes.map(({ id, limit }) => ({ limit, ms: ms.get(id) ?? 0 }))
  const limitMs = boundMs(took)
  const figures = {
    probes: count,
    wallMs: Math.round(wallMs),
    slowestMs: Math.round(Math.max(...took.map(({ ms }) => ms))),
    slowestAndQueueingMs: Math.round(limitMs),
    wallOverSlowestAndQueueing: Number((wallMs / limitMs).toFixed(3)),
    bar: 1.1,
    countMs: Math.round(countMs),
    megabytesPerMonth: Number((Object.values(bytes).reduce((a, b) => a + b, 0) / 1e6).toFixed(1)),
  }
  if (json) console.log(JSON.stringify({ bench: 'probes', seed, figures }))
  else console.table(figures)
  if (figures.wallOverSlowestAndQueueing > figures.bar) process.exitCode = 1
}
