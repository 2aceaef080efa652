import { z } from 'zod'
import type { Agenda } from './agenda.ts'
import type { Clock } from './clock.ts'
import { createBrake, Speed, type SpeedLimit } from './speed.ts'
import type { Store, Table } from './store.ts'

/** By `{namespace}/{hub}`, the number of an event. */
const EventNumbers = z.record(z.string(), z.number()).default({})
export const IdleQuestion = z.union([
  z.strictObject({ host: z.string().min(1), until: z.number().nullable(), events: EventNumbers }),
  z.strictObject({ host: z.string().min(1), busy: z.literal(true), events: EventNumbers }),
])
type EventNumbers = z.infer<typeof EventNumbers>
export const ClockRequest = z.union([
  z.strictObject({ advanceSeconds: z.number().positive() }),
  z.strictObject({ speed: Speed }),
])

/**
 * Lets the clock grow, by the protocol of lab/README.md: only by jumping to the next due moment, only inside a host's
 * idle question (or with no host alive, inside an advance), only while no call is in flight here. What falls due on the way is done before the
 * next jump, asynchronous work too; a chain that takes long is cut into several answers.
 */
export type Timekeeper = {
  idle(question: z.infer<typeof IdleQuestion>): Promise<{
    offsetMs: number
    askAgainMs: number
    /** Of each hub that the question names, its newest event. */
    events: Record<string, number>
  }>
  /** Resolves once everything due by its end has ended, in both halves. */
  advance(seconds: number): Promise<void>
  speed(): SpeedLimit
  setSpeed(speed: SpeedLimit): void
  enter(): void
  leave(): void
  /** From now on what falls due while the machine's own time goes by is done without being asked for. */
  keepPace(): void
  close(): void
}

const HOST_SILENCE_MS = 3000
const IDLE_GAP_MS = 1000
const ASK_AGAIN_MS = 100
/** The two processes read the machine's clock a moment apart: what is due there may be due here already. */
const ASK_AT_ONCE_MS = 5
/** Less is not worth a question. */
const LEAST_WAIT_MS = 10
const WATCH_MS = 25
/** So long, in wall milliseconds, an answer may be worked for; what is left is done within the next. */
const LONGEST_ANSWER_MS = 50

