// Event Hub triggers. Every function on a hub gets its events as one partition would deliver them, in order and one batch at a time, from
// the simulated Azure, or by hand. As in Azure the checkpoint moves on after a batch, also when it failed: only the function's own `retry`
// protects it. What a killed host had not yet checkpointed is fetched and handed over again.
import type { Agenda, Enter, Gate, News } from '../clock/agenda.ts'
import type { Log } from '../log.ts'
import { withSettings } from '../settings.ts'
import type { Invocation, LoadedFunction, TypedData } from '../worker/contract.ts'
import { batchInput, batchMetadata, type HubEvent } from './batch.ts'
import type { Checkpoints } from './checkpoints.ts'
import { type Consumer, consumersOf, namespaceSetting } from './consumer.ts'
import type { EventSource } from './source.ts'

const fetchAgainMs = 250

export interface EventHubs extends Agenda, News {
  /** Queues the events for every function on that hub; false when there is none. */
  publish(hub: string, bodies: string[]): boolean
  /** Runs one function with these events now, by hand. */
  fire(fn: LoadedFunction, bodies: string[]): Promise<undefined>
  /** Hands over nothing more; a batch that still runs is not checkpointed. */
  stop(): void
}

export interface EventHubOptions {
  functions: LoadedFunction[]
  maxEventBatchSize: number
  checkpoints: Checkpoints
  /** Absent: events come by hand alone. */
  source?: EventSource | undefined
  gate: Gate & { enter: Enter }
  run(fn: LoadedFunction, input: TypedData, metadata: Record<string, TypedData>): Promise<Invocation>
  log: Log
  onChange(): void
}

export function openEventHubs(options: EventHubOptions): EventHubs {
  const { gate, log, onChange, source, checkpoints } = options
  const consumers = consumersOf(options.functions, checkpoints)
  let sentByHand = 0
  let stopped = false
  /** By performance.now(): a source that has failed is left alone until then. */
  let fetchAt = 0
  let reachable = true

  for (const { fn } of consumers.filter(({ address }) => source && !address))
    log('warning', `no app setting ${namespaceSetting(fn)}: it gets no events`, { functionName: fn.name })

  const stamp = (body: string): HubEvent => ({
    body,
    sequenceNumber: ++sentByHand,
    enqueuedMs: Date.now(),
    byHand: true,
  })
  const ready = (consumer: Consumer) => consumer.waiting.length > 0 && !consumer.running

  function wake() {
    if (stopped || !gate.open()) return
    for (const consumer of consumers) if (ready(consumer)) void drain(consumer)
  }

  async function drain(consumer: Consumer) {
    consumer.running = true
    while (!stopped && consumer.waiting.length > 0 && gate.open()) {
      const batch = consumer.waiting.splice(0, batchSize(consumer))
      await deliver(consumer.fn, consumer.hub, batch)
      if (!stopped) checkpoint(consumer, batch)
    }
    consumer.running = false
    onChange()
  }

  function batchSize({ fn, waiting: [first] }: Consumer): number {
    if (fn.trigger['cardinality'] !== 'many') return 1
    const most = options.maxEventBatchSize
    return source && first && !first.byHand ? source.batchSize(fn.name, first.sequenceNumber, most) : most
  }

  function checkpoint({ fn, address }: Consumer, batch: HubEvent[]) {
    const last = batch.findLast(({ byHand }) => !byHand)
    if (last && address) checkpoints.write(fn.name, address, last.sequenceNumber)
  }

  async function deliver(fn: LoadedFunction, hub: string, batch: HubEvent[]): Promise<undefined> {
    const outcome = await options.run(fn, batchInput(fn, batch), batchMetadata(fn, hub, batch))
    if (outcome.ok || stopped) return
    const events = `${batch.length} event${batch.length > 1 ? 's' : ''}`
    log('error', `failed, ${events} passed by: ${outcome.error.stack}`, { functionName: fn.name })
  }

  async function fetchUpTo(newest: number, address: string, consumer: Consumer, from: EventSource) {
    // Its Azure went back to an earlier world: whoever must not lose anything begins anew.
    if (newest < consumer.fetched) consumer.fetched = 0
    consumer.fetching = true
    const leave = gate.enter()
    try {
      while (!stopped && consumer.fetched < newest) {
        const events = await from.read(address, consumer.fetched)
        reachable = true
        consumer.waiting.push(...events)
        consumer.fetched = events.at(-1)?.sequenceNumber ?? newest
      }
    } catch (error) {
      fetchAt = performance.now() + fetchAgainMs
      if (reachable) log('warning', `cannot fetch events, trying until it works: ${error}`)
      reachable = false
    }
    consumer.fetching = false
    wake()
    leave()
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
    stop() {
      stopped = true
    },
    nextDueMs: () => (consumers.some(ready) ? Date.now() : null),
    busy: () => false,
    wake,
    known() {
      const numbers: Record<string, number> = {}
      if (!source) return numbers
      for (const { address, fetched } of consumers)
        if (address) numbers[address] = Math.min(fetched, numbers[address] ?? fetched)
      return numbers
    },
    told(newest) {
      if (stopped || !source || performance.now() < fetchAt) return
      for (const consumer of consumers) {
        const { address, fetched, fetching } = consumer
        const number = address === undefined ? undefined : newest[address]
        if (address === undefined || number === undefined || number === fetched || fetching) continue
        void fetchUpTo(number, address, consumer, source)
      }
    },
  }
}
