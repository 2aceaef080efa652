import type { InvocationContext } from '@azure/functions'
import type { Orchestrations } from '../src/operations/begin.ts'
import type { Store } from '../src/store/store.ts'

/** What the doors need of the world. */
export interface App {
  store: Store
  /** Resource groups an environment may live in, lower case (setting OPS_RESOURCE_GROUPS). */
  resourceGroups: string[]
  orchestrations(context: InvocationContext): Orchestrations
}
