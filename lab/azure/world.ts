import type { Due } from './agenda.ts'
import type { Principal } from './arm/identities.ts'
import type { Resource } from './arm/kind.ts'
import type { Operation } from './arm/operations.ts'
import type { Bucket } from './arm/throttle.ts'
import type { Injected } from './faults.ts'
import type { Store, Table } from './store.ts'

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
] satisfies (keyof World)[]
