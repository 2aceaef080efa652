import type { Document } from '../environment/schema.ts'
import type { Surroundings } from '../environment/surroundings.ts'
import { ground } from './derive/ground.ts'
import { whyNotProvable } from './not-provable.ts'
import type { Probe } from './probe.ts'

/** How much of an environment is proven, and what cannot be. */

export interface Coverage {
  /** Resources that something could prove. */
  provable: number
  /** Of these, the ones that something does. */
  covered: number
  /** Key → ids of the probes that are its evidence. */
  provenBy: Map<string, string[]>
  /** Provable, and no probe does: a hole in the derivation. */
  uncovered: string[]
  /** Assigned or made, and not to be proven from here. */
  notProvable: { key: string; why: string }[]
}

export function coverage(document: Document, surroundings: Surroundings, probes: Probe[]): Coverage {
  const on = ground(document, surroundings)
  const provenBy = evidence(probes)
  const judged = on.resources.map((resource) => ({ key: resource.key, why: whyNotProvable(on, resource) }))
  const provable = judged.filter(({ why }) => why === undefined)
  return {
    provable: provable.length,
    covered: provable.filter(({ key }) => provenBy.has(key)).length,
    provenBy,
    uncovered: provable.filter(({ key }) => !provenBy.has(key)).map(({ key }) => key),
    notProvable: judged.flatMap(({ key, why }) => (why === undefined ? [] : [{ key, why }])),
  }
}

/** Facts say how a thing is described; what is asked from outside is asked by hand. Neither is proof on time. */
function evidence(probes: Probe[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const { id, module, vantage, proves } of probes)
    if (module !== 'fact' && vantage === 'inside')
      for (const key of proves) found.set(key, [...(found.get(key) ?? []), id])
  return found
}