export function createTimekeeper(
  clock: Clock,
  agenda: Agenda,
  settings: Table<unknown>,
  store: Store,
  newestEvent: (hub: string) => number = () => 0,
): Timekeeper {
  let inFlight = 0
  let host: { id: string; heardAt: number } | undefined
  const replaced = new Set<string>()
  const advances: { end: number; done: () => void }[] = []
  /** One at a time lets the clock grow. */
  let isRunning = false
  let keepsPace = false
  let isClosed = false
  let watch: NodeJS.Timeout | undefined
  let soon: NodeJS.Immediate | undefined
  const brake = createBrake(clock, settings)
  const hostAlive = () => host !== undefined && clock.wall() - host.heardAt < HOST_SILENCE_MS

  /** The host has yet to fetch something: it is handed over at the moment at which it was sent. */
  const hasNews = (fetched: EventNumbers) =>
    Object.entries(fetched).some(([hub, number]) => newestEvent(hub) !== number)

  /** Jumps from due moment to due moment, as far as the bound, the speed and the time for an answer allow; answers how long to hold back. */
  const run = async (until: number | null, fetched: EventNumbers, late: Promise<void>): Promise<number> => {
    const begunMs = performance.now()
    for (;;) {
      agenda.settle(clock.now())
      const work = agenda.atWork()
      if (work) await Promise.race([work, late])
      if (inFlight > 0) return ASK_AGAIN_MS
      if (agenda.isAtWork()) return ASK_AT_ONCE_MS
      if (hasNews(fetched)) return ASK_AT_ONCE_MS
      const bounds = [until, agenda.next(), advances[0]?.end].filter((at) => at !== undefined && at !== null)
      const next = Math.min(...bounds)
      if (!Number.isFinite(next)) return ASK_AGAIN_MS
      if (performance.now() - begunMs > LONGEST_ANSWER_MS) return 0
      if (next <= clock.now()) {
        // Due while the machine worked on what was due before it.
        if (next === agenda.next()) continue
        return ASK_AT_ONCE_MS
      }
      const waitMs = advances.length > 0 ? 0 : brake.heldBackMs(next)
      if (waitMs > 0) return Math.min(ASK_AGAIN_MS, Math.max(LEAST_WAIT_MS, Math.ceil(waitMs)))
      brake.jump(next)
    }
  }

  const runAlone = async (until: number | null, fetched: EventNumbers = {}): Promise<number> => {
    isRunning = true
    const late = Promise.withResolvers<void>()
    const alarm = setTimeout(late.resolve, LONGEST_ANSWER_MS)
    try {
      return await run(until, fetched, late.promise)
    } finally {
      clearTimeout(alarm)
      isRunning = false
      if (!isClosed) store.commit()
    }
  }

  const endAdvances = () => {
    while (advances[0] && advances[0].end <= clock.now()) advances.shift()?.done()
    if (advances.length > 0 || keepsPace) return
    clearInterval(watch)
    watch = undefined
  }

  const pace = async () => {
    if (isRunning || (agenda.next() ?? Number.POSITIVE_INFINITY) > clock.now()) return
    agenda.settle(clock.now())
    await agenda.atWork()
    if (!isClosed) store.commit()
  }

  const advanceAlone = async () => {
    soon = undefined
    if (hostAlive() || inFlight > 0 || isRunning) return keepsPace ? pace() : undefined
    const askAgainMs = await runAlone(null)
    endAdvances()
    if (advances.length > 0 && askAgainMs <= ASK_AT_ONCE_MS && !isClosed) soon ??= setImmediate(watched)
  }

  const watched = () => {
    const work = advances.length > 0 ? advanceAlone() : pace()
    work.catch((error: unknown) => console.error(error))
  }
  const beginWatch = () => {
    watch ??= setInterval(watched, WATCH_MS)
  }

  return {
    speed: brake.limit,
    setSpeed: (limit) => {
      settings.put('speed', limit)
      brake.afresh()
      store.commit()
    },
    enter: () => {
      inFlight += 1
    },
    leave: () => {
      inFlight -= 1
    },
    keepPace: () => {
      keepsPace = true
      beginWatch()
    },
    close: () => {
      isClosed = true
      clearInterval(watch)
      clearImmediate(soon)
    },
    idle: async (question) => {
      const answer = (askAgainMs: number) => ({
        offsetMs: clock.offsetMs(),
        askAgainMs,
        events: Object.fromEntries(Object.keys(question.events).map((hub) => [hub, newestEvent(hub)])),
      })
      // A host that was started again has another id; a late question of the former run moves nothing.
      if (replaced.has(question.host)) return answer(ASK_AGAIN_MS)
      if (host && host.id !== question.host) replaced.add(host.id)
      // Time in which the host was busy or silent earns no jump.
      const silentMs = host?.id === question.host ? clock.wall() - host.heardAt : Number.POSITIVE_INFINITY
      if ('busy' in question || silentMs > IDLE_GAP_MS) brake.afresh()
      host = { id: question.host, heardAt: clock.wall() }
      if ('busy' in question || inFlight > 0 || isRunning) return answer(ASK_AGAIN_MS)
      const { until, events } = question
      const askAgainMs = await runAlone(until, events)
      if ((until === null || until > clock.now()) && !hasNews(events)) endAdvances()
      return answer(askAgainMs)
    },
    advance: (seconds) =>
      new Promise((done) => {
        advances.push({ end: clock.now() + seconds * 1000, done })
        advances.sort((one, other) => one.end - other.end)
        beginWatch()
        watched()
      }),
  }
}
