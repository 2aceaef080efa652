// The history of one execution, as the extension keeps it and the SDK reads it (functions-host.md, E2). Field names are on the wire.

export const EventType = {
  ExecutionStarted: 0,
  ExecutionCompleted: 1,
  ExecutionTerminated: 3,
  TaskScheduled: 4,
  TaskCompleted: 5,
  TaskFailed: 6,
  TimerCreated: 10,
  TimerFired: 11,
  OrchestratorStarted: 12,
  OrchestratorCompleted: 13,
} as const

type Types = typeof EventType

/** Texts are JSON unless said otherwise. `Result` is null, never missing: the SDK parses it. */
type EventBody =
  | { EventType: Types['OrchestratorStarted'] | Types['OrchestratorCompleted'] }
  | {
      EventType: Types['ExecutionStarted']
      Name: string
      Version: string
      Input: string | null
      OrchestrationInstance: { InstanceId: string; ExecutionId: string }
      ParentInstance: null
    }
  | { EventType: Types['ExecutionCompleted']; OrchestrationStatus: number; Result: string | null }
  /** `Input` is the reason, plain text. */
  | { EventType: Types['ExecutionTerminated']; Input: string | null }
  | { EventType: Types['TaskScheduled']; Name: string; Version: string; Input: null }
  | { EventType: Types['TaskCompleted']; TaskScheduledId: number; Result: string | null }
  | {
      EventType: Types['TaskFailed']
      TaskScheduledId: number
      Reason: string
      Details: string
      FailureDetails: FailureDetails | null
    }
  | { EventType: Types['TimerCreated']; FireAt: string }
  | { EventType: Types['TimerFired']; TimerId: number; FireAt: string }

export interface FailureDetails {
  ErrorType: string
  ErrorMessage: string
  StackTrace: string | null
  InnerFailure: null
  IsNonRetriable: boolean
  Properties: unknown
}

/** `EventId` is the number of the thing scheduled, -1 for everything that arrives. */
export type HistoryEvent = EventBody & { EventId: number; IsPlayed: boolean; Timestamp: string }

export function historyEvent(body: EventBody, eventId = -1, atMs = Date.now()): HistoryEvent {
  return { ...body, EventId: eventId, IsPlayed: false, Timestamp: isoTime(atMs) }
}

export const isoTime = (ms: number) => new Date(ms).toISOString()

const names = new Map<number, string>(Object.entries(EventType).map(([name, type]) => [type, name]))

export const eventName = (event: { EventType: number }) =>
  names.get(event.EventType) ?? `event ${event.EventType}`
