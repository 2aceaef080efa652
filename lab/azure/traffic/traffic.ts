import type { Azure } from '../arm/azure.ts'
import type { Send } from '../data/call.ts'
import type { Network } from '../network/network.ts'
import type { Timekeeper } from '../timekeeper.ts'
import { addressOf } from './address.ts'
import { arrivalsOf } from './arrivals.ts'
import { noCounts, underWay } from './counts.ts'
import { type Shown, shown, type TrafficRun } from './remembered.ts'
import type { Start } from './request.ts'
import { type Playing, play, type Scene } from './run.ts'
import { traceOf } from './trace.ts'

/** Clients that call a gateway as a trace says (lab/README.md, "Traffic"). */
export type Traffic = {
  /** @throws when what it names is not there */
  start(start: Start): string
  stop(id: string): boolean
  list(): Shown[]
  /** Begins what a run has due. */
  due(id: string): void | Promise<void>
}

type Parts = { azure: Azure; send: Send; network: Network; timekeeper: Timekeeper }

const MINUTE_MS = 60_000

export function createTraffic({ azure, send, network, timekeeper }: Parts): Traffic {
  const { clock, draw } = azure
  const rows = azure.world.traffic
  /** With the row it stands on: another row, by a restored world, is another run. */
  const playing = new Map<string, { row: TrafficRun; run: Playing }>()

  const write = (row: TrafficRun, run: Playing, state: TrafficRun['state'] = 'running') => {
    const written: TrafficRun = {
      ...row,
      writtenAt: clock.now(),
      position: run.position(),
      counts: structuredClone(run.counts()),
      state,
    }
    rows.put(row.id, written)
    if (state === 'running') playing.set(row.id, { row: written, run })
    else playing.delete(row.id)
  }

  const played = (row: TrafficRun) => {
    const known = playing.get(row.id)
    return known?.row === row ? known.run : undefined
  }

  /** @throws when something of it is not there */
  const sceneOf = (id: string, start: Start): Scene => {
    const address = addressOf(start, azure)
    if ('absent' in address) throw new Error(address.absent)
    const from = network.vantage(start.from)
    if (!from) throw new Error(`there is no subnet ${start.from}`)
    return { address, from, arrivals: arrivalsOf(traceOf(start, draw), id, start, draw) }
  }

  const schedule = (id: string, run: Playing) => {
    const at = run.next()
    if (at !== undefined) azure.agenda.add({ at, what: 'traffic', subject: id })
  }

  /** After the process, or the world, was another one: what was under way is lost, and what had fallen due meanwhile. */
  const takeUp = (row: TrafficRun): Playing => {
    const scene = sceneOf(row.id, row.start)
    const { arrivals } = scene
    const now = clock.wall() + clock.offsetMs()
    const coming = arrivals.findIndex(({ atMs }) => row.beganAt + atMs > now)
    const position = Math.max(row.position, coming < 0 ? arrivals.length : coming)
    const missed = position - row.position
    const counts = structuredClone(row.counts)
    counts.lost += underWay(counts) + missed
    counts.sent += missed
    return play(row, scene, { position, counts }, { azure, send })
  }

  async function go(id: string, run: Playing): Promise<void> {
    const asked = run.settle()
    schedule(id, run)
    await asked
    const row = rows.get(id)
    // Stopped, or another world, meanwhile.
    if (!row || played(row) !== run) return
    schedule(id, run)
    if (run.isOver()) write(row, run, 'done')
    else if (Math.floor(clock.now() / MINUTE_MS) > Math.floor(row.writtenAt / MINUTE_MS)) write(row, run)
  }

  for (const { id, state } of rows.values()) {
    if (state !== 'running') continue
    azure.agenda.add({ at: clock.now(), what: 'traffic', subject: id })
    timekeeper.keepPace()
  }

  return {
    start: (start) => {
      const id = start.name ?? `traffic-${azure.attempt('traffic')}`
      if (rows.get(id)?.state === 'running') throw new Error(`${id} is running`)
      const scene = sceneOf(id, start)
      const beganAt = clock.now()
      const row: TrafficRun = {
        id,
        start,
        beganAt,
        writtenAt: beganAt,
        position: 0,
        counts: noCounts(),
        state: 'running',
      }
      const run = play(row, scene, { position: 0, counts: noCounts() }, { azure, send })
      write(row, run, run.isOver() ? 'done' : 'running')
      schedule(id, run)
      timekeeper.keepPace()
      return id
    },
    stop: (id) => {
      const row = rows.get(id)
      if (!row) return false
      if (row.state !== 'running') return true
      const counts = structuredClone(played(row)?.counts() ?? row.counts)
      counts.lost += underWay(counts)
      rows.put(id, { ...row, writtenAt: clock.now(), counts, state: 'stopped' })
      playing.delete(id)
      return true
    },
    list: () => [...rows.values()].map((row) => shown(row, played(row)?.counts() ?? row.counts)),
    due: (id) => {
      const row = rows.get(id)
      if (row?.state !== 'running') return undefined
      const known = played(row)
      if (known) return go(id, known)
      try {
        const run = takeUp(row)
        timekeeper.keepPace()
        write(row, run)
        return go(id, run)
      } catch (error) {
        rows.put(id, { ...row, state: 'trouble', because: String(error) })
        return undefined
      }
    },
  }
}
