// What a batch of events looks like to the function: typed data and trigger metadata (functions-host.md, d).
import type { LoadedFunction, TypedData } from '../worker/contract.ts'

export interface HubEvent {
  body: string
  sequenceNumber: number
  /** Virtual Unix milliseconds. */
  enqueuedMs: number
  /** It came by no hub: no checkpoint counts it. */
  byHand?: true
}

const isMany = (fn: LoadedFunction) => fn.trigger['cardinality'] === 'many'
const isBinary = (fn: LoadedFunction) => String(fn.trigger['dataType'] ?? '').toLowerCase() === 'binary'

export function batchInput(fn: LoadedFunction, batch: HubEvent[]): TypedData {
  const texts = batch.map(({ body }) => body)
  if (isBinary(fn)) {
    const bytes = texts.map((text) => Buffer.from(text))
    return isMany(fn) ? { collectionBytes: { bytes } } : { bytes: bytes[0] ?? Buffer.alloc(0) }
  }
  return isMany(fn) ? { collectionString: { string: texts } } : { string: texts[0] ?? '' }
}

const json = (value: unknown): TypedData => ({ json: JSON.stringify(value) })
const offsetOf = ({ sequenceNumber }: HubEvent) => String(sequenceNumber * 64)
const enqueuedAt = ({ enqueuedMs }: HubEvent) => new Date(enqueuedMs).toISOString()

const systemProperties = (event: HubEvent) => ({
  SequenceNumber: event.sequenceNumber,
  Offset: offsetOf(event),
  PartitionKey: null,
  EnqueuedTimeUtc: enqueuedAt(event),
})

export function batchMetadata(fn: LoadedFunction, hub: string, batch: HubEvent[]): Record<string, TypedData> {
  const PartitionContext = json({
    FullyQualifiedNamespace: 'lab.servicebus.windows.net',
    EventHubName: hub,
    ConsumerGroup: fn.trigger['consumerGroup'] ?? '$Default',
    PartitionId: '0',
  })
  const [first] = batch
  if (!isMany(fn) && first) {
    return {
      PartitionContext,
      Offset: { string: offsetOf(first) },
      SequenceNumber: json(first.sequenceNumber),
      EnqueuedTimeUtc: json(enqueuedAt(first)),
      Properties: json({}),
      SystemProperties: json(systemProperties(first)),
    }
  }
  return {
    PartitionContext,
    PartitionKeyArray: { collectionString: { string: batch.map(() => '') } },
    OffsetArray: { collectionString: { string: batch.map(offsetOf) } },
    SequenceNumberArray: { collectionSint64: { sint64: batch.map((event) => event.sequenceNumber) } },
    EnqueuedTimeUtcArray: json(batch.map(enqueuedAt)),
    PropertiesArray: json(batch.map(() => ({}))),
    SystemPropertiesArray: json(batch.map(systemProperties)),
  }
}
