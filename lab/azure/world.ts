import type { Due } from './agenda.ts'
import type { Principal } from './arm/identities.ts'
import type { Resource } from './arm/kind.ts'
import type { Operation } from './arm/operations.ts'
import type { Bucket } from './arm/throttle.ts'
import type { HubEvent } from './event-hubs.ts'
import type { Injected } from './faults.ts'
import type { Agent } from './models/agents.ts'
import type { StoredConversation } from './models/conversations.ts'
import type { StoredResponse } from './models/response-store.ts'
import type { LogMinute } from './monitor/logs/keep.ts'
import type { MetricMinute } from './monitor/minutes.ts'
import type { Notification } from './monitor/notify.ts'
import type { FiredAlert } from './monitor/rules.ts'
import type { Store, Table } from './store.ts'
import type { TrafficRun } from './traffic/remembered.ts'

/** Everything the simulated Azure remembers, but for its keys and its journal. */
export type World = {
  resources: Table<Resource>
  operations: Table<Operation>
  agenda: Table<Due>
  /** Resource provider → Registered, Registering, NotRegistered. */
  registrations: Table<string>
  /** Managed identities of this world by their object id. */
  principals: Table<Principal>
  /** How often something was tried: what the draws count by. Kept when the request is refused. */
  attempts: Table<number>
  buckets: Table<Bucket>
  faults: Table<Injected>
  /** What the Responses API keeps, by the account or project that made it. */
  responses: Table<StoredResponse>
  conversations: Table<StoredConversation>
  agents: Table<Agent>
  /** What event hubs keep; the newest of each hub. */
  events: Table<HubEvent>
  /** Runs of generated traffic, as they were last written down. */
  traffic: Table<TrafficRun>
  /** What Azure Monitor was told: minutes of metrics and of logs. Counted once, so kept whatever becomes of a request. */
  metrics: Table<MetricMinute>
  logs: Table<LogMinute>
  /** Alerts that are fired now, and what is on its way to event hubs. */
  alerts: Table<FiredAlert>
  notifications: Table<Notification>
  /** Resource id → how Azure says it is, where that was ever said. */
  health: Table<string>
}

const KEPT_ON_REFUSAL = { keptOnRefusal: true }

export const openWorld = (store: Store): World => ({
  resources: store.table('resources'),
  operations: store.table('operations'),
  agenda: store.table('agenda'),
  registrations: store.table('registrations'),
  principals: store.table('principals'),
  attempts: store.table('attempts', KEPT_ON_REFUSAL),
  buckets: store.table('buckets', KEPT_ON_REFUSAL),
  faults: store.table('faults', KEPT_ON_REFUSAL),
  responses: store.table('responses'),
  conversations: store.table('conversations'),
  agents: store.table('agents'),
  events: store.table('events', KEPT_ON_REFUSAL),
  traffic: store.table('traffic', KEPT_ON_REFUSAL),
  metrics: store.table('metrics', KEPT_ON_REFUSAL),
  logs: store.table('logs', KEPT_ON_REFUSAL),
  alerts: store.table('alerts'),
  notifications: store.table('notifications'),
  health: store.table('health'),
})

export const WORLD_TABLES = [
  'resources',
  'operations',
  'agenda',
  'registrations',
  'principals',
  'attempts',
  'buckets',
  'faults',
  'responses',
  'conversations',
  'agents',
  'events',
  'traffic',
  'metrics',
  'logs',
  'alerts',
  'notifications',
  'health',
] satisfies (keyof World)[]
