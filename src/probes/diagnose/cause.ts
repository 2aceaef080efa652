import type { DriftClass } from '../../reconcile/drift.ts'
import type { Observation } from '../../reconcile/observation.ts'
import type { JsonObject, Resource } from '../../resources/kind.ts'
import type { Protect } from '../../resources/protection.ts'
import type { Layer, Probe, Verdict } from '../probe.ts'

/** A probe that fails with nothing failing before it, and what it saw. */
export interface Failing {
  probe: Probe
  verdict: Pick<Verdict, 'reason' | 'why' | 'stoppedIn'>
}

/** What was seen of the suspects, when something failed. What was not looked at is neither blamed nor cleared. */
export interface Looked {
  /** By resource key. */
  observations: ReadonlyMap<string, Observation>
  /**
   * Live bodies by resource key; and by ARM id, in lower case, the security groups and route tables that subnets name and the environment does
   * not own (`alsoRead`).
   */
  bodies: ReadonlyMap<string, JsonObject>
}

/** The environment that causes are named in. */
export interface Named {
  resources: Resource[]
  protect: Protect
}

/** Why something does not work: one fault, one cause, one alert. */
export interface Cause {
  /** The same as long as the fault is. */
  key: string
  layer: Layer
  /** Key of the resource it comes from, where one is to blame. */
  resource?: string
  /** Of the first of its roots. */
  reason: string
  /** What is wrong, where, and what it breaks. */
  message: string
  remedy: string
  /** The resource whose repair undoes it, and who may have it repaired. */
  repair?: { resource: string; class: DriftClass }
  /** Ids of the failing probes it explains, and of those that fail behind them. */
  roots: string[]
  muted: string[]
}
