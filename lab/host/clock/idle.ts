// The host's half of the lab's clock (docs/decisions/0005). Time does not run faster here: it jumps, while nothing is in flight.
// This file knows what is in flight, asks the simulated Azure for a jump as soon as nothing is, holds new work while the question is
// open, adopts the offset it is given, and wakes everything that waits for a moment. Without a keeper it stands at wall time.
import { randomUUID } from 'node:crypto'
import type { Log } from '../log.ts'
import type { Agenda, Enter, Gate, News } from './agenda.ts'
import type { ClockKeeper } from './question.ts'
import { clockOffsetMs, setClockOffsetMs } from './shift.ts'

/** The keeper takes a host that was silent for three seconds for dead. */
const heartbeatMs = 1_000
const unreachableAgainMs = 250
/** Something is due and about to begin by itself. */
const dueAgainMs = 5

export interface IdleClock extends Gate {
  enter: Enter
  /** Waits for the gate, then enters, with nothing in between. */
  admit(): Promise<() => void>
  add(agenda: Agenda): void
  /** Who is told of events, and knows which are fetched; at most one. */
  listen(news: News): void
  /** `busy` or `nextDueMs` of an agenda may have changed. */
  changed(): void
  /** Resolves when the keeper has heard of this host, so that no jump leaves it out; or cannot be reached. At once without a keeper. */
  start(): Promise<void>
  /** Closes the gate for good: what runs may end, nothing new begins, and no more is asked. */
  shut(): void
  /** True as soon as nothing is in flight, false when that has not come about within so many wall milliseconds. */
  drained(withinMs: number): Promise<boolean>
}

export function openIdleClock({ keeper, log }: { keeper?: ClockKeeper | undefined; log: Log }): IdleClock {
  const host = randomUUID()
  const agendas: Agenda[] = []
  const held: (() => void)[] = []
  let news: News | undefined
  let inFlight = 0
  let running = false
  let isShut = false
  let asking = false
  let beating = false
  let reachable = true
  let soon: NodeJS.Immediate | undefined
  let later: NodeJS.Timeout | undefined
  /** The moment last asked about; undefined when something has happened since. */
  let askedUntil: number | null | undefined
  /** By performance.now(), which does not jump. */
  let askAgainAt = 0
  let toldAt = 0
  const met = Promise.withResolvers<void>()

  const busy = () => inFlight > 0 || agendas.some((agenda) => agenda.busy())
  const nextDueMs = () => {
    const dues = agendas.map((agenda) => agenda.nextDueMs()).filter((due) => due !== null)
    return dues.length > 0 ? Math.min(...dues) : null
  }

  const events = () => (news ? { events: news.known() } : {})

  const enter: Enter = () => {
    inFlight++
    askedUntil = undefined
    let entered = true
    return () => {
      if (!entered) return
      entered = false
      inFlight--
      changed()
    }
  }

  function changed() {
    // Not before the promises of what just ended have run: what they begin must count.
    if (running && keeper) soon ??= setImmediate(look)
  }

  function lookIn(ms: number) {
    clearTimeout(later)
    later = setTimeout(changed, ms)
  }

  function look() {
    soon = undefined
    if (!running || !keeper || asking) return
    const now = performance.now()
    if (busy()) {
      if (now - toldAt >= heartbeatMs) void beat(keeper)
      return lookIn(heartbeatMs)
    }
    const until = nextDueMs()
    if (until !== null && until <= Date.now()) {
      for (const agenda of agendas) agenda.wake()
      return lookIn(dueAgainMs)
    }
    if (until === askedUntil && now < askAgainAt) return lookIn(askAgainAt - now)
    void ask(keeper, until)
  }

  async function ask(keeper: ClockKeeper, until: number | null) {
    asking = true
    askedUntil = until
    let askAgainMs = unreachableAgainMs
    try {
      const answer = await keeper.tell({ host, until, ...events() })
      if (answer.offsetMs > clockOffsetMs()) setClockOffsetMs(answer.offsetMs)
      askAgainMs = Math.min(Math.max(answer.askAgainMs, 0), heartbeatMs)
      heard()
      news?.told(answer.events ?? {})
    } catch (error) {
      heard(error)
    }
    askAgainAt = toldAt + askAgainMs
    asking = false
    for (const release of held.splice(0)) release()
    for (const agenda of agendas) agenda.wake()
    changed()
  }

  async function beat(keeper: ClockKeeper) {
    if (beating) return
    beating = true
    try {
      const answer = await keeper.tell({ host, busy: true, ...events() })
      heard()
      if (!isShut) news?.told(answer.events ?? {})
    } catch (error) {
      heard(error)
    }
    beating = false
  }

  function heard(trouble?: unknown) {
    toldAt = performance.now()
    met.resolve()
    if (!running || reachable === (trouble === undefined)) return
    reachable = !reachable
    if (reachable) log('information', 'the clock answers again')
    else log('warning', `the clock does not answer, time runs at wall speed until it does: ${trouble}`)
  }

  return {
    open: () => !asking && !isShut,
    enter,
    async admit() {
      while (asking) await new Promise<void>((release) => held.push(release))
      return enter()
    },
    add: (agenda) => void agendas.push(agenda),
    listen(listener) {
      news = listener
    },
    changed,
    async start() {
      running = true
      changed()
      if (keeper) await met.promise
    },
    shut() {
      isShut = true
      running = false
      clearTimeout(later)
      clearImmediate(soon)
      keeper?.close()
    },
    async drained(withinMs) {
      const end = performance.now() + withinMs
      while (busy() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10))
      return !busy()
    },
  }
}
