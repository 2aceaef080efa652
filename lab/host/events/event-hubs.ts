// Event Hub triggers. There is no hub here: the simulated Azure hands events in over HTTP, and every function on that hub gets them as
// one partition would deliver them, in order and one batch at a time. As in Azure the checkpoint moves on when a batch fails: only the
// function's own `retry` protects it.
import type { Agenda, Gate } from '../clock/agenda.ts'
import type { Log } from '../log.ts'
import { isDisabled, withSettings } from '../settings.ts'
import type { Invocation, LoadedFunction, TypedData } from '../worker/contract.ts'
import { batchInput, batchMetadata, type HubEvent } from './batch.ts'

export interface EventHubs extends Agenda {
  /** Queues the events for every function on that hub; false when there is none. */
  publish(hub: string, bodies: string[]): boolean
  /** Runs one function with these events now, by hand. */
  fire(fn: LoadedFunction, bodies: string[]): Promise<undefined>
}

interface Consumer {
  fn: LoadedFunction
  hub: string
  waiting: HubEvent[]
  running: boolean
}

export function openEventHubs(options: {
  functions: LoadedFunction[]
  maxEventBatchSize: number
  gate: Gate
  run(fn: LoadedFunction, input: TypedData, metadata: Record<string, TypedData>): Promise<Invocation>
  log: Log
  onChange(): void
}): EventHubs {
  const { gate, log, onChange } = options
  let sequenceNumber = 0

  const consumers = options.functions
    .filter((fn) => !isDisabled(fn))
    .map<Consumer>((fn) => ({
      fn,
      hub: withSettings(String(fn.trigger['eventHubName'])),
      waiting: [],
      running: false,
    }))

  const stamp = (body: string): HubEvent => ({
    body,
    sequenceNumber: ++sequenceNumber,
    enqueuedMs: Date.now(),
  })
  const ready = (consumer: Consumer) => consumer.waiting.length > 0 && !consumer.running

  function wake() {
    if (!gate.open()) return
    for (const consumer of consumers) if (ready(consumer)) void drain(consumer)
  }

  async function drain(consumer: Consumer) {
    consumer.running = true
    while (consumer.waiting.length > 0 && gate.open()) {
      const many = consumer.fn.trigger['cardinality'] === 'many'
      const batch = consumer.waiting.splice(0, many ? options.maxEventBatchSize : 1)
      await deliver(consumer.fn, consumer.hub, batch)
    }
    consumer.running = false
    onChange()
  }

  async function deliver(fn: LoadedFunction, hub: string, batch: HubEvent[]): Promise<undefined> {
    const outcome = await options.run(fn, batchInput(fn, batch), batchMetadata(fn, hub, batch))
    if (outcome.ok) return
    const events = `${batch.length} event${batch.length > 1 ? 's' : ''}`
    log('error', `failed, ${events} passed by: ${outcome.error.stack}`, { functionName: fn.name })
  }

  return {
    publish(hub, bodies) {
      const wanted = consumers.filter((consumer) => consumer.hub.toLowerCase() === hub.toLowerCase())
      const events = bodies.map(stamp)
      for (const consumer of wanted) consumer.waiting.push(...events)
      wake()
      onChange()
      return wanted.length > 0
    },
    fire: (fn, bodies) => deliver(fn, withSettings(String(fn.trigger['eventHubName'])), bodies.map(stamp)),
    nextDueMs: () => (consumers.some(ready) ? Date.now() : null),
    busy: () => false,
    wake,
  }
}
