import type { Azure } from '../arm/azure.ts'
import type { Send, Vantage } from '../data/call.ts'
import { createHeap } from '../heap.ts'
import { type Address, addressOf } from './address.ts'
import type { Arrival } from './arrivals.ts'
import { callOf, type Outcome, type Said, saidOf, tried } from './client.ts'
import { type Counts, countIn } from './counts.ts'
import type { Start } from './request.ts'
import { isRetried as mayRetry, waitMs } from './retry.ts'

/** A run as it is played by this process: what is to come, and what has come of it. */
export type Playing = {
  /** When the next call or retry is due; when there is none, the next answer. */
  next(): number | undefined
  isOver(): boolean
  /** Begins what is due by now; ends when all of it has been asked. */
  settle(): Promise<void>
  /** Arrivals that are behind it. */
  position(): number
  /** As clients know it now: an answer counts from when it has been read. */
  counts(): Counts
}

/** One call from the first try to the last; what it says is the same each time. */
type Call = { number: number; said: Said; retried: number }
type Ended = { call: Call; outcome: Outcome; isRetried: boolean }

/** Who calls where from, and when. */
export type Scene = { arrivals: Arrival[]; from: Vantage; address: Address }

type Parts = { azure: Azure; send: Send }

/** `position`: the first of the arrivals that is still to come. */
export function play(
  { id, start, beganAt }: { id: string; start: Start; beganAt: number },
  { arrivals, from, ...place }: Scene,
  { position, counts }: { position: number; counts: Counts },
  { azure, send }: Parts,
): Playing {
  const { clock, draw, world } = azure
  const retries = createHeap<Call>()
  const answers = createHeap<Ended>()
  let reached = position
  let asking = 0
  let { address } = place
  let { revision } = world.resources

  /** Keys are rotated, APIs are moved: clients are told at once. What is gone is asked for all the same, and answers as it answers. */
  const whereTo = (): Address => {
    if (revision === world.resources.revision) return address
    revision = world.resources.revision
    const found = addressOf(start, azure)
    if ('host' in found) address = found
    return address
  }

  const arrivalAt = () => {
    const arrival = arrivals[reached]
    return arrival && beganAt + arrival.atMs
  }

  async function ask(call: Call): Promise<void> {
    const now = clock.now()
    counts.attempts += 1
    counts.firstAt ??= now
    asking += 1
    const outcome = await tried(callOf(call.said, whereTo(), call.retried), from, send).finally(() => {
      asking -= 1
    })
    const heardAt = now + Math.round(outcome.tookMs)
    const isRetried = call.retried < start.retries && mayRetry(outcome.heard)
    answers.push(heardAt, { call, outcome, isRetried })
    if (!isRetried) return
    const chance = draw.fraction('traffic', 'jitter', id, call.number, call.retried)
    const waitedMs = Math.round(waitMs(outcome.heard, call.retried, heardAt, chance))
    retries.push(heardAt + waitedMs, { ...call, retried: call.retried + 1 })
  }

  function hear({ outcome: { heard, promptTokens, completionTokens }, isRetried }: Ended, at: number): void {
    const word = 'status' in heard ? String(heard.status) : heard.trouble
    counts.lastAt = at
    countIn(counts.answers, word)
    counts.promptTokens += promptTokens
    counts.completionTokens += completionTokens
    if (isRetried) counts.retries += 1
    else if ('status' in heard && heard.status < 400) counts.succeeded += 1
    else countIn(counts.failed, word)
  }

  const hearAll = (now: number) => {
    for (let due = answers.peek(); due && due.at <= now; due = answers.peek()) {
      answers.pop()
      hear(due.value, due.at)
    }
  }

  const next = () => {
    const [arrival, retry] = [arrivalAt(), retries.peek()?.at]
    if (arrival === undefined || retry === undefined) return arrival ?? retry ?? answers.peek()?.at
    return Math.min(arrival, retry)
  }

  /** Begins one thing that is due, if there is one. */
  const beginOne = (now: number): Promise<void> | undefined => {
    const retry = retries.peek()
    const arrival = arrivals[reached]
    const at = arrivalAt()
    if (arrival && at !== undefined && at <= now && !(retry && retry.at < at)) {
      counts.sent += 1
      return ask({ number: reached++, said: saidOf(arrival, start), retried: 0 })
    }
    if (!retry || retry.at > now) return undefined
    retries.pop()
    return ask(retry.value)
  }

  return {
    next,
    isOver: () => asking === 0 && next() === undefined,
    position: () => reached,
    counts: () => {
      hearAll(clock.now())
      return counts
    },
    settle: async () => {
      const now = clock.now()
      hearAll(now)
      const asked: Promise<void>[] = []
      for (let work = beginOne(now); work; work = beginOne(now)) asked.push(work)
      await Promise.all(asked)
    },
  }
}
