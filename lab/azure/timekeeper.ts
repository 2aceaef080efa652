import { z } from 'zod'
import type { Agenda } from './agenda.ts'
import type { Clock } from './clock.ts'
import type { Store, Table } from './store.ts'

export const IdleQuestion = z.union([
  z.strictObject({ host: z.string().min(1), until: z.number().nullable() }),
  z.strictObject({ host: z.string().min(1), busy: z.literal(true) }),
])
export const Speed = z.union([z.number().positive(), z.literal('max')])
export const ClockRequest = z.union([
  z.strictObject({ advanceSeconds: z.number().positive() }),
  z.strictObject({ speed: Speed }),
])

export type SpeedLimit = z.infer<typeof Speed>

/**
 * Lets the clock grow, by the protocol of lab/README.md: only by jumping to the next due moment, only inside a host's
 * idle question (or with no host alive, inside an advance), only while no call is in flight here.
 */
export type Timekeeper = {
  idle(question: z.infer<typeof IdleQuestion>): { offsetMs: number; askAgainMs: number }
  /** Resolves once everything due by its end has ended, in both halves. */
  advance(seconds: number): Promise<void>
  speed(): SpeedLimit
  setSpeed(speed: SpeedLimit): void
  enter(): void
  leave(): void
  close(): void
}

const HOST_SILENCE_MS = 3000
const IDLE_GAP_MS = 1000
const ASK_AGAIN_MS = 100
/** The two processes read the machine's clock a moment apart: what is due there may be due here already. */
const ASK_AT_ONCE_MS = 5
const WATCH_MS = 25

export function createTimekeeper(
  clock: Clock,
  agenda: Agenda,
  settings: Table<unknown>,
  store: Store,
): Timekeeper {
  let inFlight = 0
  let host: { id: string; heardAt: number } | undefined
  const replaced = new Set<string>()
  const advances: { end: number; done: () => void }[] = []
  let watch: NodeJS.Timeout | undefined
  /** When the waiting for the next jump began. */
  let waiting = { wall: clock.wall(), virtual: clock.now() }
  const waitAfresh = () => {
    waiting = { wall: clock.wall(), virtual: clock.now() }
  }

  const speed = () => Speed.catch('max').parse(settings.get('speed'))
  const hostAlive = () => host !== undefined && clock.wall() - host.heardAt < HOST_SILENCE_MS

  /** Wall milliseconds that have to pass before the clock may stand at that moment. */
  const heldBackMs = (moment: number) => {
    const limit = speed()
    if (limit === 'max' || advances.length > 0) return 0
    return Math.max(0, waiting.wall + (moment - waiting.virtual) / limit - clock.wall())
  }

  const jump = (moment: number) => {
    clock.jumpTo(moment)
    waitAfresh()
  }

  /** Jumps from due moment to due moment, as far as the bound and the speed allow; answers how long to hold back. */
  const run = (until: number | null): number => {
    for (;;) {
      agenda.settle(clock.now())
      const bounds = [until, agenda.next(), advances[0]?.end].filter((at) => at !== undefined && at !== null)
      const next = Math.min(...bounds)
      if (!Number.isFinite(next)) return ASK_AGAIN_MS
      if (next <= clock.now()) return ASK_AT_ONCE_MS
      const waitMs = heldBackMs(next)
      if (waitMs > 0) return Math.min(ASK_AGAIN_MS, Math.ceil(waitMs))
      jump(next)
    }
  }

  const endAdvances = () => {
    while (advances[0] && advances[0].end <= clock.now()) advances.shift()?.done()
    if (advances.length > 0) return
    clearInterval(watch)
    watch = undefined
  }

  const advanceAlone = () => {
    if (hostAlive() || inFlight > 0) return
    run(null)
    store.commit()
    endAdvances()
  }

  return {
    speed,
    setSpeed: (limit) => {
      settings.put('speed', limit)
      waitAfresh()
      store.commit()
    },
    enter: () => {
      inFlight += 1
    },
    leave: () => {
      inFlight -= 1
    },
    close: () => clearInterval(watch),
    idle: (question) => {
      const answer = (askAgainMs: number) => ({ offsetMs: clock.offsetMs(), askAgainMs })
      // A host that was started again has another id; a late question of the former run moves nothing.
      if (replaced.has(question.host)) return answer(ASK_AGAIN_MS)
      if (host && host.id !== question.host) replaced.add(host.id)
      // Time in which the host was busy or silent earns no jump.
      const silentMs = host?.id === question.host ? clock.wall() - host.heardAt : Number.POSITIVE_INFINITY
      if ('busy' in question || silentMs > IDLE_GAP_MS) waitAfresh()
      host = { id: question.host, heardAt: clock.wall() }
      if ('busy' in question || inFlight > 0) return answer(ASK_AGAIN_MS)
      const { until } = question
      const askAgainMs = run(until)
      store.commit()
      if (until === null || until > clock.now()) endAdvances()
      return answer(askAgainMs)
    },
    advance: (seconds) =>
      new Promise((done) => {
        advances.push({ end: clock.now() + seconds * 1000, done })
        advances.sort((one, other) => one.end - other.end)
        watch ??= setInterval(advanceAlone, WATCH_MS)
        advanceAlone()
      }),
  }
}
