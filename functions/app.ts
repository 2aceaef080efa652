import type { InvocationContext } from '@azure/functions'
import type { Surroundings } from '../src/environment/expand.ts'
import type { Fault } from '../src/environment/fault.ts'
import type { Document } from '../src/environment/schema.ts'
import type { Wishes } from '../src/import/describe.ts'
import type { Audited } from '../src/operations/audit.ts'
import type { Orchestrations } from '../src/operations/begin.ts'
import type { Imported } from '../src/operations/import.ts'
import type { Preview } from '../src/operations/preview.ts'
import type { Report } from '../src/preflight/report.ts'
import type { Probes } from '../src/probing/world.ts'
import type { Store } from '../src/store/store.ts'

/** What the doors need of the world. */
export interface App {
  store: Store
  surroundings: Surroundings
  /** Resource groups an environment may live in, lower case (setting OPS_RESOURCE_GROUPS). */
  resourceGroups: string[]
  /** The kill switch of writing weights (setting OPS_AUTO_BALANCE). */
  autoBalance: boolean
  /** What applying a document would do now; reads only. */
  plan(document: Document): Promise<Preview>
  /** What would stop a document, or hurt later; reads only. */
  preflight(document: Document): Promise<Report>
  /** What settings of the live gateway cost; reads only. */
  audit(document: Document): Promise<Audited>
  /** The document that describes what stands in a resource group; reads only. */
  importGroup(resourceGroup: string, wishes: Wishes): Promise<Imported | { faults: Fault[] }>
  /** What is asked of the running environment. */
  probes: Probes
  orchestrations(context: InvocationContext): Orchestrations
}
