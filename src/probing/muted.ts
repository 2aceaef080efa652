import { roots } from '../probes/graph.ts'
import type { Probe } from '../probes/probe.ts'

/** Which of the failing probes only echo another failure: id → the failure it stands behind. */
export function mutedBy(probes: Probe[], failing: ReadonlySet<string>): ReadonlyMap<string, string> {
  const states = new Map([...failing].map((id) => [id, { result: 'fail' as const, fresh: true }]))
  return new Map([...roots(probes, states).muted].map(([id, [first = '']]) => [id, first]))
}
