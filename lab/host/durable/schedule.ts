// What one execution has scheduled, while its history is replayed. One counter numbers everything, in the order in which it is
// scheduled; the history must show the same things under the same numbers. The SDK counts on its own, and no number is ever
// exchanged: a difference would give a task another task's result.
import { EventType, eventName, type HistoryEvent } from './events.ts'
import { Future } from './future.ts'

export type Work =
  | { kind: 'activity'; id: number; name: string; input: unknown }
  | { kind: 'timer'; id: number; fireAtMs: number }

export type CreatedEvent = Extract<HistoryEvent, { EventType: 4 | 10 }>

export class Schedule {
  #nextId = 0
  readonly #notInHistory = new Map<number, Work>()
  readonly #open = new Map<number, Future>()

  activity(name: string, input: unknown): Future {
    const id = this.#nextId++
    this.#notInHistory.set(id, { kind: 'activity', id, name, input })
    return this.#wait(id)
  }

  timer(fireAtMs: number): Future {
    const id = this.#nextId++
    this.#notInHistory.set(id, { kind: 'timer', id, fireAtMs })
    return this.#wait(id)
  }

  /** It has a number and fires one day, but nobody waits for it, not even the end of the orchestration. */
  cancelledTimer(fireAtMs: number) {
    this.timer(fireAtMs)
    this.#open.delete(this.#nextId - 1)
  }

  /** Finds what the history says was scheduled; answers what is wrong when the code did something else. */
  match(event: CreatedEvent): string | undefined {
    const did = this.#notInHistory.get(event.EventId)
    this.#notInHistory.delete(event.EventId)
    if (did && isSame(event, did)) return undefined
    const had = event.EventType === EventType.TaskScheduled ? `activity '${event.Name}'` : 'a timer'
    return (
      `Non-deterministic workflow detected: history has ${had} as number ${event.EventId} (${eventName(event)}), but on replay the ` +
      `orchestrator ${did ? `scheduled ${described(did)} under that number` : 'had scheduled nothing under that number'}. ` +
      'Was its code changed while this instance was running?'
    )
  }

  /** Unknown numbers are duplicates and cancelled timers. */
  settle(id: number) {
    const future = this.#open.get(id)
    this.#open.delete(id)
    future?.settle()
  }

  get hasOpen(): boolean {
    return this.#open.size > 0
  }

  get newWork(): Work[] {
    return [...this.#notInHistory.values()].sort((a, b) => a.id - b.id)
  }

  #wait(id: number): Future {
    const future = new Future()
    this.#open.set(id, future)
    return future
  }
}

function isSame(event: CreatedEvent, work: Work): boolean {
  if (event.EventType === EventType.TimerCreated) return work.kind === 'timer'
  return work.kind === 'activity' && work.name.toLowerCase() === event.Name.toLowerCase()
}

const described = (work: Work) => (work.kind === 'activity' ? `activity '${work.name}'` : 'a timer')
