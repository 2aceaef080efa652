import type { Document } from '../environment/schema.ts'
import type { Coverage } from '../probes/coverage.ts'
import type { Cause, Failing, Looked } from '../probes/diagnose/cause.ts'
import type { Probe, Verdict } from '../probes/probe.ts'

/** What was seen of suspects, and what else it takes to say why something fails. */
export interface Seen extends Looked {
  explain(failing: Failing[], muted: ReadonlyMap<string, string>): Cause[]
}

/** What probing needs of the probes themselves. */
export interface Probes {
  derive(document: Document): Probe[]
  coverage(document: Document, probes: Probe[]): Coverage
  /** One attempt, within the module's own time limit, with reads of its own. */
  ask(document: Document, probe: Probe, signal: AbortSignal): Promise<Verdict>
  /** For one round over these probes. */
  glance(document: Document, due: Probe[]): Glance
}

/** The eyes of one round: what its probes and its explanations read of Azure's control plane is read once. */
export interface Glance {
  ask(probe: Probe, signal: AbortSignal): Promise<Verdict>
  /** Looks at these resources. Reads only. */
  look(resources: string[]): Promise<Seen>
}
